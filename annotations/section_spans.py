"""What of a text belongs to a section itself: its span without the sections inside it."""

from collections.abc import Callable, Iterator, Sequence
from typing import Protocol, TypeVar


class Sectioned(Protocol):
    """A labelled stretch of text that may hold others."""

    @property
    def label(self) -> str: ...
    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...


S = TypeVar("S", bound=Sectioned)

TABLES = frozenset({"disclosure_table", "applications_table", "proceedings_table"})
NOISE = "noise"
"""Labels of the sections that are no narrative."""


def own_spans(sections: Sequence[S], begin: Callable[[S], int]) -> Iterator[tuple[S, int, int]]:
    """Yield each section with the start and end of every stretch that is its own, in the order of the text.

    ``begin`` tells where a section's text begins: at its heading, or behind it.
    """
    ordered = sorted(sections, key=lambda s: (s.start, -s.end))
    for place, section in enumerate(ordered):
        at = begin(section)
        for index in range(place + 1, len(ordered)):
            inner = ordered[index]
            if inner.start >= section.end:
                break
            if inner.start > at:
                yield section, at, inner.start
            at = max(at, inner.end)
        if at < section.end:
            yield section, at, section.end
