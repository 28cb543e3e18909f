"""``gongkai annotate import``: labelled texts back from an annotation tool."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from ....annotations.formats import ImportProblem
from ....annotations.labelled import LabelledText, labelled_lines
from ....extraction.writers import open_output
from .format_option import FormatOption, format_called


def import_(
    folder: Annotated[
        Path,
        typer.Argument(help="The folder that was exported, with what the annotation tool gave back in it."),
    ],
    form: FormatOption,
    output: Annotated[
        str,
        typer.Option(
            "--output", "-o", help="The file to write, labelled texts as JSONL, '-' for standard output."
        ),
    ],
) -> None:
    """Read what an annotation tool gave back and write it as labelled texts.

    Example: gongkai annotate import out/label_studio --format label-studio -o corpus.jsonl

    Put the tool's export into the folder that `annotate export` wrote: it tells then which texts were edited or are
    missing. Exit status: 0 when everything was imported, 1 when something could not be (it is named, and the rest
    is written), 2 for wrong use.
    """
    chosen = format_called(form)
    if not folder.is_dir():
        raise typer.BadParameter(f"{folder} is no folder", param_hint="FOLDER")
    console = Console(stderr=True, highlight=False)
    texts: list[LabelledText] = []
    problems = 0
    for outcome in chosen.read(folder):
        if isinstance(outcome, ImportProblem):
            console.print(f"not imported: {outcome}", style="red", markup=False, soft_wrap=True)
            problems += 1
        else:
            texts.append(outcome)
    if not texts and not problems:
        raise typer.BadParameter(f"nothing of {chosen.name} in {folder}", param_hint="FOLDER")
    try:
        with open_output(output) as file:
            file.writelines(labelled_lines(texts))
    except OSError as error:
        console.print(f"gongkai: cannot write {output}: {error.strerror}", style="red", markup=False)
        raise typer.Exit(2) from None
    where = "standard output" if output == "-" else output
    console.print(f"{len(texts)} texts in {where}, {problems} problems", markup=False, soft_wrap=True)
    raise typer.Exit(1 if problems else 0)
