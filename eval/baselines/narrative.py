"""What the readers read of a text: its stretches of narrative in normalised form, cut into chunks."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ...annotations.labelled import LabelledText
from ...annotations.passages import narrative_spans
from ...extraction.narrative.quantities import Quantity, find_quantities
from ...extraction.narrative.sentences import sentences
from ...extraction.normalise import NormalText, normalised

LONGEST_CHUNK = 250
"""In characters; a longer sentence is cut at a clause mark."""

Span = tuple[int, int]

_CLAUSE_END = re.compile(r"[;、:]|,(?!\d)")


@dataclass(frozen=True, slots=True)
class Stretch:
    """A section's text without its subsections; all offsets lie in ``normal.text``.

    ``sentences``, ``quantities`` and ``chunks`` are in order; a chunk is a sentence or a piece of a long one.
    """

    label: str
    normal: NormalText
    sentences: tuple[Span, ...]
    chunks: tuple[Span, ...]
    quantities: tuple[Quantity, ...]


def read_narrative(text: LabelledText) -> tuple[Stretch, ...]:
    """Return the stretches of ``text`` that may tell facts, in order; tables and noise are left out.

    A text without sections is read as one stretch, one whose text is not given has none.
    """
    printed = text.text or ""
    whole = normalised(printed)
    stretches: list[Stretch] = []
    for label, start, end in narrative_spans(text):
        normal = whole.stretch(start, end)
        spans = sentences(normal.text)
        if spans:
            chunks = tuple(_pieces(normal.text, spans))
            stretches.append(Stretch(label, normal, spans, chunks, find_quantities(normal.text)))
    return tuple(stretches)


def _pieces(text: str, spans: Sequence[Span]) -> Iterator[Span]:
    """The sentences, those that are too long in pieces."""
    for start, end in spans:
        at = start
        while end - at > LONGEST_CHUNK:
            marks = [mark.end() for mark in _CLAUSE_END.finditer(text, at, at + LONGEST_CHUNK)]
            cut = marks[-1] if marks else at + LONGEST_CHUNK
            yield at, cut
            at = cut
        yield at, end
