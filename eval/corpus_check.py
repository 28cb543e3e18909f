"""What is wrong, or looks wrong, in labelled texts: before anyone trains on them or scores against them."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Literal

from ..annotations.corpus import part_of
from ..annotations.labelled import LabelledFact, LabelledText
from ..annotations.matching import Marked
from ..annotations.passages import narrative_of
from ..annotations.scheme import scheme
from ..annotations.similarity import nearest_neighbours
from ..extraction.narrative.quantities import Quantity, find_quantities
from ..extraction.narrative.sentences import sentences
from ..extraction.normalise import normalise, same_length_form

Kind = Literal[
    "offsets", "edges", "label", "link", "sentence", "grammar", "copies", "source", "leakage", "rare"
]

RARE = 25
"""A metric or channel with fewer facts than this is hard to learn and hard to score."""
NEAR = 0.8
"""Passages this alike (cosine of character trigrams) in two parts leak."""
_TRADITIONAL = "開"
_MARKS = ("facts", "channels", "problems", "improvements", "sections")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to look at: in which text, where in it (None where it concerns the whole), and what.

    ``severity``: an ``error`` is wrong whatever the annotator meant; a ``warning`` wants a look.
    """

    kind: Kind
    severity: Literal["error", "warning"]
    text_id: str
    start: int | None
    message: str


def check_texts(texts: Sequence[LabelledText]) -> Iterator[Finding]:
    """Yield what is wrong with each text, then what is wrong with them together."""
    for text in texts:
        yield from check_text(text)
    if texts:
        yield from _leaks(texts)
        yield from _rare(texts)


def check_text(text: LabelledText) -> Iterator[Finding]:
    """Yield what is wrong with one text by itself."""
    yield from _labels(text)
    if text.text is None:
        return
    yield from _source(text)
    broken = list(_offsets(text, text.text))
    yield from broken
    if not broken:
        yield from _edges(text, text.text)
        yield from _grammar(text, text.text)


def _labels(text: LabelledText) -> Iterator[Finding]:
    known = scheme()
    kinds: tuple[tuple[str, Container[str], Iterable[tuple[int, str | None]]], ...] = (
        ("metric", known.metrics, ((f.start, f.metric) for f in text.facts)),
        ("channel", known.channels, ((f.start, f.channel) for f in text.facts)),
        ("channel", known.channels, ((c.start, c.channel) for c in text.channels)),
        ("section", known.sections, ((s.start, s.label) for s in text.sections)),
        (
            "theme",
            known.themes,
            ((p.start, t) for p in (*text.problems, *text.improvements) for t in p.themes),
        ),
    )
    for name, codes, labels in kinds:
        for start, code in labels:
            if code is not None and code not in codes:
                yield _error("label", text, start, f"'{code}' is no {name} of the scheme")
    for fact in text.facts:
        if fact.mention is not None and not _links(fact, text):
            yield _error("link", text, fact.start, "linked to words that do not name its channel")
    for improvement in text.improvements:
        if any(not 0 <= index < len(text.problems) for index in improvement.addresses):
            yield _error("link", text, improvement.start, "answers a problem that is not there")


def _links(fact: LabelledFact, text: LabelledText) -> bool:
    place = fact.mention
    return (
        place is not None and 0 <= place < len(text.channels) and text.channels[place].channel == fact.channel
    )


def _source(text: LabelledText) -> Iterator[Finding]:
    """The file a text was taken from must still hold it."""
    if text.sha256 and text.source and Path(text.source).is_file():
        content = Path(text.source).read_bytes()
        if hashlib.sha256(content).hexdigest() != text.sha256:
            yield _error("source", text, None, f"{text.source} has changed since; its offsets no longer fit")


def _offsets(text: LabelledText, printed: str) -> Iterator[Finding]:
    for name in _MARKS:
        for mark in getattr(text, name):
            if not 0 <= mark.start < mark.end <= len(printed):
                message = (
                    f"{name}: [{mark.start}, {mark.end}) is no span of a text of {len(printed)} characters"
                )
                yield _error("offsets", text, mark.start, message)


def _edges(text: LabelledText, printed: str) -> Iterator[Finding]:
    for name in _MARKS:
        for mark in getattr(text, name):
            words = printed[mark.start : mark.end]
            if words != words.strip():
                yield _error("edges", text, mark.start, f"{name}: {words!r} has blanks at its edge")


