"""Sentences of a normalised text."""

import re
from collections.abc import Iterator

# A title or a short quotation may hold marks that end no sentence ("怎么办!"); a longer one holds sentences.
_LONGEST_QUOTED_NAME = 40
_TITLE = r"《[^《》\n]{0,120}》"
_END = r"[。!?]++[\"')\]》]*+"
_MARKS = re.compile(rf"{_TITLE}|(?P<end>{_END})")
# Where quotations are told apart, a mark behind the end of a sentence opens the next one.
_MARKS_AND_QUOTES = re.compile(rf"{_TITLE}|(?P<quote>\"[^\"\n]*+\")|(?P<end>[。!?]++[')\]》]*+)")
_INNER_END = re.compile(_END)
_GOES_ON = tuple(",、;:的等之)")


def sentences(text: str) -> tuple[tuple[int, int], ...]:
    """Return the spans of the sentences of a normalised ``text``, in order.

    A sentence ends after ``。!?`` with the closing marks that follow, and at a line end. The spans are free of
    surrounding blanks and cover every other character.
    """
    spans: list[tuple[int, int]] = []
    start = 0
    for line in text.split("\n"):
        last = 0
        for end in (*_ends(line), len(line)):
            piece = line[last:end]
            bare = piece.strip()
            if bare:
                at = start + last + piece.index(bare[0])
                spans.append((at, at + len(bare)))
            last = end
        start += len(line) + 1
    return tuple(spans)


def _ends(line: str) -> Iterator[int]:
    """The places inside ``line`` after which a new sentence begins."""
    # An odd quotation mark turns inside and outside around, so only pairs are trusted.
    paired = line.count('"') % 2 == 0
    for mark in (_MARKS_AND_QUOTES if paired else _MARKS).finditer(line):
        if mark.lastgroup == "end":
            yield mark.end()
        elif mark.lastgroup == "quote":
            yield from _ends_of_quotation(line, *mark.span())


def _ends_of_quotation(line: str, start: int, end: int) -> Iterator[int]:
    """The sentence ends within the quotation ``line[start:end]`` or right at its close."""
    if end - start > _LONGEST_QUOTED_NAME:
        for mark in _INNER_END.finditer(line, start, end - 1):
            if mark.end() < end - 1:
                yield mark.end()
    if line[end - 2] == "。" and not line.startswith(_GOES_ON, end):
        yield end
