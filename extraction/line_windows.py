"""The lines of a report as the learned reader sees them to tell their sections: shortened, many to a window."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..models.windows import Window

PREFIX = "分节:"
"""Tells the encoder what is asked."""
_HEAD, _TAIL = 44, 12
_LONGEST = 240
_BEFORE, _BEHIND = 2, 1


@dataclass(frozen=True, slots=True)
class LineWindow:
    """A window over shortened lines, of which those from number ``first`` on are judged, at ``spans`` of its text."""

    window: Window
    first: int
    spans: tuple[tuple[int, int], ...]


def line_windows(lines: Sequence[str]) -> Iterator[LineWindow]:
    """Yield windows in which each of the ``lines`` is judged once, with some lines before and behind shown."""
    short = [_shortened(line) for line in lines]
    first = 0
    while first < len(short):
        last, size = first, 0
        while last < len(short) and (last == first or size + len(short[last]) < _LONGEST):
            size += len(short[last]) + 1
            last += 1
        shown = short[max(0, first - _BEFORE) : last + _BEHIND]
        at = 0
        spans: list[tuple[int, int]] = []
        for number, line in enumerate(shown, max(0, first - _BEFORE)):
            if first <= number < last:
                spans.append((at, at + len(line)))
            at += len(line) + 1
        yield LineWindow(Window("\n".join(shown), PREFIX), first, tuple(spans))
        first = last


def _shortened(line: str) -> str:
    """The line's head and tail; a blank one keeps a character to be judged by."""
    line = line.replace("\t", " ")
    return (line if len(line) <= _HEAD + _TAIL + 1 else f"{line[:_HEAD]}…{line[-_TAIL:]}") or " "
