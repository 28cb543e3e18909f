"""Cues of the cue-bag baseline: what stands around a quantity, and between a quantity and a channel mention."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence

from ...annotations.links import Mention
from .narrative import Span, Stretch

_LEFT, _RIGHT = 40, 15
"""Characters read before and behind a quantity, within its sentence."""
_BUCKETS = (2, 5, 10, 18)
"""Distances up to which cues count as equally near."""
_LONGEST_GRAM = 4
_LONGEST_GAP = 8
_WORD = re.compile(r"[^\W\d_]{2,10}")
_DIGIT = re.compile(r"\d")


def quantity_cues(stretch: Stretch, place: int) -> list[str]:
    """Return the cues of what the quantity with the index ``place`` counts."""
    text, quantity = stretch.normal.text, stretch.quantities[place]
    start, end = stretch.sentences[sentence_at(stretch, quantity.start)]
    left = _plain(text[max(start, quantity.start - _LEFT) : quantity.start])
    right = _plain(text[quantity.end : max(quantity.end, min(end, quantity.end + _RIGHT))])
    inside = _plain(text[quantity.start : quantity.end])
    return [
        f"unit {quantity.unit}",
        f"kind {quantity.kind}",
        f"inside {inside}",
        f"section {stretch.label}",
        f"unit and section {quantity.unit} {stretch.label}",
        *(f"before {left[-n:]}" for n in range(1, 7)),
        *(f"before and unit {left[-n:]} {quantity.unit}" for n in (1, 2, 4)),
        *(f"word {word.group()}" for word in _WORD.finditer(left)),
        *_grams("left", left[::-1]),
        *_grams("right", right),
    ]


def link_cues(
    stretch: Stretch, place: int, metric: str, mention: int, mentions: Sequence[Mention]
) -> list[str]:
    """Return the cues of whether ``mentions[mention]`` names the channel of a quantity that counts ``metric``."""
    quantity, named = stretch.quantities[place], mentions[mention]
    behind = named.start >= quantity.end
    gap_start, gap_end = (quantity.end, named.start) if behind else (named.end, quantity.start)
    gap = _plain(stretch.normal.text[gap_start:gap_end])
    between = sum(gap_start <= other.start < gap_end for other in mentions)
    quantities = sum(gap_start <= other.start < gap_end for other in stretch.quantities)
    sentences = sentence_at(stretch, quantity.start) - sentence_at(stretch, named.start)
    side = "behind" if behind else "before"
    return [
        f"{side} {sentences} sentences {min(between, 3)} mentions",
        f"{side} {min(quantities, 4)} quantities {sentences} sentences",
        f"{side} {_bucket(len(gap))}",
        f"{side} {sentences} {metric}",
        f"{side} {min(between, 2)} {metric} {named.channel}",
        f"{metric} {named.channel}",
        f"{named.channel} {quantity.unit}",
        *(f"{side} mark {mark}" for mark in sorted({*gap} & {*";,、:(\n"})),
        *(f"{side} gap {gap[i : i + 2]}" for i in range(len(gap) - 1)),
        *([f"{side} whole gap {gap}"] if len(gap) <= _LONGEST_GAP else []),
    ]


def sentence_at(stretch: Stretch, place: int) -> int:
    """Return the index of the sentence in which ``place`` lies."""
    return max(0, bisect_right(stretch.sentences, (place, len(stretch.normal.text))) - 1)


def reachable(stretch: Stretch, place: int, mentions: Sequence[Mention]) -> list[int]:
    """Return the indices of the mentions that may name a quantity's channel.

    They lie in its sentence or the one before, none overlaps it.
    """
    quantity = stretch.quantities[place]
    here = sentence_at(stretch, quantity.start)
    start, end = stretch.sentences[max(0, here - 1)][0], stretch.sentences[here][1]
    return [
        i
        for i, mention in enumerate(mentions)
        if start <= mention.start
        and mention.end <= end
        and not _overlap(mention, (quantity.start, quantity.end))
    ]


def _overlap(mention: Mention, span: Span) -> bool:
    return mention.start < span[1] and span[0] < mention.end


def _grams(side: str, outwards: str) -> Iterator[str]:
    """Character n-grams of the text on one side, read outwards from the quantity, with their distance."""
    for length in range(1, _LONGEST_GRAM + 1):
        for at in range(len(outwards) - length + 1):
            yield f"{side} {_bucket(at)} {outwards[at : at + length]}"


def _bucket(distance: int) -> int:
    return bisect_right(_BUCKETS, distance)


def _plain(text: str) -> str:
    """The text with all digits alike."""
    return _DIGIT.sub("0", text)
