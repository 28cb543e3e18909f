"""Facts and channel mentions as labelled spans of a stretch, the form that taggers learn from and give back."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from ...annotations.labelled import LabelledChannel, LabelledText
from ...annotations.matching import Score
from .narrative import Span, Stretch, read_narrative

_CHANNEL = "channel:"
_AND = "+"


@dataclass(frozen=True, slots=True, order=True)
class Mark:
    """A span with a metric's code or ``channel:CODE``; several metrics of one span may be joined by ``+``."""

    start: int
    end: int
    label: str

    @property
    def channel(self) -> str | None:
        """The channel's code, None where the mark is a fact."""
        return self.label.removeprefix(_CHANNEL) if self.label.startswith(_CHANNEL) else None

    @property
    def kind(self) -> Literal["fact", "channel"]:
        """What the mark marks."""
        return "channel" if self.channel else "fact"

    @property
    def metrics(self) -> tuple[str, ...]:
        """The codes of the metrics, none where the mark is a channel's."""
        return () if self.channel else tuple(self.label.split(_AND))


@dataclass(frozen=True, slots=True)
class Chunk:
    """A chunk's text and the marks in it, by their place in the chunk."""

    text: str
    marks: tuple[Mark, ...]


def chunk_texts(stretch: Stretch) -> list[str]:
    """Return the texts of a stretch's chunks."""
    return [stretch.normal.text[start:end] for start, end in stretch.chunks]


def span_in(stretch: Stretch, start: int, end: int) -> Span | None:
    """Return where the source's ``[start, end)`` lies in the stretch, None where it lies outside."""
    normal = stretch.normal
    first, last = normal.index_at(start), normal.index_at(end)
    inside = first < last and normal.source_span(first, last) == (start, end)
    return (first, last) if inside else None


def labelled_marks(text: LabelledText, stretch: Stretch) -> list[Mark]:
    """Return the marks of ``text`` in ``stretch``, by their place in it; uncertain facts count like others."""
    marks = {
        Mark(*span, label)
        for start, end, label in (
            *((fact.start, fact.end, fact.metric) for fact in text.facts),
            *((mention.start, mention.end, _CHANNEL + mention.channel) for mention in text.channels),
        )
        if (span := span_in(stretch, start, end))
    }
    return sorted(marks)


def mentions_among(marks: Iterable[Mark]) -> list[LabelledChannel]:
    """Return the channel mentions among ``marks``, in order."""
    return [
        LabelledChannel(channel=mark.channel, start=mark.start, end=mark.end)
        for mark in sorted(marks)
        if mark.channel
    ]


def labelled_chunks(texts: Iterable[LabelledText]) -> list[Chunk]:
    """Return the chunks of ``texts`` with their marks; a mark that crosses the end of a chunk is left out.

    Marks do not overlap: several metrics of one span are joined, of others that overlap the longest stays.
    """
    chunks: list[Chunk] = []
    for text in texts:
        for stretch in read_narrative(text):
            marks = without_overlaps(_joined(labelled_marks(text, stretch)))
            chunks += [Chunk(stretch.normal.text[a:b], _within(marks, a, b)) for a, b in stretch.chunks]
    return chunks


def shifted(mark: Mark, by: int) -> Mark:
    """Return ``mark`` with its place moved."""
    return replace(mark, start=mark.start + by, end=mark.end + by)


def marks_f1(gold: Sequence[Iterable[Mark]], predicted: Sequence[Iterable[Mark]]) -> float:
    """Return the F1 of exact spans with their labels, which training watches to stop in time."""
    total = Score()
    for want, have in zip(gold, predicted, strict=True):
        wanted, had = set(want), set(have)
        total += Score(len(wanted & had), len(had - wanted), len(wanted - had))
    return total.f1


def without_overlaps(marks: Iterable[Mark]) -> list[Mark]:
    """Return the marks that share no character with a longer one, or with an earlier one as long."""
    kept: list[Mark] = []
    taken: set[int] = set()
    for mark in sorted(marks, key=lambda m: (m.start - m.end, m)):
        if taken.isdisjoint(range(mark.start, mark.end)):
            kept.append(mark)
            taken.update(range(mark.start, mark.end))
    return sorted(kept)


def _joined(marks: Iterable[Mark]) -> list[Mark]:
    """The marks with the metrics of one span in one label."""
    metrics: dict[Span, list[str]] = {}
    joined: list[Mark] = []
    for mark in sorted(marks):
        if mark.channel:
            joined.append(mark)
        else:
            metrics.setdefault((mark.start, mark.end), []).append(mark.label)
    return joined + [Mark(*span, _AND.join(labels)) for span, labels in metrics.items()]


def _within(marks: Iterable[Mark], start: int, end: int) -> tuple[Mark, ...]:
    return tuple(shifted(mark, -start) for mark in marks if start <= mark.start and mark.end <= end)
