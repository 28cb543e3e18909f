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
Encoder = Callable[[Ints, Ints, Ints], Array]
"""Takes numbers of characters, attention and word boundaries ``[windows, length]``; gives states ``[…, width]``."""

_LARGEST_BATCH = 1024
"""In characters, padding included: larger ones take memory and are no faster."""
_MOST_PADDING = 1.2
"""How much longer than the shortest window of a batch the longest may be."""


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

        Windows of like length are encoded together. None may be longer than the encoder's positions.
        """
        found: list[Array] = [np.zeros((0, 0), np.float32)] * len(windows)
        rows = [self._numbers(window) for window in windows]
        for batch in _batches([len(row) for row in rows]):
            length = max(len(rows[n]) for n in batch)
            ids = np.full((len(batch), length), self.vocabulary.pad, np.int64)
            attention, boundaries = np.zeros_like(ids), np.zeros_like(ids)
            for place, n in enumerate(batch):
                ids[place, : len(rows[n])] = rows[n]
                attention[place, : len(rows[n])] = 1
                if self.words:
                    last = len(rows[n]) - 1
                    text = windows[n].text
                    boundaries[place, last - len(text) : last] = word_boundaries(text)
            states = self.encode(ids, attention, boundaries)
            for place, n in enumerate(batch):
                last = len(rows[n]) - 1
                found[n] = states[place, last - len(windows[n].text) : last]
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


def _batches(lengths: Sequence[int]) -> list[list[int]]:
    """Numbers of rows of like length, put together as long as they stay small and have little padding."""
    batches: list[list[int]] = []
    for n in sorted(range(len(lengths)), key=lambda n: lengths[n]):
        last = batches[-1] if batches else []
        fits = last and lengths[n] * (len(last) + 1) <= _LARGEST_BATCH
        if fits and lengths[n] <= _MOST_PADDING * lengths[last[0]]:
            last.append(n)
        else:
            batches.append([n])
    return batches
