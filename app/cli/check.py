"""``gongkai check``: only the accounting and consistency findings."""

from typing import Annotated

import typer
from rich.console import Console

from ...extraction.record import Record
from .inputs import records_of
from .render import finding_line


def check(
    files: Annotated[
        list[str], typer.Argument(help="Report files, folders, patterns, or .jsonl files of records.")
    ],
) -> None:
    """Print what does not add up: in the tables, between tables and prose, and within the prose.

    Example: gongkai check examples/*.txt

    Exit status: 0 when every check passes, 1 when one fails or a file cannot be read; warnings (hedged or rounded
    figures, parts that need not be complete) are printed but do not count.
    """
    console = Console(highlight=False)
    failed = False
    for record in records_of(files):
        failed |= _print_findings(console, record)
    raise typer.Exit(1 if failed else 0)


def _print_findings(console: Console, record: Record) -> bool:
    """Print one record's findings; return whether an error is among them."""
    findings = [check for check in record.checks if check.outcome == "fail"]
    assessed = sum(check.outcome != "not_assessable" for check in record.checks)
    console.print(
        f"{record.report.source}: {assessed} checks, {len(findings)} failed, "
        f"{len(record.checks) - assessed} not assessable",
        style="bold",
        markup=False,
        soft_wrap=True,
    )
    for error in record.errors:
        console.print(f"  {record.status}: {error.message}", style="red", markup=False, soft_wrap=True)
    for finding in findings:
        style = "red" if finding.severity == "error" else "yellow"
        console.print(f"  {finding_line(finding)}", style=style, markup=False, soft_wrap=True)
        for index in finding.facts:
            fact = record.facts[index]
            console.print(f"    {fact.text}: {fact.sentence}", style="dim", markup=False, soft_wrap=True)
    return bool(record.errors) or any(finding.severity == "error" for finding in findings)
