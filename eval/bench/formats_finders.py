"""The table finders of other libraries on the same PDFs, followed by the simplest matching of rows."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, get_args
from unicodedata import normalize

from rapidfuzz import fuzz, process

from ...annotations.kinds import Number
from ...extraction.components import Components
from .formats_marks import grade, read_record
from .formats_stages import busy
from .report_parts import Form, Report, official_tables, rows_of

Row = Sequence[str]
"""The texts of a row's cells, from the left."""
Found = tuple[list[Row], int]
"""The rows of all tables found in a PDF, and how many pages it has."""

_FIGURE = re.compile(r"-?\d+(?:\.\d+)?")
_HANZI = re.compile("[\u4e00-\u9fff]")
_ALIKE = 80
"""Of 100."""


@dataclass(frozen=True, slots=True)
class Recovered:
    """What a finder made of the PDFs of one design; ``failure`` says why it could not be tried."""

    finder: str
    cells: int = 0
    right: int = 0
    wrong: int = 0
    pages: int = 0
    seconds: float = 0.0
    failure: str = ""


def _pdfplumber(path: Path) -> Found:
    library: Any = import_module("pdfplumber")
    with library.open(path) as document:
        rows = [row for page in document.pages for table in page.extract_tables() for row in table]
        return [[cell or "" for cell in row] for row in rows], len(document.pages)


def _pymupdf(path: Path) -> Found:
    library: Any = import_module("pymupdf")
    with library.open(path) as document:
        rows = [row for page in document for table in page.find_tables().tables for row in table.extract()]
        return [[cell or "" for cell in row] for row in rows], len(document)


def _docling(path: Path) -> Found:
    library: Any = import_module("docling.document_converter")
    document = library.DocumentConverter().convert(path).document
    rows = [row for table in document.tables for row in table.data.grid]
    return [[cell.text for cell in row] for row in rows], len(document.pages)


FINDERS: Mapping[str, Callable[[Path], Found]] = {
    "pdfplumber": _pdfplumber,
    "pymupdf": _pymupdf,
    "docling": _docling,
}


def recovered(name: str, reports: Sequence[Report], files: Sequence[Path]) -> Recovered:
    """Return how many known cells the finder ``name`` and the simplest row matching recover from the reports' PDFs."""
    find = FINDERS[name]
    cells = right = wrong = pages = 0
    seconds = 0.0
    for report, path in zip(reports, files, strict=True):
        begin = busy()
        try:
            rows, count = find(path)
        except ImportError as error:
            return Recovered(name, failure=f"not installed ({error}): pip install {name}")
        except Exception as error:  # whatever the library raises: the others are still to be tried
            return Recovered(name, failure=f"{type(error).__name__}: {str(error).splitlines()[0][:150]}")
        told = match_rows(rows, report.values)
        seconds += busy() - begin
        pages += count
        cells += len(report.values)
        right += sum(name in told and told[name] == value for name, value in report.values.items())
        wrong += sum(name in told and told[name] != value for name, value in report.values.items())
    return Recovered(name, cells, right, wrong, pages, seconds)


def recovered_by_gongkai(
    reports: Sequence[Report], files: Sequence[Path], components: Components
) -> Recovered:
    """Return the same of gongkai itself; its seconds hold the reading of the whole record."""
    cells = right = wrong = pages = 0
    seconds = 0.0
    for report, path in zip(reports, files, strict=True):
        begin = busy()
        record = read_record(path, components)
        seconds += busy() - begin
        pages += record.report.pages or 0
        grades = [grade(record.statistics.get(name), value) for name, value in report.values.items()]
        cells, right, wrong = (
            cells + len(grades),
            right + grades.count("right"),
            wrong + grades.count("wrong"),
        )
    return Recovered("gongkai", cells, right, wrong, pages, seconds)


def match_rows(rows: Sequence[Row], known: Mapping[str, object]) -> dict[str, Number | None]:
    """Return the values of the cells of ``known`` in rows whose last label is nearly one of the form's.

    The figures of a row are its last cells. Of labels only the hanzi count.
    """
    form = _rows_of_form(known)
    told: dict[str, Number | None] = {}
    for row in rows:
        texts = ["".join(normalize("NFKC", text).split()) for text in row]
        labels = [hanzi for text in texts if (hanzi := _hanzi(text))]
        best = (
            process.extractOne(labels[-1], form.keys(), scorer=fuzz.ratio, score_cutoff=_ALIKE)
            if labels
            else ("",)
        )
        names = form.get(best[0], ()) if best else ()
        figures = texts[-len(names) :]
        if names and len(figures) == len(names) and not any(_hanzi(text) for text in figures):
            told |= {name: _value(name, text) for name, text in zip(names, figures, strict=True)}
    return told


def _rows_of_form(known: Mapping[str, object]) -> dict[str, list[str]]:
    """The names of the cells in each row of the form by the hanzi of the row's last label."""
    told: dict[str, list[str]] = {}
    for form in get_args(Form):
        for table in official_tables({name: name for name in known}, form).values():
            for row in rows_of(table):
                names = [cell.text for cell in row if cell.text in known]
                labels = [hanzi for cell in row if cell.text not in known and (hanzi := _hanzi(cell.text))]
                if names:
                    told[labels[-1] if labels else ""] = names
    return told


def _hanzi(text: str) -> str:
    return "".join(_HANZI.findall(normalize("NFKC", text)))


def _value(name: str, text: str) -> Number | None:
    if not _FIGURE.fullmatch(text):
        return None
    return round(float(text) * 10000) if name.endswith(".amount") else int(float(text))


def finders_table(found: Mapping[str, Sequence[Recovered]]) -> str:
    """Return a Markdown table: a line for each design of PDFs and each finder."""
    lines = [["PDFs", "finder", "cells", "right", "wrong", "CPU s a page"], ["---"] * 6]
    for design, rows in found.items():
        for row in rows:
            told = [design, row.finder]
            if row.failure:
                told += [row.failure, "", "", ""]
            else:
                told += [
                    *map(str, (row.cells, row.right, row.wrong)),
                    f"{row.seconds / max(row.pages, 1):.3f}",
                ]
            lines.append(told)
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
