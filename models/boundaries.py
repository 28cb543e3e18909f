"""Word boundaries of jieba as numbers of characters."""

from functools import cache
from typing import Any

UNTOLD = 0
_BEGIN, _MIDDLE, _END, _SINGLE = 1, 2, 3, 4
BOUNDARIES = 5
"""How many numbers there are."""


def word_boundaries(text: str) -> tuple[int, ...]:
    """Return for each character whether a word begins, goes on or ends with it, or is just it."""
    numbers: list[int] = []
    for word in _segmenter().cut(text, HMM=False):
        length = len(word)
        numbers += [_SINGLE] if length == 1 else [_BEGIN, *[_MIDDLE] * (length - 2), _END]
    return tuple(numbers)


@cache
def _segmenter() -> Any:  # noqa: ANN401  # jieba has no types
    import jieba  # noqa: PLC0415  # heavy, and an extra

    segmenter: Any = jieba
    segmenter.setLogLevel(60)
    return segmenter
