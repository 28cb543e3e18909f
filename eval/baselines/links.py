"""Which channel mention a figure is linked to: a plain rule over mentions in order."""

import re
from collections.abc import Mapping, Sequence
from typing import Literal

from ...annotations.links import Mention
from .narrative import Span

Reach = Literal["none", "sentence", "sentence before"]
"""How far a metric's figures look for their channel."""

_BETWEEN = re.compile(r"[、,和及与跟]|以及")
_EACH = re.compile(r"各|均")


def linked_mention(
    text: str, quantity: Span, mentions: Sequence[Mention], sentences: Sequence[Span], reach: Reach
) -> int | None:
    """Return the index of the mention that a figure is linked to, None where there is none within ``reach``.

    The last one before it in its sentence, else the first one in a bracket right behind it, else the last one of the
    sentence before. ``mentions`` and ``sentences`` are in order.
    """
    if reach == "none":
        return None
    place = max((i for i, span in enumerate(sentences) if span[0] <= quantity[0]), default=0)
    earliest = sentences[place][0]
    before = [i for i, mention in enumerate(mentions) if mention.end <= quantity[0]]
    if before and mentions[before[-1]].start >= earliest:
        return before[-1]
    behind = _in_bracket(text, quantity[1], mentions)
    if behind is not None or reach == "sentence" or not before or not place:
        return behind
    return before[-1] if mentions[before[-1]].start >= sentences[place - 1][0] else None


def named_channels(
    text: str, quantity: Span, link: int, mentions: Sequence[Mention], sums: Mapping[str, str]
) -> list[tuple[str, int | None]]:
    """Return the channels of a figure linked to ``mentions[link]``, with the index of the mention that names each.

    Of a list of channels every one counts where a word makes the figure each one's (微博、微信各发布136条); else the
    list's channel in ``sums``, by its `list_key`, which no single mention names; else the one linked to.
    """
    listed = _listed_with(text, link, mentions)
    if _EACH.search(text, mentions[link].end, quantity[0]):
        return [(mentions[i].channel, i) for i in listed]
    total = sums.get(list_key(text, link, mentions))
    return [(total, None)] if total else [(mentions[link].channel, link)]


def list_key(text: str, link: int, mentions: Sequence[Mention]) -> str:
    """Return the different channels listed together up to a mention (``douyin+kuaishou``)."""
    return "+".join(sorted({mentions[i].channel for i in _listed_with(text, link, mentions)}))


def _listed_with(text: str, mention: int, mentions: Sequence[Mention]) -> list[int]:
    """The indices of the mentions that are listed together up to ``mention``, itself last."""
    listed = [mention]
    while listed[0]:
        gap = text[mentions[listed[0] - 1].end : mentions[listed[0]].start]
        if gap and not _BETWEEN.fullmatch(gap):
            break
        listed.insert(0, listed[0] - 1)
    return listed


def _in_bracket(text: str, end: int, mentions: Sequence[Mention]) -> int | None:
    """The first mention in the bracket that opens at ``end``."""
    if not text.startswith("(", end):
        return None
    close = text.find(")", end)
    return next(
        (i for i, mention in enumerate(mentions) if end < mention.start and mention.end <= close), None
    )
