"""Problems admitted and improvements told, item by item."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from ...annotations.kinds import Origin
from ..document import Document
from ..noise import printed_lines
from ..normalise import NormalText, normalised
from ..sections import Section
from .items import Item, Kind, cues, read_items, statement_wording
from .themes import themes_of


@dataclass(frozen=True, slots=True)
class Problem:
    """A shortcoming the report admits. ``start`` and ``end`` lie in ``Document.text``."""

    start: int
    end: int
    themes: tuple[str, ...]
    confidence: float
    origin: Origin


@dataclass(frozen=True, slots=True)
class Improvement:
    """A measure against shortcomings; ``addresses`` are indices into the report's problems."""

    start: int
    end: int
    themes: tuple[str, ...]
    status: Literal["planned", "done"]
    addresses: tuple[int, ...]
    confidence: float
    origin: Origin


@dataclass(frozen=True, slots=True)
class Told:
    """An item of a section with what is told of it; ``status`` means something for improvements only."""

    item: Item
    themes: tuple[str, ...]
    status: Literal["planned", "done"]
    origin: Origin


@dataclass(frozen=True, slots=True)
class ReadItems:
    """The items found in a section's normalised text, in order."""

    normal: NormalText
    items: Sequence[Item]


STATEMENTS = "problems"
"""The label of the sections that hold them."""
# A theme in common says as much as two pairs of characters; a measure so much like a problem answers it.
_THEME_WORTH = 2
_ALIKE = 2
# Of more no section speaks, and to compare all with all would take too long.
_MOST_PAIRS = 10_000
_PAIR = re.compile(r"[^\W\d_]{2}")
_MEASURES_ONLY = re.compile(r"改进|整改|措施|打算|计划|下一步")
_ADMITS = re.compile(r"问题|不足|困难")


def read_statements(
    document: Document, sections: Sequence[Section]
) -> tuple[tuple[Problem, ...], tuple[Improvement, ...]]:
    """Return the problems and improvements told in the sections labelled ``problems``, in their order.

    The confidence is a rule's: 0.9 for an ordinal item when a head, an opening or its own words tell which of the
    two it is, 0.8 when only its place does, 0.7 for a sentence of its own, 0.6 for a clause of a chain.
    """
    problems: list[Problem] = []
    improvements: list[Improvement] = []
    for section in sections:
        if section.label == STATEMENTS:
            read = items_of(document, section)
            collect(read.normal, told_by_rules(read), problems, improvements)
    return tuple(problems), tuple(improvements)


def items_of(document: Document, section: Section) -> ReadItems:
    """Return the items that the rules find in a section labelled `STATEMENTS`."""
    normal = normalised(document.text).stretch(section.body, section.end)
    lines = printed_lines(normal, document.text, 0, len(normal.text))
    return ReadItems(normal, read_items(normal.text, _announced(section.heading), lines))


def _announced(heading: str) -> Kind:
    """What the section's heading announces first."""
    return "improvement" if _MEASURES_ONLY.search(heading) and not _ADMITS.search(heading) else "problem"


def told_by_rules(read: ReadItems) -> list[Told]:
    """Return the items with their themes and status by cue words."""
    text = read.normal.text
    return [
        Told(item, themes_of(wording), _status(wording, item.listed_done), "rule")
        for item in read.items
        for wording in (text[item.start : item.end],)
    ]


def collect(
    normal: NormalText, told: Sequence[Told], problems: list[Problem], improvements: list[Improvement]
) -> None:
    """Append the statements of one section to those of the report, each improvement with the problems it answers."""
    base = len(problems)
    admitted = [one for one in told if one.item.kind == "problem"]
    measures = [one for one in told if one.item.kind == "improvement"]
    for one in admitted:
        span = normal.source_span(one.item.start, one.item.end)
        problems.append(Problem(*span, one.themes, one.item.confidence, one.origin))
    for one, answers in zip(measures, _answers(normal.text, admitted, measures), strict=True):
        start, end = normal.source_span(one.item.start, one.item.end)
        addresses = tuple(base + index for index in answers)
        improvements.append(
            Improvement(start, end, one.themes, one.status, addresses, one.item.confidence, one.origin)
        )


def _answers(text: str, admitted: Sequence[Told], measures: Sequence[Told]) -> list[tuple[int, ...]]:
    """For each measure the problems it answers: that of its own item, that of its place in lists of one length that
    match, or the one most like it."""
    own: list[tuple[int, ...]] = [
        tuple(i for i, problem in enumerate(admitted) if problem.item is measure.item.answers)
        for measure in measures
    ]
    if any(own) or len(admitted) * len(measures) > _MOST_PAIRS:
        return own
    words = [_uncommon_words(text[one.item.start : one.item.end]) for one in (*admitted, *measures)]
    likeness = [
        [
            len(words[p] & words[len(admitted) + m])
            + _THEME_WORTH * len(set(problem.themes) & set(measure.themes) - {"other"})
            for p, problem in enumerate(admitted)
        ]
        for m, measure in enumerate(measures)
    ]
    if len(admitted) == len(measures):
        alike = sum(row[place] >= _ALIKE for place, row in enumerate(likeness))
        if 2 * alike >= len(measures):
            return [(place,) for place in range(len(measures))]
    return [_most_alike(row, place) for place, row in enumerate(likeness)]


def _most_alike(likeness: Sequence[int], place: int) -> tuple[int, ...]:
    """The problem most like a measure, of several the one nearest to its place; none where none is alike."""
    best = max(range(len(likeness)), key=lambda p: (likeness[p], -abs(p - place)), default=None)
    return () if best is None or likeness[best] < _ALIKE else (best,)


def _uncommon_words(statement: str) -> set[str]:
    """The pairs of characters of a statement that not every statement has."""
    pairs = {statement[i : i + 2] for i in range(len(statement) - 1)}
    return {pair for pair in pairs if _PAIR.fullmatch(pair)} - set(statement_wording()["common_pairs"])


def _status(measure: str, listed_done: bool) -> Literal["planned", "done"]:
    known = cues()
    if known.plan.search(measure):
        return "planned"
    return "done" if listed_done or known.done.search(measure) else "planned"
