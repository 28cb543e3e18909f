"""What came out of a report's file, counted against what is known of the report."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import NamedTuple
from unicodedata import normalize

from ...annotations.kinds import Number
from ...extraction.components import RULES, Components
from ...extraction.pipeline import extract_document, failed_record
from ...extraction.readers import UnreadableFileError, read_document
from ...extraction.readers.choose import Limits
from ...extraction.record import Record, Statistic
from .report_parts import Report

_PATIENT = Limits(seconds=86_400)
_FOLDED = str.maketrans("“”‘’„‟＂", '""\'\'"""')


class Truth(NamedTuple):
    """What is known of a report: the value of each cell as printed, and the record of its plain text."""

    values: Mapping[str, Number | None]
    record: Record


@dataclass(frozen=True, slots=True)
class Marks:
    """What came out, summed over ``reports``.

    Of ``cells`` with a known value (or known to be blank) some are ``right``, some ``unreadable`` or absent and said to
    be so, and some ``wrong``: told with another value or as blank, or told though the report has no such cell. Of
    ``facts`` (metric, channel, value) some are ``found``; others were ``added``. ``statements`` are problems and
    improvements by their text, ``kept`` those told alike, ``invented`` those told otherwise. ``sections`` counts
    reports with the same sections in the same order, ``heads`` those with the same title, agency and year.
    """

    reports: int = 0
    cells: int = 0
    right: int = 0
    unreadable: int = 0
    wrong: int = 0
    facts: int = 0
    found: int = 0
    added: int = 0
    statements: int = 0
    kept: int = 0
    invented: int = 0
    sections: int = 0
    heads: int = 0
    refused: int = 0

    def __add__(self, other: "Marks") -> "Marks":
        return Marks(*(a + b for a, b in zip(astuple(self), astuple(other), strict=True)))


def truth_of(report: Report, components: Components = RULES) -> Truth:
    """Return what is known of a report."""
    return Truth(report.values, extract_document(report.document(), components))


def read_record(path: Path, components: Components) -> Record:
    """Return the record of a file as `extract` does, however long its pages take: what counts is the time of a core."""
    try:
        document = read_document(path, _PATIENT)
    except UnreadableFileError as error:
        return failed_record(str(path), "reader", str(error))
    return extract_document(document, components)


def marks_of(told: Record, truth: Truth) -> Marks:
    """Return how the record of a report's file compares with what is known of it."""
    graded = Counter(grade(told.statistics.get(name), value) for name, value in truth.values.items())
    made_up = sum(
        told.statistics[name].status in {"read", "repaired"}
        for name in told.statistics.keys() - truth.values.keys()
    )
    facts, known_facts = Counter(_facts(told)), Counter(_facts(truth.record))
    statements, known_statements = Counter(_statements(told)), Counter(_statements(truth.record))
    return Marks(
        reports=1,
        cells=len(truth.values),
        right=graded["right"],
        unreadable=graded["unreadable"],
        wrong=graded["wrong"] + made_up,
        facts=known_facts.total(),
        found=(facts & known_facts).total(),
        added=(facts - known_facts).total(),
        statements=known_statements.total(),
        kept=(statements & known_statements).total(),
        invented=(statements - known_statements).total(),
        sections=_sections(told) == _sections(truth.record),
        heads=_head(told) == _head(truth.record),
        refused=told.status in {"failed", "not_a_report"} and truth.record.status == "ok",
    )


def grade(cell: Statistic | None, value: Number | None) -> str:
    """Return ``right``, ``unreadable`` or ``wrong``: how a cell was told of which the value is known (None: blank)."""
    if cell is None or cell.status in {"absent", "unreadable"}:
        return "unreadable"
    told = None if cell.status == "blank" else cell.value
    return "right" if told == value else "wrong"


def differences(told: Record, truth: Truth) -> list[str]:
    """Return in words what the record of a report's file tells otherwise; nothing where it tells the same."""
    found = [
        f"cell {name}: {cell.status if (cell := told.statistics.get(name)) else 'missing'} "
        f"{cell.printed if cell else ''!r} for {value!r}"
        for name, value in truth.values.items()
        if grade(told.statistics.get(name), value) != "right"
    ]
    found += [
        f"cell {name}: {cell.value!r} though there is none"
        for name, cell in told.statistics.items()
        if name not in truth.values and cell.status in {"read", "repaired"}
    ]
    views: dict[str, Callable[[Record], Iterable[object]]] = {
        "status": lambda record: [record.status],
        "title, agency, year": _head,
        "sections": _sections,
        "facts": _facts,
        "statements": _statements,
    }
    for name, view in views.items():
        here, there = list(view(told)), list(view(truth.record))
        if here != there:
            new = list((Counter(here) - Counter(there)).elements())
            lost = list((Counter(there) - Counter(here)).elements())
            found.append(f"{name}: {new} for {lost}" if new or lost else f"{name}: in another order")
    return found


def _facts(record: Record) -> list[tuple[str, str | None, Number]]:
    return [(fact.metric, fact.channel, fact.value) for fact in record.facts]


def _statements(record: Record) -> list[tuple[str, str]]:
    return [("problem", _bare(one.text)) for one in record.problems] + [
        ("improvement", _bare(one.text)) for one in record.improvements
    ]


def _sections(record: Record) -> list[str]:
    return [section.label for section in record.sections if section.label != "noise"]


def _head(record: Record) -> list[str | int | None]:
    report = record.report
    return [_bare(report.title), _bare(report.agency), report.year, report.edition]


def _bare(text: str | None) -> str:
    """The text without white space, and with one form of each sign: formats differ in such."""
    return "".join(normalize("NFKC", text or "").translate(_FOLDED).split())
