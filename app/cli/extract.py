"""``gongkai extract``: reports in, one record each out."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from ...extraction.batch import extract_files, find_inputs
from ...extraction.record import Record
from ...extraction.writers import json_line, open_output
from ...models.files import WeightsError

_SUMMARY_ROWS = 40
_STATUS_STYLE = {"ok": "green", "partial": "yellow", "not_a_report": "red", "failed": "red"}


def extract(
    paths: Annotated[
        list[str], typer.Argument(help="Report files, folders, or patterns such as 'data/**/*.txt'.")
    ],
    output: Annotated[
        str, typer.Option("--output", "-o", help="The file to write, '-' for standard output.")
    ],
) -> None:
    """Read reports and write one record each, a line of JSON.

    Example: gongkai extract examples/ -o records.jsonl

    Exit status: 0 when every report was read, 1 when some were not (they are named at the end and have a record
    with their error), 2 for wrong use.
    """
    console = Console(stderr=True)
    files = find_inputs(paths)
    if not files:
        raise typer.BadParameter("no files there", param_hint="PATHS")
    rows: list[tuple[str, ...]] = []
    counts: Counter[str] = Counter()
    bad: list[tuple[str, str, str]] = []
    try:
        with open_output(output) as out:
            for record in _with_progress(files, console):
                out.write(json_line(record))
                counts[record.status] += 1
                if record.status != "ok":
                    bad.append((record.status, record.report.source, record.errors[0].message))
                if len(rows) <= _SUMMARY_ROWS:
                    rows.append(_summary(record))
    except WeightsError as error:
        console.print(f"gongkai: {error}", style="red", markup=False, soft_wrap=True)
        raise typer.Exit(2) from None
    except OSError as error:
        console.print(f"gongkai: cannot write {output}: {error.strerror}", style="red", markup=False)
        raise typer.Exit(2) from None
    _report(console, rows, counts, bad, output)
    raise typer.Exit(1 if bad else 0)


def _with_progress(files: list[str], console: Console) -> Iterator[Record]:
    """The records of the files, behind a progress bar that stays away from short runs."""
    columns = (TextColumn("reading"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=len(files) < 100) as progress:
        yield from progress.track(extract_files(files), total=len(files))


def _summary(record: Record) -> tuple[str, ...]:
    report = record.report
    cells = Counter(cell.status for cell in record.statistics.values())
    printed = cells.total() - cells["absent"]
    told = printed - cells["unreadable"]
    failed = sum(check.outcome == "fail" for check in record.checks)
    style = _STATUS_STYLE[record.status]
    return (
        Path(report.source).name,
        report.agency or "-",
        str(report.year or "-"),
        report.edition,
        f"{told}/{printed}" if printed else "-",
        f"[red]{failed}[/red]" if failed else "0",
        str(len(record.facts)),
        str(len(record.problems)),
        f"[{style}]{record.status}[/{style}]",
    )


def _report(
    console: Console,
    rows: list[tuple[str, ...]],
    counts: Counter[str],
    bad: list[tuple[str, str, str]],
    output: str,
) -> None:
    if len(rows) <= _SUMMARY_ROWS:
        table = Table(box=None, header_style="bold", padding=(0, 1, 0, 0))
        table.add_column("file", overflow="fold", min_width=15)
        table.add_column("agency", overflow="fold", min_width=15)
        for head in ("year", "tables"):
            table.add_column(head, no_wrap=True)
        for head in ("cells", "failed", "facts", "problems"):
            table.add_column(head, justify="right", no_wrap=True)
        table.add_column("status", no_wrap=True)
        for row in rows:
            table.add_row(*row)
        console.print(table)
    for status, source, message in bad:
        console.print(f"{status}: {source}: {message}", style="red", markup=False, soft_wrap=True)
    done = ", ".join(f"{count} {status}" for status, count in sorted(counts.items()))
    where = "standard output" if output == "-" else output
    console.print(f"{counts.total()} records in {where}: {done}", markup=False, soft_wrap=True)
