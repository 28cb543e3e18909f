"""``gongkai annotate export``: labelled texts out, in the format of an annotation tool."""

from collections import Counter, defaultdict
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from ....annotations.formats import Loss
from .format_option import FormatOption, format_called
from .inputs import labelled_of


def export(
    records: Annotated[
        list[Path],
        typer.Argument(
            help="Records or labelled texts (.jsonl), corpus files in inline markup (.txt), or folders."
        ),
    ],
    form: FormatOption,
    output: Annotated[
        Path, typer.Option("--output", "-o", help="The folder to write, a new or an empty one.")
    ],
) -> None:
    """Write labelled texts in a format of annotation tools, and print what that format has no place for.

    Example: gongkai annotate export records.jsonl --format label-studio -o out/label_studio

    Exit status: 0, or 2 for wrong use; what is left out is printed but does not count.
    """
    chosen = format_called(form)
    if output.exists() and (not output.is_dir() or any(output.iterdir())):
        raise typer.BadParameter(f"{output} is there already and not an empty folder", param_hint="-o")
    texts = list(labelled_of(records))
    console = Console(stderr=True, highlight=False)
    try:
        output.mkdir(parents=True, exist_ok=True)
        losses = chosen.write(texts, output)
    except OSError as error:
        console.print(f"gongkai: cannot write {output}: {error.strerror}", style="red", markup=False)
        raise typer.Exit(2) from None
    for line in _told(losses):
        console.print(line, style="yellow", markup=False, soft_wrap=True)
    left_out = "" if losses else "; nothing was left out"
    told = f"{chosen.name} of {len(texts)} texts written to {output}{left_out}"
    console.print(told, markup=False, soft_wrap=True)
    if chosen.hint:
        console.print(f"next: {chosen.hint}", markup=False, soft_wrap=True)


def _told(losses: list[Loss]) -> list[str]:
    """What was left out, a line a kind, with the texts it concerns."""
    counts: Counter[str] = Counter()
    texts: defaultdict[str, dict[str, None]] = defaultdict(dict)
    for loss in losses:
        counts[loss.what] += loss.count
        texts[loss.what][loss.text_id] = None
    return [f"left out: {count} {what} ({', '.join(texts[what])})" for what, count in counts.items()]
