"""The learned reader: an encoder and its heads, however the encoder is run."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from . import heads
from .boundaries import word_boundaries
from .decoding import Decoding
from .labels import FIELDS, Labels
from .tags import best_spans
from .theme_model import ThemeModel
from .vocabulary import Vocabulary
from .windows import Array, Candidate, QuantityReading, Span, Window

Ints = NDArray[np.int64]
Encoder = Callable[[Ints, Ints], Array]
"""Takes the numbers of a window's characters and its word boundaries ``[length]``; gives states ``[length, width]``."""


@dataclass(frozen=True, slots=True)
class Reader:
    """What was learned.

    ``weights`` are those of the heads by name. ``words`` tells whether the encoder takes word boundaries. ``themes`` is
    None for one that is to read no statements.
    """

    labels: Labels
    vocabulary: Vocabulary
    weights: Mapping[str, Array]
    encode: Encoder
    decoding: Decoding
    words: bool = False
    themes: ThemeModel | None = None

    def states(self, windows: Sequence[Window]) -> list[Array]:
        """Return the states ``[length, width]`` of the characters of each window's text.

        Windows are encoded one by one: batches of them are no faster on a CPU, need padding, and make the rounding of
        the 8-bit encoder depend on what else a report says. None may be longer than the encoder's positions.
        """
        found: list[Array] = []
        for window in windows:
            ids = np.array(self._numbers(window), np.int64)
            last = len(ids) - 1
            own = slice(last - len(window.text), last)
            boundaries = np.zeros_like(ids)
            if self.words:
                boundaries[own] = word_boundaries(window.text)
            found.append(self.encode(ids, boundaries)[own])
        return found

    def mentions(self, states: Array, hints: Sequence[int] | None) -> list[Span]:
        """Return the spans that the mention tagger finds in a window."""
        return best_spans(heads.mention_scores(self.weights, states, hints))

    def statement_scores(self, states: Array, hints: Sequence[int] | None) -> Array:
        """Return ``[length, tags]`` log-probabilities of problems and improvements."""
        return heads.statement_scores(self.weights, states, hints)

    def quantities(
        self, states: Array, candidates: Sequence[Candidate], mentions: Sequence[Span]
    ) -> QuantityReading:
        """Return what each candidate of a window counts, and on which of the channels mentioned there."""
        facts = (
            len(self.labels.metrics),
            len(self.labels.channels),
            *(len(self.labels.of(f)) for f in FIELDS),
        )
        scores = heads.fact_scores(
            self.weights,
            states,
            [(c.start, c.end) for c in candidates],
            [c.hint for c in candidates],
            [(m.start, m.end, m.label + 1) for m in mentions],
            facts,
        )
        names = ("metric", "channel", *FIELDS)
        for place, name in enumerate(names):
            scores[place] = scores[place] / self.decoding.temperatures[name]
            for row, candidate in enumerate(candidates):
                if candidate.hint[place] >= 0:
                    scores[place][row, candidate.hint[place]] += self.decoding.trust[name]
        metric, channel, *others = (np.exp(heads.log_softmax(score)) for score in scores)
        return QuantityReading(metric, channel, dict(zip(FIELDS, others, strict=True)))

    def items(
        self, states: Array, spans: Sequence[tuple[int, int]], ruled: Sequence[Sequence[int]] | None
    ) -> tuple[Array, Array]:
        """Return the probabilities of each statement's themes ``[spans, themes]`` and of its being done ``[spans]``.

        ``ruled`` are the themes that the rules gave each, None where they are not asked. The network learns themes
        beside its other tasks only; `themes` judges them better.
        """
        scores = heads.item_scores(self.weights, states, spans, ruled)
        chances = 1 / (1 + np.exp(-scores))
        return chances[:, :-1], chances[:, -1]

    def lines(self, states: Array, spans: Sequence[tuple[int, int]]) -> Array:
        """Return the log-probabilities of each line's section ``[spans, sections]``."""
        return heads.line_scores(self.weights, states, spans)

    def _numbers(self, window: Window) -> list[int]:
        known = self.vocabulary
        return [
            known.begin,
            *known.encode(window.prefix),
            known.end,
            *known.encode(window.text),
            known.end,
        ]
