"""``gongkai show``: one record for the eyes."""

from typing import Annotated

import typer
from rich.console import Console

from ...extraction.readers import UnreadableFileError, read_document
from .inputs import records_of
from .render import render_record


def show(
    file: Annotated[str, typer.Argument(help="A report file, or a .jsonl file of records.")],
    text: Annotated[
        bool, typer.Option("--text", help="Print the text that all offsets index, and nothing else.")
    ] = False,
) -> None:
    """Show what was read: meta, sections, tables with failed checks in red, facts, problems and improvements.

    Example: gongkai show examples/01_yunling_2022.txt

    Exit status: 0, or 1 when the file could not be read or is no annual report.
    """
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
    try:
        document = read_document(file)
    except UnreadableFileError as error:
        typer.echo(f"{file}: {error}", err=True)
        raise typer.Exit(1) from None
    typer.echo(document.text.encode("utf-8", "replace"), nl=False)
