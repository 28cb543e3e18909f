"""Logistic regression over bags of cues, saved as safetensors and JSON."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray
from safetensors import numpy as safetensors_numpy
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression

# Their type hints leave too much unknown, or know no functions as analyzers.
_safetensors: Any = safetensors_numpy
_CountVectorizer: Any = CountVectorizer

_RAREST = 3
"""A cue seen with fewer examples is left out."""
_MOST = 80_000
"""So many of the most frequent cues are kept."""


@dataclass(frozen=True, slots=True)
class CueModel:
    """A classifier of examples by their cues; ``vectorizer`` and ``model`` are scikit-learn's."""

    vectorizer: Any
    model: Any

    @property
    def labels(self) -> list[str]:
        """The labels, in the order of the columns of `probabilities`."""
        return [str(label) for label in self.model.classes_]

    def probabilities(self, examples: Sequence[Sequence[str]]) -> NDArray[np.float64]:
        """Return ``[examples, labels]`` probabilities."""
        if not examples:
            return np.zeros((0, len(self.labels)))
        return self.model.predict_proba(self.vectorizer.transform(examples))

    def save(self, folder: Path, name: str) -> None:
        """Write ``name.safetensors`` and ``name.json`` into ``folder``."""
        _safetensors.save_file(
            {"coefficients": self.model.coef_, "intercepts": self.model.intercept_},
            folder / f"{name}.safetensors",
        )
        cues = sorted(self.vectorizer.vocabulary_, key=self.vectorizer.vocabulary_.get)
        (folder / f"{name}.json").write_bytes(orjson.dumps({"labels": self.labels, "cues": cues}))


def learn_model(examples: Sequence[Sequence[str]], labels: Sequence[str], seed: int) -> CueModel:
    """Return the model fitted to ``examples`` with their ``labels``.

    Raises `ValueError` where there are fewer than two different labels.
    """
    if len(set(labels)) < 2:
        raise ValueError(
            "there is nothing to tell apart: the training texts need facts and numbers that are none"
        )
    rarest = _RAREST if len(examples) > 1000 else 1
    vectorizer: Any = _CountVectorizer(analyzer=_as_is, binary=True, min_df=rarest, max_features=_MOST)
    model: Any = LogisticRegression(C=1.0, max_iter=200, tol=1e-4, random_state=seed)
    model.fit(vectorizer.fit_transform(examples).astype(np.float32), list(labels))
    # safetensors writes memory as it lies, so the rows must lie one after the other.
    model.coef_ = np.ascontiguousarray(model.coef_, dtype=np.float32)
    model.intercept_ = model.intercept_.astype(np.float32)
    return CueModel(vectorizer, model)


def load_model(folder: Path, name: str) -> CueModel:
    """Return the model that was saved as ``name`` into ``folder``."""
    weights, known = (
        _safetensors.load_file(folder / f"{name}.safetensors"),
        orjson.loads((folder / f"{name}.json").read_bytes()),
    )
    vectorizer: Any = _CountVectorizer(analyzer=_as_is, binary=True, vocabulary=known["cues"])
    model: Any = LogisticRegression()
    model.classes_ = np.array(known["labels"])
    model.coef_, model.intercept_ = weights["coefficients"], weights["intercepts"]
    return CueModel(vectorizer, model)


def _as_is(cues: Sequence[str]) -> Sequence[str]:
    return cues
