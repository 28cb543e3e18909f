"""Which words name a fact's channel."""

from bisect import bisect_left
from collections.abc import Sequence
from typing import Protocol

BEFORE = 200
"""So many characters before a figure its channel may be named."""
BEHIND = 60
"""So many behind it."""


class Mention(Protocol):
    """The words that name a channel."""

    @property
    def channel(self) -> str: ...
    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...


def nearest_mention(start: int, end: int, channel: str | None, mentions: Sequence[Mention]) -> int | None:
    """Return the index of the mention that names the ``channel`` of a figure at ``[start, end)``.

    ``mentions`` are in order of their start. The last one of that channel before the figure, else the first one behind
    it, both within reach; None where there is none, as for a channel that sums up several (`multiple`).
    """
    place = bisect_left(mentions, start, key=_start)
    for index in range(place - 1, -1, -1):
        mention = mentions[index]
        if mention.start < start - BEFORE:
            break
        if mention.channel == channel and mention.end <= start:
            return index
    for index in range(place, len(mentions)):
        mention = mentions[index]
        if mention.start > end + BEHIND:
            break
        if mention.channel == channel and mention.start >= end:
            return index
    return None


def _start(mention: Mention) -> int:
    return mention.start
