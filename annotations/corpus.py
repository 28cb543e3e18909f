"""The corpus: whole reports and passages written for this project, in inline markup.

A corpus file holds documents. Each begins with ``=== id`` and a head of YAML, ends its head with ``---``, and then is
text in the markup of `markup.py`::

    === jl-007
    agency: 云岭市公安局
    kind: city_police
    region: 云东省 云岭市
    year: 2022
    section: overview.disclosure
    ---
    （一）主动公开。2022年，...

``section`` is a passage's label and covers its text; a whole report marks its sections in the text instead and gives
``title``, ``edition`` and, where it has tables, ``cells``: for each row of a table its figures in the order of the
scheme's columns, as printed, ``_`` for a blank; a figure that is stored otherwise than printed (万元) as
``123000(12.3)``. ``region`` is province, city and county, ``_`` for one that is not told. ``noise`` names the damage put in.
"""

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import Field, ValidationError

from .kinds import Edition, Number
from .labelled import LabelledCell, LabelledReport, LabelledSection, LabelledText, Model, Region
from .markup import Marks, MarkupError, parse_markup
from .scheme import scheme

CORPUS_FOLDER = Path(__file__).parent / "corpus"
NATURAL_FOLDER = Path(__file__).parent / "natural"
"""Texts as dense and as plain as reports are, which the corpus is not: never learned from, but decisions are fitted on
them."""
Part = Literal["train", "dev"]
AgencyKind = Literal[
    "ministry",
    "province_police",
    "city_police",
    "county_police",
    "district_police",
    "traffic_police",
    "department",
    "government",
    "township",
]

_DEV_SHARE = 5
"""One agency in so many is in the dev part."""
_DOCUMENT = re.compile(r"^=== ", re.MULTILINE)
_CELL = re.compile(r"(?P<value>-?\d+(?:\.\d+)?)(?:\((?P<printed>[^()]+)\))?")


class CorpusError(Exception):
    """A document of the corpus cannot be read; the message names file, line and what was wrong."""


class _Head(Model):
    agency: str
    kind: AgencyKind
    region: str
    year: int = Field(ge=2008, le=2030)
    section: str | None = None
    title: str | None = None
    edition: Edition = "none"
    layout: str | None = None
    noise: list[str] = Field(default_factory=list[str])
    cells: dict[str, str] = Field(default_factory=dict[str, str])


def read_corpus(folder: Path = CORPUS_FOLDER) -> list[LabelledText]:
    """Return all documents of the corpus files in ``folder``, by file name.

    Raises `CorpusError`.
    """
    return [text for path in sorted(folder.glob("*.txt")) for text in read_corpus_file(path)]


def read_corpus_file(path: Path) -> list[LabelledText]:
    """Return the documents of one corpus file.

    Raises `CorpusError` at the first document that cannot be read.
    """
    documents: list[LabelledText] = []
    for outcome in try_corpus_file(path):
        if isinstance(outcome, CorpusError):
            raise outcome
        documents.append(outcome)
    return documents


def try_corpus_file(path: Path) -> Iterator[LabelledText | CorpusError]:
    """Yield each document of a corpus file, or what is wrong with it."""
    content = path.read_text("utf-8")
    starts = [match.start() for match in _DOCUMENT.finditer(content)]
    if not starts:
        yield CorpusError(f"{path}: no document; one begins with a line '=== id'")
    for start, end in zip(starts, [*starts[1:], len(content)], strict=False):
        line = content.count("\n", 0, start) + 1
        try:
            yield _document(content[start:end], line)
        except MarkupError as error:
            yield CorpusError(f"{path}, line {error.line}: {error}")


def part_of(text: LabelledText) -> Part:
    """Return the part a document belongs to: all documents of one agency lie in the same one."""
    digest = hashlib.sha256((text.report.agency or text.id).encode()).digest()
    return "dev" if digest[0] % _DEV_SHARE == 0 else "train"


def _document(content: str, line: int) -> LabelledText:
    """One document; ``line`` is its first line in the file. Raises `MarkupError` with the line in the file."""
    first, _, rest = content.partition("\n")
    head, bar, body = rest.partition("\n---\n")
    if not bar:
        raise MarkupError(line, "no line '---' after the head")
    meta = _head(head, line)
    stripped = body.lstrip("\n")
    offset = line + 1 + head.count("\n") + 2 + len(body) - len(stripped)
    try:
        marks = parse_markup(stripped.rstrip())
        sections = _sections(meta, marks)
    except MarkupError as error:
        raise MarkupError(error.line + offset - 1, str(error)) from None
    return LabelledText(
        id=first.removeprefix("=== ").strip(),
        text=marks.text,
        report=LabelledReport(
            title=meta.title,
            agency=meta.agency,
            kind=meta.kind,
            region=_region(meta.region),
            year=meta.year,
            edition=meta.edition,
        ),
        noise=tuple(meta.noise),
        sections=sections,
        cells=_cells(meta.cells, line),
        channels=marks.channels,
        facts=marks.facts,
        problems=marks.problems,
        improvements=marks.improvements,
    )


def _head(head: str, line: int) -> _Head:
    try:
        raw: Any = yaml.load(head, yaml.BaseLoader)  # makes nothing but strings, lists and dicts
        return _Head.model_validate(raw)
    except yaml.YAMLError as error:
        raise MarkupError(line, f"the head is no YAML: {error}") from None
    except ValidationError as error:
        first = error.errors()[0]
        raise MarkupError(line, f"head: {'.'.join(map(str, first['loc']))}: {first['msg']}") from None


def _sections(meta: _Head, marks: Marks) -> tuple[LabelledSection, ...]:
    if meta.section is None:
        if not marks.sections:
            raise MarkupError(1, "neither 'section' in the head nor <sections> in the text")
        return marks.sections
    if marks.sections:
        raise MarkupError(1, "'section' in the head and <sections> in the text; keep one")
    if meta.section not in scheme().sections:
        raise MarkupError(1, f"'{meta.section}' is no section of the scheme")
    return (LabelledSection(label=meta.section, start=0, end=len(marks.text)),)


def _region(words: str) -> Region:
    province, city, county, *_ = (*words.split(), None, None, None)
    return Region(province=_named(province), city=_named(city), county=_named(county))


def _named(word: str | None) -> str | None:
    return None if word in (None, "_") else word


def _cells(rows: dict[str, str], line: int) -> dict[str, LabelledCell]:
    cells: dict[str, LabelledCell] = {}
    for row, figures in rows.items():
        ids = [cell for cell in scheme().tables.get(row.split(".")[0], ()) if cell.rsplit(".", 1)[0] == row]
        printed = figures.split()
        if len(ids) != len(printed):
            raise MarkupError(
                line, f"cells: {row}: {len(printed)} figures for {len(ids)} columns of the scheme"
            )
        cells |= {cell: _cell(figure, row, line) for cell, figure in zip(ids, printed, strict=True)}
    return cells


def _cell(figure: str, row: str, line: int) -> LabelledCell:
    if figure == "_":
        return LabelledCell(value=None, printed="")
    match = _CELL.fullmatch(figure)
    if not match:
        raise MarkupError(line, f"cells: {row}: '{figure}' is no figure")
    value: Number = float(match["value"]) if "." in match["value"] else int(match["value"])
    return LabelledCell(value=value, printed=match["printed"] or match["value"])
