"""``gongkai annotate agreement``: how far two annotators agree."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from ....annotations.agreement import Agreement, AgreementError, Disagreement, pair_texts
from ....annotations.agreement import agreement as measure
from .inputs import labelled_of


def agreement(
    first: Annotated[Path, typer.Argument(help="What the first annotator labelled: .jsonl or corpus file.")],
    second: Annotated[Path, typer.Argument(help="What the second one labelled, of the same texts.")],
) -> None:
    """Print exact and overlap F1, Cohen's kappa and Krippendorff's alpha, and every disagreement in its context.

    Example: gongkai annotate agreement anna.jsonl ben.jsonl

    Exit status: 0, or 2 when the two have no text in common or a text differs.
    """
    try:
        found = measure(pair_texts(list(labelled_of([first])), list(labelled_of([second]))))
    except AgreementError as error:
        raise typer.BadParameter(str(error)) from None
    console = Console(highlight=False)
    console.print(_scores(found))
    console.print(_coefficients(found))
    for disagreement in found.disagreements:
        _print(console, disagreement)
    console.print(f"{found.texts} texts, {len(found.disagreements)} disagreements")


def _scores(found: Agreement) -> Table:
    table = Table(box=None, header_style="bold")
    table.add_column("", no_wrap=True)
    for head in ("exact F1", "overlap F1", "first", "second"):
        table.add_column(head, justify="right", no_wrap=True)
    certain = found.certain
    table.add_row(
        "facts both were certain of",
        "",
        f"{certain.f1:.3f}",
        str(certain.hits + certain.misses),
        str(certain.hits + certain.false_alarms),
    )
    for layer, exact in found.exact.items():
        counts = str(exact.hits + exact.misses), str(exact.hits + exact.false_alarms)
        table.add_row(layer, f"{exact.f1:.3f}", f"{found.overlapping[layer].f1:.3f}", *counts)
    return table


def _coefficients(found: Agreement) -> Table:
    table = Table(box=None, header_style="bold")
    table.add_column("facts by")
    table.add_column("Cohen's kappa", justify="right")
    table.add_column("Krippendorff's alpha", justify="right")
    for name, kappa in found.kappa.items():
        table.add_row(name, _number(kappa), _number(found.alpha[name]))
    table.add_row("metric, over characters", "", _number(found.alpha_characters))
    return table


def _number(coefficient: float | None) -> str:
    return "-" if coefficient is None else f"{coefficient:.3f}"


def _print(console: Console, d: Disagreement) -> None:
    around = f"…{d.before}【{d.words}】{d.after}…".replace("\n", "⏎")
    console.print(f"{d.text_id} at {d.start}, {d.layer}: {around}", markup=False, soft_wrap=True)
    console.print(f"    {d.first or '(not marked)'}", style="cyan", markup=False, soft_wrap=True)
    console.print(f"    {d.second or '(not marked)'}", style="magenta", markup=False, soft_wrap=True)
