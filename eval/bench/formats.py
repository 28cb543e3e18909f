"""Reports in every format, read and compared with what is known of them: ``python -m gongkai.eval.bench.formats``.

Files are made by Chromium and LibreOffice from the example reports and those of the corpus, once, and kept in a folder.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice
from pathlib import Path
from typing import Annotated

import typer

from ...extraction.components import RULES, Components, shipped
from ...extraction.record import Record
from ..baselines.results import check_markers, write_between_markers
from .formats_finders import FINDERS, Recovered, finders_table, recovered, recovered_by_gongkai
from .formats_marks import Marks, Truth, differences, marks_of, read_record, truth_of
from .formats_stages import Stages, busy, staged, stages_table
from .report_parts import Report, reports

try:
    from ...extraction.readers.scan.recognition import recogniser
    from .formats_files import FILES, scans
    from .rendering import RenderingError
except ModuleNotFoundError as error:
    raise ModuleNotFoundError(f'{error.name} is not installed: pip install "gongkai[bench]"') from error

_RESOLUTIONS = (200,)
_DESIGNS_OF_FINDERS = ("chromium official", "chromium headed", "chromium unruled", "libreoffice official")


class Format(StrEnum):
    """What can be measured; ``finders`` are the table finders of other libraries, on the same PDFs."""

    TEXT = "text"
    HTML = "html"
    DOCX = "docx"
    DOC = "doc"
    PDF = "pdf"
    SCAN = "scan"
    FINDERS = "finders"


@dataclass(frozen=True, slots=True)
class Measured:
    """What came out of the files of one design, the seconds of a core it took, and their pages."""

    design: str
    marks: Marks
    seconds: float
    pages: int


def main(
    format: Annotated[list[Format] | None, typer.Option(help="Formats to measure; all but scans.")] = None,
    reports: Annotated[
        int | None, typer.Option(help="How many reports: the examples first, then some of the corpus.")
    ] = None,
    dpi: Annotated[list[int] | None, typer.Option(help="Resolutions of scans.")] = None,
    design: Annotated[list[str] | None, typer.Option(help="Only these designs, by their names.")] = None,
    folder: Annotated[Path, typer.Option(help="Where the files are kept.")] = Path("out/formats"),
    examples: Annotated[Path, typer.Option(help="The folder of the example reports.")] = Path("examples"),
    learned: Annotated[bool, typer.Option(help="Read with the shipped reader instead of the rules.")] = False,
    show: Annotated[bool, typer.Option(help="Print what each report tells otherwise.")] = False,
    write: Annotated[
        Path | None, typer.Option(help="A document whose tables, between markers, are replaced.")
    ] = None,
) -> None:
    """Print how much of the reports comes out of the files of each format, and how long it takes."""
    components = shipped() if learned else RULES
    chosen = format or [one for one in Format if one not in {Format.SCAN, Format.FINDERS}]
    if write:
        for one in chosen:
            check_markers(write, one)
    told = choose_reports(examples, reports)
    try:
        for one in chosen:
            words = _measured(one, told, folder, components, dpi or _RESOLUTIONS, design, show)
            print(words, flush=True)
            if write:
                write_between_markers(write, words, one)
    except RenderingError as error:
        raise typer.Exit(_complain(str(error))) from None


def choose_reports(examples: Path, count: int | None) -> list[Report]:
    """Return ``count`` reports (None: all): the examples, then reports from all over the corpus."""
    told = reports(examples)
    first = len(list(examples.glob("*.txt")))
    if count is None or count <= first:
        return list(islice(told, count))
    chosen, rest = list(islice(told, first)), list(told)
    more = min(count - first, len(rest))
    return [*chosen, *(rest[i * len(rest) // more] for i in range(more))]


def _complain(message: str) -> int:
    typer.echo(message, err=True)
    return 2


def _measured(
    format: Format,
    told: Sequence[Report],
    folder: Path,
    components: Components,
    resolutions: Sequence[int],
    designs: Sequence[str] | None,
    show: bool,
) -> str:
    """The table of one format."""
    if format is Format.FINDERS:
        return _finders(told, folder, components, designs or _DESIGNS_OF_FINDERS)
    makes = scans(resolutions) if format is Format.SCAN else FILES[format]
    makes = {name: make for name, make in makes.items() if not designs or name in designs}
    truths = [truth_of(report, components) for report in told]
    rows: list[Measured] = []
    stages: dict[str, Stages] = {}
    for name, make in makes.items():
        files = make(told, folder)
        if format is Format.SCAN:
            recogniser()  # loaded before the clock runs
            with staged() as stages[name]:
                rows.append(_row(name, files, truths, components, show))
        else:
            rows.append(_row(name, files, truths, components, show))
        print(_line(rows[-1]), flush=True)
    table = formats_table(rows)
    if stages:
        table += "\n\n" + stages_table(stages, {row.design: row.pages for row in rows})
    return table


def _row(
    name: str, files: Sequence[Path], truths: Sequence[Truth], components: Components, show: bool
) -> Measured:
    marks, seconds, pages = Marks(), 0.0, 0
    for path, truth in zip(files, truths, strict=True):
        begin = busy()
        record = read_record(path, components)
        seconds += busy() - begin
        pages += record.report.pages or 0
        marks += marks_of(record, truth)
        if show:
            print(*_shown(name, path, record, truth), sep="\n", end="", flush=True)
    return Measured(name, marks, seconds, pages)


def _shown(name: str, path: Path, record: Record, truth: Truth) -> Iterator[str]:
    for difference in differences(record, truth):
        yield f"{name}, {path.name}: {difference}"
    yield ""


def _finders(told: Sequence[Report], folder: Path, components: Components, designs: Sequence[str]) -> str:
    found: dict[str, list[Recovered]] = {}
    for design in designs:
        files = FILES["pdf"][design](told, folder)
        found[design] = [recovered_by_gongkai(told, files, components)]
        found[design] += [recovered(name, told, files) for name in FINDERS]
    return finders_table(found)


_HEAD = (
    "", "reports", "cells", "right", "unreadable", "wrong", "facts", "found", "added", "statements", "kept", "invented",
    "sections alike", "title, agency, year alike",
)  # fmt: skip


def formats_table(rows: Sequence[Measured]) -> str:
    """Return a Markdown table with a line for each design."""
    unit = "page" if any(row.pages for row in rows) else "report"
    head = [*_HEAD, f"CPU s a {unit}"]
    return "\n".join([f"| {' | '.join(head)} |", f"|{' --- |' * len(head)}", *(_line(row) for row in rows)])


def _line(row: Measured) -> str:
    marks = row.marks
    cells = [
        row.design, marks.reports, marks.cells, marks.right, marks.unreadable, marks.wrong, marks.facts, marks.found,
        marks.added, marks.statements, marks.kept, marks.invented, marks.sections, marks.heads,
        f"{row.seconds / (row.pages or marks.reports):.3f}",
    ]  # fmt: skip
    return f"| {' | '.join(map(str, cells))} |"


if __name__ == "__main__":
    typer.run(main)