def _grammar(text: LabelledText, printed: str) -> Iterator[Finding]:
    """Facts against the number grammar, and marks against the sentences they lie in."""
    normal = normalise(printed)
    spans = [normal.source_span(*span) for span in sentences(normal.text)]
    ends = [a for a, _ in spans]
    for name in ("facts", "channels"):
        for mark in getattr(text, name):
            if any(mark.start < end < mark.end for end in ends):
                yield _warning("sentence", text, f"{name}: crosses the end of a sentence", printed, mark)
    quantities = {
        span: q for q in find_quantities(normal.text) for span in [normal.source_span(q.start, q.end)]
    }
    for fact in text.facts:
        quantity = quantities.get((fact.start, fact.end))
        if quantity is None:
            near = _overlapping(quantities, fact)
            found = f"reads '{printed[slice(*near)]}'" if near else "finds no number here"
            yield _warning("grammar", text, f"the number grammar {found}", printed, fact)
        else:
            yield from _fields(text, printed, fact, quantity)
    yield from _copies(text, printed)
    if any(fact.channel for fact in text.facts) and not text.channels:
        message = "facts have channels, but no words are marked that name one"
        yield Finding("link", "warning", text.id, None, message)


def _overlapping(quantities: dict[tuple[int, int], Quantity], fact: LabelledFact) -> tuple[int, int] | None:
    return next((span for span in quantities if span[0] < fact.end and fact.start < span[1]), None)


def _fields(text: LabelledText, printed: str, fact: LabelledFact, quantity: Quantity) -> Iterator[Finding]:
    read = {
        "value": (abs(fact.value), abs(quantity.value)),
        "unit": (_plain(fact.unit), _plain(quantity.unit)),
        "hedge": (fact.hedge, quantity.hedge),
    }
    for name, (marked, found) in read.items():
        if marked != found:
            message = f"{name} is {marked!r}, the number grammar reads {found!r}"
            yield _warning("grammar", text, message, printed, fact)


def _plain(unit: str | None) -> str | None:
    # Traditional script is only looked for where a common Traditional character shows it.
    return unit and same_length_form(_TRADITIONAL + unit).removeprefix(same_length_form(_TRADITIONAL))


def _copies(text: LabelledText, printed: str) -> Iterator[Finding]:
    """The same mark twice."""
    for one, two in pairwise(sorted(text.facts, key=lambda f: (f.start, f.end, f.metric, f.channel or ""))):
        if (one.start, one.end, one.metric, one.channel, one.subject) == (
            two.start, two.end, two.metric, two.channel, two.subject,
        ):  # fmt: skip
            yield _warning("copies", text, "the same fact twice", printed, one)


def _leaks(texts: Sequence[LabelledText]) -> Iterator[Finding]:
    """Passages of the train part that come again, or nearly so, in the dev part."""
    narrative = [text for text in texts if text.text]
    parts = [part_of(text) for text in narrative]
    for place, other, likeness in nearest_neighbours([narrative_of(text) for text in narrative]):
        if likeness >= NEAR and parts[place] != parts[other]:
            message = f"{likeness:.0%} alike with {narrative[other].id}, which lies in another part"
            yield Finding("leakage", "error", narrative[place].id, None, message)


def _rare(texts: Sequence[LabelledText]) -> Iterator[Finding]:
    known = scheme()
    metrics = Counter(fact.metric for text in texts for fact in text.facts)
    channels = Counter(fact.channel for text in texts for fact in text.facts)
    for name, codes, counts in (("metric", known.metrics, metrics), ("channel", known.channels, channels)):
        by_count: defaultdict[int, list[str]] = defaultdict(list)
        for code in codes:
            if counts[code] < RARE:
                by_count[counts[code]].append(code)
        for count, rare in sorted(by_count.items()):
            yield Finding("rare", "warning", "", None, f"{name} with {count} facts: {', '.join(rare)}")


def _error(kind: Kind, text: LabelledText, start: int | None, message: str) -> Finding:
    return Finding(kind, "error", text.id, start, message)


def _warning(kind: Kind, text: LabelledText, message: str, printed: str, mark: Marked) -> Finding:
    around = printed[max(0, mark.start - 12) : mark.start].replace("\n", "⏎")
    words = printed[mark.start : mark.end].replace("\n", "⏎")
    return Finding(kind, "warning", text.id, mark.start, f"{message}: …{around}【{words}】")
