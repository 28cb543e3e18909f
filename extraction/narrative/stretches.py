"""The stretches of a report that are narrative."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ...annotations.section_spans import NOISE, TABLES, own_spans
from ..document import Document
from ..normalise import NormalText, normalised
from ..sections import Section

_SENTENCE_ENDS = "。;；｡"
# The label of a table's row.
_ROW = re.compile(r"\d{1,2}[.、]")


class Stretch(NamedTuple):
    """A section's body without its subsections: its label, its normalised form, and the text to be read in it.

    ``text`` is that of ``normal``, with all but the sentences blanked in the part of a table.
    """

    label: str
    normal: NormalText
    text: str


def narrative_stretches(document: Document, sections: Sequence[Section]) -> Iterator[Stretch]:
    """Yield the stretches of narrative, in order. Tables are left out, but not the sentences beside them.

    A report without sections is one stretch, labelled ``legacy``.
    """
    for label, start, end in _spans(document, sections):
        if label in TABLES and not _has_sentence(document.text, start, end):
            continue
        normal = normalised(document.text).stretch(start, end)
        yield Stretch(label, normal, _prose(normal.text) if label in TABLES else normal.text)


def _spans(document: Document, sections: Sequence[Section]) -> Iterator[tuple[str, int, int]]:
    if not sections:
        yield "legacy", 0, len(document.text)
    for section, start, end in own_spans(sections, lambda section: section.body):
        if section.label != NOISE:
            yield section.label, start, end


def _has_sentence(text: str, start: int, end: int) -> bool:
    return any(text.find(mark, start, end) >= 0 for mark in _SENTENCE_ENDS)


def _prose(text: str) -> str:
    """A table section's text with everything but its sentences blanked, offsets kept."""
    lines = text.split("\n")
    return "\n".join(line if _is_prose(line) else " " * len(line) for line in lines)


def _is_prose(line: str) -> bool:
    return (
        "\t" not in line and "|" not in line and line.rstrip().endswith(("。", ";")) and not _ROW.match(line)
    )
