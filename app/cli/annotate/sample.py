"""``gongkai annotate sample``: the passages most worth labelling next."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from ....annotations.labelled import labelled_lines
from ....annotations.passages import cut_passages
from ....annotations.sampling import Candidate, choose_passages
from ....extraction.writers import open_output
from .inputs import labelled_of


def sample(
    records: Annotated[
        list[Path], typer.Argument(help="Records (.jsonl), or other labelled texts with predictions.")
    ],
    output: Annotated[
        str, typer.Option("--output", "-o", help="The .jsonl to write, '-' for standard output.")
    ],
    count: Annotated[int, typer.Option("--count", "-n", min=1, help="How many passages.")] = 50,
) -> None:
    """Choose the passages most worth labelling: where predictions are unsure, metrics rare, and wordings unlike.

    Example: gongkai annotate sample records.jsonl -n 50 -o next.jsonl

    The passages keep their predictions; hand them to an annotation tool with gongkai annotate export.

    Exit status: 0, or 2 when a record cannot be read.
    """
    passages = (passage for text in labelled_of(records) for passage in cut_passages(text))
    chosen = choose_passages(passages, count)
    try:
        with open_output(output) as out:
            out.writelines(labelled_lines(candidate.text for candidate in chosen))
    except OSError as error:
        raise typer.BadParameter(f"cannot write {output}: {error.strerror}", param_hint="--output") from None
    console = Console(stderr=True)
    console.print(_table(chosen))
    console.print(f"{len(chosen)} passages in {'standard output' if output == '-' else output}", markup=False)


def _table(chosen: list[Candidate]) -> Table:
    table = Table(box=None, header_style="bold")
    for head in ("passage", "section"):
        table.add_column(head)
    for head in ("facts", "doubt", "rarity"):
        table.add_column(head, justify="right")
    for candidate in chosen:
        text = candidate.text
        numbers = str(len(text.facts)), f"{candidate.uncertainty:.2f}", f"{candidate.rarity:.2f}"
        table.add_row(text.id, text.sections[0].label, *numbers)
    return table
