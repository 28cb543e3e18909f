"""BMES tags: one number a character, and the best legal sequence of them.

Tag 0 is outside; label ``n`` has ``1 + 4 n`` (begin), ``+1`` (middle), ``+2`` (end) and ``+3`` (single).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from .windows import Array, Span

Ints = NDArray[np.int64]

OUTSIDE = 0
_BEGIN, _MIDDLE, _END, _SINGLE = range(4)
_NEVER = -1e4


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
    if not _is_legal(tags, scores.shape[1]):
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


def _is_legal(tags: list[int], count: int) -> bool:
    """Whether the likeliest tag of each character makes a legal tagging, as it mostly does."""
    legal = _legal(count)
    here: Ints = np.array(tags)
    before: Ints = np.array([OUTSIDE, *tags[:-1]])
    inside: NDArray[np.bool_] = (legal.begin[here] >= 0) | (legal.middle[here] >= 0)
    goes_on: NDArray[np.bool_] = (before == legal.begin[here]) | (before == legal.middle[here])
    closed: NDArray[np.bool_] = legal.ends == 0
    return bool(np.where(inside, goes_on, closed[before]).all() and closed[tags[-1]])


def _best_path(scores: Array) -> list[int]:
    legal = _legal(scores.shape[1])
    best: Array = scores[0] + legal.starts
    back: list[Ints] = []
    for row in scores[1:]:
        # Before a tag inside a span stands the tag that goes on to it; before any other, the best that closes.
        closing: Array = best + legal.ends
        closed = int(closing.argmax())
        from_begin: Array = np.where(legal.begin >= 0, best[legal.begin], closing[closed])
        from_middle: Array = np.where(legal.middle >= 0, best[legal.middle], np.float32(_NEVER))
        back.append(
            np.where(from_middle > from_begin, legal.middle, np.where(legal.begin >= 0, legal.begin, closed))
        )
        best = np.maximum(from_begin, from_middle) + row
    tag = int((best + legal.ends).argmax())
    path = [tag]
    for pointers in reversed(back):
        tag = int(pointers[tag])
        path.append(tag)
    return path[::-1]


@dataclass(frozen=True, slots=True)
class _Legal:
    """What may stand first and last, and for each tag inside a span the begin and the middle it may follow, else -1."""

    starts: Array
    ends: Array
    begin: Ints
    middle: Ints


@cache
def _legal(count: int) -> _Legal:
    numbers = np.arange(count)
    kinds = np.where(numbers == OUTSIDE, _SINGLE, (numbers - 1) % 4)
    never = np.float32(_NEVER)
    return _Legal(
        starts=np.where((kinds == _BEGIN) | (kinds == _SINGLE), np.float32(0), never),
        ends=np.where((kinds == _END) | (kinds == _SINGLE), np.float32(0), never),
        begin=np.where(kinds == _MIDDLE, numbers - 1, np.where(kinds == _END, numbers - 2, -1)),
        middle=np.where(kinds == _MIDDLE, numbers, np.where(kinds == _END, numbers - 1, -1)),
    )
