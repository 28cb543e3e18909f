"""Problems admitted and improvements told, item by item."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

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


@dataclass(frozen=True, slots=True)
class Improvement:
    """A measure against shortcomings; ``addresses`` are indices into the report's problems."""

    start: int
    end: int
    themes: tuple[str, ...]
    status: Literal["planned", "done"]
    addresses: tuple[int, ...]
    confidence: float


_SHARED_PAIRS = 2
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
        if section.label == "problems":
            normal = normalised(document.text).stretch(section.body, section.end)
            lines = printed_lines(normal, document.text, 0, len(normal.text))
            items = read_items(normal.text, _announced(section.heading), lines)
            _collect(normal, items, problems, improvements)
    return tuple(problems), tuple(improvements)


def _announced(heading: str) -> Kind:
    """What the section's heading announces first."""
    return "improvement" if _MEASURES_ONLY.search(heading) and not _ADMITS.search(heading) else "problem"


def _collect(
    normal: NormalText, items: list[Item], problems: list[Problem], improvements: list[Improvement]
) -> None:
    """Append the statements of one section, each improvement with the problems it answers."""
    text, base = normal.text, len(problems)
    told = [item for item in items if item.kind == "problem"]
    measures = [item for item in items if item.kind == "improvement"]
    problem_themes = [themes_of(text[item.start : item.end]) for item in told]
    measure_themes = [themes_of(text[item.start : item.end]) for item in measures]
    for item, themes in zip(told, problem_themes, strict=True):
        problems.append(Problem(*normal.source_span(item.start, item.end), themes, item.confidence))
    answered = _answers(text, told, measures, problem_themes, measure_themes)
    for item, themes, answers in zip(measures, measure_themes, answered, strict=True):
        start, end = normal.source_span(item.start, item.end)
        addresses = tuple(base + index for index in answers)
        status = _status(text[item.start : item.end], item.listed_done)
        improvements.append(Improvement(start, end, themes, status, addresses, item.confidence))


def _answers(
    text: str,
    told: list[Item],
    measures: list[Item],
    problem_themes: list[tuple[str, ...]],
    measure_themes: list[tuple[str, ...]],
) -> list[tuple[int, ...]]:
    """For each measure the problems it answers: that of its own item, or that of its place in lists that match."""
    own: list[tuple[int, ...]] = [
        tuple(i for i, problem in enumerate(told) if problem is measure.answers) for measure in measures
    ]
    if any(own) or len(told) != len(measures):
        return own
    matches = [
        bool(set(one) & set(two) - {"other"}) or _share_words(text[p.start : p.end], text[m.start : m.end])
        for p, m, one, two in zip(told, measures, problem_themes, measure_themes, strict=True)
    ]
    if sum(matches) * 2 < len(matches):
        return own
    return [(index,) if match else () for index, match in enumerate(matches)]


def _share_words(one: str, two: str) -> bool:
    """Whether two statements share pairs of characters that not every statement has."""
    common = set(statement_wording()["common_pairs"])
    pairs = {one[i : i + 2] for i in range(len(one) - 1)} & {two[i : i + 2] for i in range(len(two) - 1)}
    return len({pair for pair in pairs if re.fullmatch(r"[^\W\d_]{2}", pair)} - common) >= _SHARED_PAIRS


def _status(measure: str, listed_done: bool) -> Literal["planned", "done"]:
    known = cues()
    if known.plan.search(measure):
        return "planned"
    return "done" if listed_done or known.done.search(measure) else "planned"
