"""``gongkai show``: one record for the eyes."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from ...extraction.document import Document, Page
from ...extraction.labelling import as_extracted
from ...extraction.pipeline import extract_document
from ...extraction.readers import UnreadableFileError, read_document
from ...extraction.record import Record
from ...extraction.writers import open_output
from .inputs import records_of
from .render import render_record


def show(
    file: Annotated[str, typer.Argument(help="A report file, or a .jsonl file of records.")],
    text: Annotated[
        bool, typer.Option("--text", help="Print the text that all offsets index, and nothing else.")
    ] = False,
    page: Annotated[
        int | None, typer.Option(min=1, help="With --image: the page of a PDF or scan to draw, from 1.")
    ] = None,
    image: Annotated[
        str | None,
        typer.Option(help="Draw the page with what was read where on it, into this PNG file ('-': stdout)."),
    ] = None,
) -> None:
    """Show what was read: meta, sections, tables with failed checks in red, facts, problems and improvements.

    Example: gongkai show examples/01_yunling_2022.txt

    Where it was read: gongkai show --page 3 --image page3.png report.pdf

    Exit status: 0, 1 when the file could not be read or is no annual report, 2 for wrong use.
    """
    if image is not None:
        raise typer.Exit(1 if _draw(file, page or 1, image) else 0)
    if page is not None:
        raise typer.BadParameter("a page is drawn into a file: name it with --image", param_hint="--page")
    if text:
        _print_text(file)
        return
    console = Console(highlight=False)
    bad = False
    for record in records_of([file]):
        console.print(render_record(record))
        bad |= record.status in ("failed", "not_a_report")
    raise typer.Exit(1 if bad else 0)


def _print_text(file: str) -> None:
    typer.echo(_read(file).text.encode("utf-8", "replace"), nl=False)


def _read(file: str) -> Document:
    try:
        return read_document(file)
    except UnreadableFileError as error:
        typer.echo(f"{file}: {error}", err=True)
        raise typer.Exit(1) from None


def _draw(file: str, number: int, output: str) -> bool:
    """Return whether the file is no annual report."""
    from ..page_drawing import Heading, draw_page  # noqa: PLC0415  # needs an extra
    from ..page_marks import marks_of  # noqa: PLC0415
    from ..page_picture import picture_of  # noqa: PLC0415

    document = _read(file)
    page = _page(file, document, number)
    record = extract_document(document)
    try:
        picture = picture_of(Path(file).read_bytes(), page)
    except (UnreadableFileError, OSError) as error:
        typer.echo(f"{file}: page {number} cannot be drawn: {error}", err=True)
        raise typer.Exit(1) from None
    marks = marks_of(as_extracted(document, record), record, number)
    heading = Heading(_lines(record, page, len(document.pages)), _errors(record, number))
    try:
        with open_output(output) as out:
            out.write(draw_page(picture, marks, heading))
    except OSError as error:
        typer.echo(f"gongkai: cannot write {output}: {error.strerror}", err=True)
        raise typer.Exit(2) from None
    return record.status == "not_a_report"


def _page(file: str, document: Document, number: int) -> Page:
    """The page, or the command's end with a word on why there is none."""
    if not document.pages:
        typer.echo(
            f"{file}: this has no pages (it was read as {document.reader}): only pages of PDF files and scans can be drawn; "
            "'gongkai show' prints what was read in it",
            err=True,
        )
        raise typer.Exit(1)
    page = next((page for page in document.pages if page.number == number), None)
    if page:
        return page
    gap = next((gap for gap in document.gaps if gap.page == number), None)
    if gap:
        typer.echo(f"{file}: page {number}: {gap.message}", err=True)
        raise typer.Exit(1)
    raise typer.BadParameter(f"{file} has {len(document.pages)} pages", param_hint="--page")


def _lines(record: Record, page: Page, pages: int) -> list[str]:
    report = record.report
    how = "recognised from its image" if page.scanned else "text of the file"
    return [
        f"{report.source}, page {page.number} of {pages} ({how})",
        f"{report.title or '(no title)'} · {report.agency or '(no agency)'} · {report.year or '(no year)'} · {record.status}",
    ]


def _errors(record: Record, page: int) -> list[str]:
    return [f"{error.component}: {error.message}" for error in record.errors if error.page in (None, page)]
