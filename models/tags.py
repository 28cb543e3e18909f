"""BMES tags: one number a character, and the best legal sequence of them.

Tag 0 is outside; label ``n`` has ``1 + 4 n`` (begin), ``+1`` (middle), ``+2`` (end) and ``+3`` (single).
"""

from collections.abc import Iterable, Sequence

import numpy as np

from .windows import Array, Span

OUTSIDE = 0
_BEGIN, _MIDDLE, _END, _SINGLE = range(4)


def tag_count(labels: int) -> int:
    """Return how many tags there are for so many labels."""
    return 1 + 4 * labels


def tags_of(spans: Iterable[tuple[int, int, int]], length: int) -> list[int]:
    """Return the tags of ``length`` characters with ``(start, end, label)`` spans, which must not overlap."""
    tags = [OUTSIDE] * length
    for start, end, label in spans:
        first = 1 + 4 * label
        tags[start:end] = [first + _MIDDLE] * (end - start)
        tags[start], tags[end - 1] = first + _BEGIN, first + _END
        if end - start == 1:
            tags[start] = first + _SINGLE
    return tags


def best_spans(scores: Array) -> list[Span]:
    """Return the spans of the best legal tagging of ``[length, tags]`` log-probabilities (Viterbi).

    A span's probability is the geometric mean of its characters'.
    """
    if not len(scores):
        return []
    tags: list[int] = scores.argmax(-1).tolist()
    if not _is_legal(tags):
        tags = _best_path(scores)
    spans: list[Span] = []
    start = 0
    for place, tag in enumerate(tags):
        kind = (tag - 1) % 4
        if tag == OUTSIDE:
            continue
        if kind in (_BEGIN, _SINGLE):
            start = place
        if kind in (_END, _SINGLE):
            sure = np.mean([scores[at, tags[at]] for at in range(start, place + 1)])
            spans.append(Span(start, place + 1, (tag - 1) // 4, float(np.exp(sure))))
    return spans


def _is_legal(tags: Sequence[int]) -> bool:
    """Whether the likeliest tag of each character makes a legal tagging, as it mostly does."""
    opened: int | None = None
    for tag in tags:
        label, kind = divmod(tag - 1, 4)
        goes_on = tag != OUTSIDE and kind in (_MIDDLE, _END)
        if opened != (label if goes_on else None):
            return False
        opened = label if tag != OUTSIDE and kind in (_BEGIN, _MIDDLE) else None
    return opened is None


def _best_path(scores: Array) -> list[int]:
    """The best way through closed prefixes: each goes on by a character of its own or by a whole span (a semi-Markov chain)."""
    labels = np.ascontiguousarray(scores[:, 1:].reshape(len(scores), -1, 4).transpose(2, 0, 1), np.float64)
    begin, middle, end, single = labels
    alone_tags = np.where(
        scores[:, OUTSIDE] >= single.max(-1), OUTSIDE, 1 + 4 * single.argmax(-1) + _SINGLE
    ).tolist()
    closed = 0.0
    opened = np.full(begin.shape[1], -np.inf)
    starts = np.zeros(begin.shape[1], np.int64)
    came: list[tuple[int, int]] = []  # for each prefix where its last span begins and its label, -1 for none
    for place, tag in enumerate(alone_tags):
        ending = opened + end[place]
        label = int(ending.argmax())
        alone, whole = closed + float(scores[place, tag]), float(ending[label])
        came.append((int(starts[label]), label) if whole > alone else (place, -1))
        going_on, begun = opened + middle[place], closed + begin[place]
        starts = np.where(begun > going_on, place, starts)
        opened = np.maximum(going_on, begun)
        closed = max(alone, whole)
    tags: list[int] = alone_tags
    behind = len(tags)
    while behind:
        start, label = came[behind - 1]
        if label >= 0:
            first = 1 + 4 * label
            tags[start:behind] = [first + _BEGIN, *[first + _MIDDLE] * (behind - start - 2), first + _END]
        behind = start
    return tags
