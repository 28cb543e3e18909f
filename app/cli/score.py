"""``gongkai eval``: what the extraction is worth on the gold set."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from ...eval.gold import GOLD_FOLDER, GoldError, load_gold, report_path
from ...eval.score import Scores, score_record
from ...extraction.pipeline import extract


def score(
    reports: Annotated[
        Path, typer.Argument(help="The folder with the reports that the gold set was made from.")
    ],
    gold: Annotated[Path, typer.Option(help="The folder with the gold files.")] = GOLD_FOLDER,
) -> None:
    """Extract the gold set's reports and score the records.

    Example: gongkai eval ../shared/seeds

    Exit status: 0, or 2 when a report is missing or is not the one the gold was made from.
    """
    total = Scores()
    marked = load_gold(gold)
    if not marked:
        raise typer.BadParameter(f"no gold files in {gold}", param_hint="--gold")
    try:
        for truth in marked:
            total += score_record(truth, extract(report_path(truth, reports)))
    except GoldError as error:
        raise typer.BadParameter(str(error), param_hint="REPORTS") from None
    console = Console()
    console.print(_marks_table(total))
    console.print(_accuracy_table(total))
    console.print(
        f"{len(marked)} reports; {total.doubtful} uncertain gold facts were left out of the facts' scores."
    )


def _marks_table(scores: Scores) -> Table:
    table = Table(box=None, header_style="bold")
    table.add_column("")
    for head in ("precision", "recall", "F1", "hits", "false alarms", "misses"):
        table.add_column(head, justify="right")
    for name, s in scores.marks.items():
        rates = (f"{rate:.3f}" for rate in (s.precision, s.recall, s.f1))
        table.add_row(name, *rates, str(s.hits), str(s.false_alarms), str(s.misses))
    return table


def _accuracy_table(scores: Scores) -> Table:
    table = Table(box=None, header_style="bold")
    table.add_column("")
    table.add_column("accuracy", justify="right")
    table.add_column("right of", justify="right")
    for name, a in scores.accuracies.items():
        table.add_row(name, f"{a.right / a.total:.3f}" if a.total else "-", f"{a.right}/{a.total}")
    return table
