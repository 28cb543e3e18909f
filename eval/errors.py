"""Every miss and false alarm in its sentence, the costliest first, as data and as one HTML page."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, NamedTuple

from ..annotations.fact_pairs import best_pairs, same_fact
from ..annotations.labelled import LabelledFact, LabelledText
from ..annotations.matching import Marked, match, overlap
from .score import Statement, flat_facts, mostly

Kind = Literal["missed", "false alarm", "wrong label"]

# What an error costs a researcher: a wrong cell is taken for a printed figure, a lost section loses all that is in it,
# and a fact that the flat view would show weighs more than one among its details.
_MISREAD_CELL = 5.0
_FLAT = 3.0
_SECTION = 2.0
_OTHER = 1.0
_REACH = 120
_BEFORE = re.compile(r"[。！？\n]")


@dataclass(frozen=True, slots=True)
class Finding:
    """One error: of which kind, on what, what was wanted and what was given, and where it stands.

    ``cost`` is the weight of what it spoils, times 0.5 to 1.5 by the confidence of the prediction. ``before``, ``words``
    and ``after`` are the sentence around it, empty where the text is not at hand.
    """

    kind: Kind
    what: str
    wanted: str
    given: str
    cost: float
    text_id: str
    start: int
    before: str = ""
    words: str = ""
    after: str = ""


def find_errors(pairs: Sequence[tuple[LabelledText, LabelledText]]) -> list[Finding]:
    """Return all errors of the predictions, the costliest first. Uncertain gold facts are don't-care."""
    found = [error for gold, predicted in pairs for error in _errors(gold, predicted)]
    return sorted(found, key=lambda e: (-e.cost, e.text_id, e.start, e.what, e.given))


def write_error_page(errors: Sequence[Finding], title: str, path: Path) -> None:
    """Write one self-contained HTML page. Raises `OSError` when it cannot be written."""
    from jinja2 import Environment, FileSystemLoader, select_autoescape  # noqa: PLC0415  # heavy, and an extra

    loader = FileSystemLoader(Path(__file__).parent)
    page = Environment(loader=loader, autoescape=select_autoescape()).get_template("errors.html")
    kinds = {
        kind: sum(error.kind == kind for error in errors) for kind in ("missed", "false alarm", "wrong label")
    }
    path.write_text(page.render(title=title, errors=errors, kinds=kinds), "utf-8")


def _errors(gold: LabelledText, predicted: LabelledText) -> Iterator[Finding]:
    text = gold.text or predicted.text
    found = (
        *_fact_errors(gold, predicted),
        *_statement_errors(gold, predicted),
        *_section_errors(gold, predicted),
    )
    for mark, error in found:
        before, words, after = _sentence(text, mark.start, mark.end) if text else ("", "", "")
        yield Finding(*error, gold.id, mark.start, before, words, after)
    for error in _cell_errors(gold, predicted):
        yield Finding(*error, gold.id, 0)


class _Error(NamedTuple):
    """The fields of `Finding` before its place."""

    kind: Kind
    what: str
    wanted: str
    given: str
    cost: float


def _fact_errors(gold: LabelledText, predicted: LabelledText) -> Iterator[tuple[Marked, _Error]]:
    certain = [fact for fact in gold.facts if fact.certain]
    doubtful = [fact for fact in gold.facts if not fact.certain]
    shown = {id(fact) for side in (gold, predicted) for fact in flat_facts(side.facts).values()}
    found = best_pairs(certain, predicted.facts)
    for fact in (certain[i] for i in found.missed):
        yield fact, _Error("missed", "fact", _told(fact), "", _FLAT if id(fact) in shown else _OTHER)
    for fact in (predicted.facts[j] for j in found.false_alarms):
        if not any(overlap(fact, other) for other in doubtful):
            weight = _FLAT if id(fact) in shown else _OTHER
            yield (
                fact,
                _Error("false alarm", "fact", "", _told(fact), _by_confidence(weight, fact.confidence)),
            )
    for g, p in ((certain[i], predicted.facts[j]) for i, j in found.pairs):
        if not same_fact(g, p):
            weight = _FLAT if {id(g), id(p)} & shown else _OTHER
            yield g, _Error("wrong label", "fact", _told(g), _told(p), _by_confidence(weight, p.confidence))


def _statement_errors(gold: LabelledText, predicted: LabelledText) -> Iterator[tuple[Marked, _Error]]:
    sides: tuple[tuple[str, Sequence[Statement], Sequence[Statement]], ...] = (
        ("problem", gold.problems, predicted.problems),
        ("improvement", gold.improvements, predicted.improvements),
    )
    for what, wanted, given in sides:
        found = match(wanted, given, mostly)
        for item in (wanted[i] for i in found.missed):
            yield item, _Error("missed", what, " ".join(item.themes), "", _OTHER)
        for item in (given[j] for j in found.false_alarms):
            cost = _by_confidence(_OTHER, item.confidence)
            yield item, _Error("false alarm", what, "", " ".join(item.themes), cost)
        for g, p in ((wanted[i], given[j]) for i, j in found.pairs):
            if set(g.themes) != set(p.themes):
                themes = " ".join(g.themes), " ".join(p.themes)
                yield g, _Error("wrong label", f"{what} themes", *themes, _OTHER)


def _section_errors(gold: LabelledText, predicted: LabelledText) -> Iterator[tuple[Marked, _Error]]:
    found = match(gold.sections, predicted.sections, lambda g, p: g.label == p.label and mostly(g, p))
    for section in (gold.sections[i] for i in found.missed):
        yield section, _Error("missed", "section", section.label, "", _SECTION)
    for section in (predicted.sections[j] for j in found.false_alarms):
        yield section, _Error("false alarm", "section", "", section.label, _SECTION)


def _cell_errors(gold: LabelledText, predicted: LabelledText) -> Iterator[_Error]:
    for cell_id, want in gold.cells.items():
        have = predicted.cells.get(cell_id)
        if have is None or have.value is None:
            if want.value is not None:
                yield _Error("missed", f"cell {cell_id}", str(want.value), "not read", _OTHER)
        elif have.value != want.value:
            wanted = "blank" if want.value is None else str(want.value)
            yield _Error("wrong label", f"cell {cell_id}", wanted, str(have.value), _MISREAD_CELL)


def _told(fact: LabelledFact) -> str:
    return f"{fact.metric}{'@' + fact.channel if fact.channel else ''} = {fact.value:,}"


def _by_confidence(weight: float, confidence: float | None) -> float:
    return round(weight * (1.0 if confidence is None else 0.5 + confidence), 2)


def _sentence(text: str, start: int, end: int) -> tuple[str, str, str]:
    """The sentence around ``[start, end)`` in three pieces, cut where it is long."""
    first = max(
        [start - _REACH, 0, *(m.end() for m in _BEFORE.finditer(text, max(0, start - _REACH), start))]
    )
    stop = _BEFORE.search(text, end, end + _REACH)
    last = stop.end() if stop else min(len(text), end + _REACH)
    words = text[start:end] if end - start <= _REACH else text[start : start + _REACH] + "…"
    return text[first:start], words, text[end:last]
