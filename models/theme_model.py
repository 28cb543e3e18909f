"""Themes of problems and improvements: a linear model over the n-grams of their characters.

There are some four thousand labelled statements, too few for the network: on statements it never saw the linear model
judges better than the network, the rules, or pools of them (eval/RESULTS.md).
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .windows import Array

LONGEST_GRAM = 3


@dataclass(frozen=True, slots=True, eq=False)
class ThemeModel:
    """``grams`` are the rows of ``idf`` ``[grams]`` and ``weights`` ``[grams, themes]``; ``bias`` is ``[themes]``."""

    grams: Mapping[str, int]
    idf: Array
    weights: Array
    bias: Array

    def chances(self, texts: Sequence[str]) -> Array:
        """Return the probabilities ``[texts, themes]`` of each statement's themes, which do not exclude each other."""
        rows = [self._scores(text) for text in texts]
        scores = np.stack(rows) if rows else np.zeros((0, len(self.bias)), np.float32)
        return 1 / (1 + np.exp(-scores))

    def _scores(self, text: str) -> Array:
        """The weighted sum of a statement's n-grams, by tf-idf with sublinear tf, of length 1."""
        counted = Counter(row for gram in grams_of(text) if (row := self.grams.get(gram)) is not None)
        if not counted:
            return self.bias
        rows = list(counted)
        values = (1 + np.log(np.array(list(counted.values()), np.float32))) * self.idf[rows]
        return values / np.linalg.norm(values) @ self.weights[rows] + self.bias


def grams_of(text: str) -> list[str]:
    """Return the n-grams of a statement's characters, white space left out."""
    plain = "".join(text.split())
    return [plain[at : at + n] for n in range(1, LONGEST_GRAM + 1) for at in range(len(plain) - n + 1)]


def tensors_of(model: ThemeModel) -> dict[str, NDArray[np.generic]]:
    """Return the model as arrays: the n-grams as UTF-8 bytes, a line each, in the order of the rows."""
    ordered = sorted(model.grams, key=lambda gram: model.grams[gram])
    return {
        "grams": np.frombuffer("\n".join(ordered).encode(), np.uint8),
        "idf": model.idf.astype(np.float16),
        "weights": model.weights.astype(np.float16),
        "bias": model.bias.astype(np.float32),
    }


def theme_model_of(tensors: Mapping[str, NDArray[np.generic]]) -> ThemeModel:
    """Return the model that `tensors_of` gave."""
    printed = tensors["grams"].tobytes().decode()
    grams = printed.split("\n") if printed else []
    return ThemeModel(
        {gram: row for row, gram in enumerate(grams)},
        tensors["idf"].astype(np.float32),
        tensors["weights"].astype(np.float32),
        tensors["bias"].astype(np.float32),
    )
