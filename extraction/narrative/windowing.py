"""Passages cut into windows for the learned reader: the sentences that hold quantities, with what stands before them.

Sentences without quantities never reach it, but as what stands before.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from .quantities import Quantity

Span = tuple[int, int]

LONGEST = 300
"""So many characters of sentences a window holds at most; a longer sentence is cut at a clause mark."""
CONTEXT = 20
"""So many characters before them a window shows besides; a window over running text shows as many behind."""
_GAP = 30
_CLAUSE_END = re.compile(r"[;、:。!?\n]|,(?!\d)")


@dataclass(frozen=True, slots=True)
class Stretch:
    """``[start, end)`` of a text, of which ``[own, own_end)`` is judged and the rest is shown.

    ``quantities`` are the numbers of those in the part that is judged.
    """

    start: int
    own: int
    own_end: int
    end: int
    quantities: tuple[int, ...] = ()


def quantity_stretches(text: str, sentences: Sequence[Span], quantities: Sequence[Quantity]) -> list[Stretch]:
    """Return the stretches of ``text`` that hold the ``quantities``, which are in order, each in one of them."""
    spans = list(_merged(_pieces(text, sentences, quantities)))
    stretches: list[Stretch] = []
    place = 0
    for own, end in spans:
        first = place
        while place < len(quantities) and quantities[place].start < end:
            place += 1
        shown = max(0, own - CONTEXT)
        stretches.append(Stretch(shown, own, end, end, tuple(range(first, place))))
    return stretches


def running_stretches(text: str) -> list[Stretch]:
    """Return stretches that judge all of ``text``, cut behind clause marks where there are any."""
    return [
        Stretch(max(0, own - CONTEXT), own, end, min(len(text), end + CONTEXT))
        for own, end in _cut(text, 0, len(text), ())
    ]


def _pieces(text: str, sentences: Sequence[Span], quantities: Sequence[Quantity]) -> Iterator[Span]:
    """The pieces of sentences that hold quantities, without overlap."""
    starts = [quantity.start for quantity in quantities]
    behind = 0
    for sentence in sentences:
        # A quantity may reach over a line end into the next sentence.
        start, end = max(sentence[0], behind), sentence[1]
        inside = quantities[bisect_left(starts, start) : bisect_left(starts, end)]
        if inside:
            behind = max(end, inside[-1].end)
            for piece in _cut(text, start, behind, inside):
                if bisect_left(starts, piece[0]) < bisect_left(starts, piece[1]):
                    yield piece


def _cut(text: str, start: int, end: int, whole: Sequence[Quantity]) -> Iterator[Span]:
    """Pieces of ``text[start:end]`` no longer than a window, cut behind a clause mark if possible, through no quantity."""
    starts = [quantity.start for quantity in whole]
    while end - start > LONGEST:
        marks = [mark.end() for mark in _CLAUSE_END.finditer(text, start + LONGEST // 2, start + LONGEST)]
        cut = marks[-1] if marks else start + LONGEST
        place = bisect_left(starts, cut) - 1
        if place >= 0 and whole[place].end > cut:
            cut = starts[place] if starts[place] > start else whole[place].end
        yield start, cut
        start = cut
    if end > start:
        yield start, end


def _merged(pieces: Iterator[Span]) -> Iterator[Span]:
    """Pieces near each other put together as far as they fit into one window."""
    held: Span | None = None
    for start, end in pieces:
        if held and start - held[1] <= _GAP and end - held[0] <= LONGEST:
            held = held[0], end
            continue
        if held:
            yield held
        held = start, end
    if held:
        yield held
