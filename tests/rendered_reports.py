"""Whole reports as plain text and as the same with real tables, and whether two records of them tell the same."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from gongkai.annotations.corpus import read_corpus
from gongkai.annotations.scheme import scheme
from gongkai.extraction.components import RULES
from gongkai.extraction.document import Document
from gongkai.extraction.pipeline import extract_document
from gongkai.extraction.readers.text import decode, read_text
from gongkai.extraction.record import Record

from .official_tables import FormTable, applications, as_lines, disclosure, proceedings

Piece = str | FormTable
"""A line or a table."""


@dataclass(frozen=True)
class Report:
    """A report piece by piece."""

    id: str
    pieces: Sequence[Piece]

    @property
    def text(self) -> str:
        """The report as plain text."""
        lines: list[str] = []
        for piece in self.pieces:
            lines += [piece] if isinstance(piece, str) else as_lines(piece)
        return "\n".join(lines)

    def record(self) -> Record:
        """What gongkai's rules read in the plain text."""
        return extract_document(read_text(self.text.encode(), self.id, "0" * 64), RULES)


def reports(examples: Path, corpus: int | None = None) -> Iterator[Report]:
    """Yield the example reports and so many of the corpus (None: all)."""
    for path in sorted(examples.glob("*.txt")):
        yield _report(path.stem, decode(path.read_bytes()), {})
    whole = [one for one in read_corpus() if one.report.title]
    for one in whole[:corpus]:
        yield _report(one.id, one.text, {name: cell.printed for name, cell in one.cells.items()})


def _report(name: str, text: str, prints: dict[str, str]) -> Report:
    """The report with its tables, as its record has them, set anew."""
    document = read_text(text.encode(), name, "0" * 64)
    record = extract_document(document, RULES)
    edition = record.report.edition
    if edition not in ("2019", "2021"):
        return Report(name, _lines(text))
    figures = {cell: told.printed for cell, told in record.statistics.items()} | prints
    figures = {
        cell: figures.get(cell, "").strip() or "0" for table in scheme().tables.values() for cell in table
    }
    tables: dict[str, FormTable] = {
        "disclosure_table": disclosure(figures, edition),
        "applications_table": applications(figures, edition),
        "proceedings_table": proceedings(figures),
    }
    spans = [one for one in record.sections if one.label in tables]
    pieces: list[Piece] = []
    at = 0
    for span in spans:
        pieces += [*_lines(text[at : span.start]), span.heading, tables[span.label]]
        at = span.end
    return Report(name, [*pieces, *_lines(text[at:])])


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def differences(told: Record, truth: Record) -> list[str]:
    """Return what two records of the same report do not have in common, in words; nothing where they tell the same."""
    views = {
        "status": lambda r: [r.status],
        "report": lambda r: [_bare(r.report.title), r.report.agency, r.report.year, r.report.edition],
        "sections": lambda r: [one.label for one in r.sections if one.label != "noise"],
        "cells": lambda r: [(name, cell.value, cell.status) for name, cell in r.statistics.items()],
        "facts": lambda r: [(one.metric, one.channel, one.value) for one in r.facts],
        "problems": lambda r: [_bare(one.text) for one in r.problems],
        "improvements": lambda r: [_bare(one.text) for one in r.improvements],
    }
    return [
        f"{name}: {_unlike(view(told), view(truth))}"
        for name, view in views.items()
        if view(told) != view(truth)
    ]


def _bare(text: str | None) -> str:
    return "".join((text or "").split())


def _unlike(told: Iterable[object], truth: Iterable[object]) -> str:
    told, truth = list(told), list(truth)
    return f"{[one for one in told if one not in truth]} for {[one for one in truth if one not in told]}"


def record_of(document: Document) -> Record:
    """What gongkai's rules read in a document."""
    return extract_document(document, RULES)
