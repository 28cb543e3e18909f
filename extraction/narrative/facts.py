"""Facts: quantities of the narrative with what they count, where, and in what role."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

from ...annotations.kinds import Origin, Period, Role, Scope
from ..document import Document
from ..normalise import NormalText, normalise
from ..sections import Section
from .cue_typing import type_by_cues
from .passage import Draft, Passage
from .quantities import Quantity, find_quantities
from .sentences import sentences
from .stretches import narrative_stretches

_YEAR = re.compile(r"(20\d\d)年")
_GOVERNMENT = re.compile(r"人民政府|[省市区县州旗镇乡](?:20\d\d年度?|政府|\d{4}年|政务公开|$)|街道办事处")
_TITLE_END = re.compile(r"年度报告|年报|工作报告")
_TITLE_REACH = 400
_PROSE = re.compile("[。,;]")


@dataclass(frozen=True, slots=True)
class Fact:
    """One number, or one told zero, about disclosure work; the fields are those of `annotations/scheme.yaml`.

    ``start`` and ``end`` lie in ``Document.text``, as do those of the ``sentence`` it stands in.
    """

    metric: str
    channel: str | None
    value: int | float
    unit: str | None
    hedge: Literal["exact", "about", "over", "under"]
    role: Role
    period: Period
    scope: Scope
    subject: str | None
    start: int
    end: int
    sentence_start: int
    sentence_end: int
    section: str
    confidence: float
    origin: Origin


@dataclass(frozen=True, slots=True)
class ReadPassage:
    """A passage with its quantities, in order, and the way back to the source."""

    passage: Passage
    normal: NormalText
    quantities: tuple[Quantity, ...]


def read_facts(document: Document, sections: Sequence[Section]) -> tuple[Fact, ...]:
    """Return the facts told in a report's sections, in the order of the text, as the rules read them.

    A report without sections is read as one. Tables are left out, but not the sentences beside them.
    """
    return facts_of(
        document,
        [
            (read, type_by_cues(read.passage, read.quantities))
            for read in passages_of(document, sections)
            if read.quantities
        ],
        "rule",
    )


def passages_of(document: Document, sections: Sequence[Section]) -> Iterator[ReadPassage]:
    """Yield the passages of a report's narrative, in order."""
    title, year, government = masthead_of(document)
    for label, normal, text in narrative_stretches(document, sections):
        spans = sentences(text)
        passage = Passage(text, spans, label, year, government, title)
        yield ReadPassage(passage, normal, _without_copies(text, spans, find_quantities(text)))


def facts_of(
    document: Document, typed: Iterable[tuple[ReadPassage, Sequence[Draft]]], origin: Origin
) -> tuple[Fact, ...]:
    """Return what was drafted of the quantities of passages as facts in the source, in its order."""
    facts: list[Fact] = []
    for read, drafts in typed:
        printed = [_as_printed(quantity, read.normal, document.text) for quantity in read.quantities]
        facts.extend(_fact(draft, printed, read, document, origin) for draft in drafts)
    facts.sort(key=lambda fact: (fact.start, fact.end))
    return tuple(facts)


def _without_copies(
    text: str, spans: Sequence[tuple[int, int]], quantities: Sequence[Quantity]
) -> tuple[Quantity, ...]:
    """The quantities less those of a sentence that repeats the one right before it, as scans print lines twice."""
    copies = [
        a
        for (before, stop), (a, b) in pairwise(spans)
        if stop - before == b - a and text[before:stop] == text[a:b]
    ]
    starts = [a for a, _ in spans]
    copied = set(copies)
    return tuple(q for q in quantities if starts[max(0, bisect_right(starts, q.start) - 1)] not in copied)


def _fact(
    draft: Draft, quantities: Sequence[Quantity], read: ReadPassage, document: Document, origin: Origin
) -> Fact:
    quantity = quantities[draft.quantity]
    start, end = read.normal.source_span(quantity.start, quantity.end)
    sentence_start, sentence_end = read.normal.source_span(*read.passage.sentences[draft.sentence])
    return Fact(
        metric=draft.metric,
        channel=draft.channel,
        value=draft.value,
        unit=quantity.unit,
        hedge=quantity.hedge,
        role=draft.role,
        period=draft.period,
        scope=draft.scope,
        subject=draft.subject,
        start=start,
        end=end,
        sentence_start=sentence_start,
        sentence_end=sentence_end,
        section=read.passage.label,
        confidence=draft.confidence * document.certainty(start, end),
        origin=origin,
    )


def _as_printed(quantity: Quantity, normal: NormalText, source: str) -> Quantity:
    """The quantity with the brackets of its measure word as the source prints them."""
    if quantity.unit is None or "(" not in quantity.unit:
        return quantity
    start, end = normal.source_span(quantity.start, quantity.end)
    wide = quantity.unit.replace("(", "（").replace(")", "）")
    return replace(quantity, unit=wide) if source.find(wide, start, end) >= 0 else quantity


def masthead_of(document: Document) -> tuple[str, int | None, bool]:
    """Return the report's title, its year and whether a government is its author, as far as the title tells."""
    head = normalise(document.title or document.text, 0, _TITLE_REACH).text
    end = _TITLE_END.search(head)
    title = head[: end.end()] if end else head.split("\n", 1)[0]
    if not end and _PROSE.search(title):
        return "", None, False
    year = _YEAR.search(title)
    return title, (int(year.group(1)) if year else None), _GOVERNMENT.search(title) is not None
