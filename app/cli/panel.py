"""``gongkai panel``: records into a data set ready for analysis."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from ...panel.decisions import Decision
    from ...panel.inputs import Rejected
    from ...panel.tidy_tables import Counts

_NEEDS_A_LOOK = {
    "reports without an agency or a year, in reports but not in the panel": (
        "reports WHERE status IN ('ok', 'partial') AND (agency_id IS NULL OR year IS NULL)"
    ),
    "files that were not read or are no reports (table errors)": "reports WHERE status IN ('failed', 'not_a_report')",
    "more reports on a year that another report is chosen for (table duplicates)": "duplicates",
    "pairs of agencies that may be one (table doubtful_pairs, decisions.csv)": "doubtful_pairs",
    "figures that disagree with the year before (view cross_year_failures)": "cross_year_failures",
    "decisions that do not fit (table decisions): an agency is not here, or the rules take both for one": (
        "decisions WHERE outcome = 'agency not here' "
        "OR (outcome = 'one agency by the rules' AND decision = 'different')"
    ),
    "years missing between an agency's first and last (table missing_years)": "missing_years WHERE kind = 'gap'",
}
_FILES = (".duckdb", ".csv", ".xlsx", ".parquet")


def make_panel(
    records: Annotated[
        list[str] | None,
        typer.Argument(
            help="Files of records (.jsonl or .parquet), folders of them, or patterns. None of them to work on "
            "a database that is there."
        ),
    ] = None,
    *,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            help="A .duckdb file, made or added to; a .csv, .xlsx or .parquet file; or a folder for all of them.",
        ),
    ] = None,
    plots: Annotated[
        Path | None, typer.Option(help="A folder for plots: SVG, PNG, and their numbers.")
    ] = None,
    html: Annotated[
        Path | None, typer.Option(help="A page with the plots, tables and flags, in one file.")
    ] = None,
    decisions: Annotated[
        Path | None,
        typer.Option(
            help="A CSV file that tells which doubtful pairs of agencies are one and which two: decisions.csv of the "
            "output folder, filled in. The one in the folder itself is read without this option."
        ),
    ] = None,
) -> None:
    """Make a panel of agencies and years, with all that was read in tidy tables beside it.

    Example: gongkai panel records.jsonl -o dataset/ --plots plots/ --html report.html

    Records added to a database that has them already change nothing; a new reading of a report replaces the old one.

    Agencies that may be one are listed in decisions.csv. Write 同一 (same) or 不同 (different) into its first column and
    run this again: gongkai panel -o dataset/

    Exit status: 0 when every record was taken, 1 when some were not (they are named), 2 for wrong use or where
    nothing could be written.
    """
    if output is None and plots is None and html is None:
        raise typer.BadParameter("nothing to make: give -o, --plots or --html")
    if output is not None and output.suffix not in ("", *_FILES) and not output.is_dir():
        raise typer.BadParameter(f"{output}: write a folder or one of {', '.join(_FILES)}", param_hint="-o")
    console = Console(stderr=True)
    lines, status = _tried(records or [], output, plots, html, decisions, console)
    for line in lines:
        console.print(line, style="red", markup=False, soft_wrap=True)
    raise typer.Exit(status)


def _tried(
    records: list[str],
    output: Path | None,
    plots: Path | None,
    html: Path | None,
    decisions: Path | None,
    console: Console,
) -> tuple[list[str], int]:
    """Make all; return what went wrong, a line each, and the exit status."""
    import duckdb  # noqa: PLC0415  # heavy, and an extra

    from ...panel.database import DatabaseError  # noqa: PLC0415
    from ...panel.decisions import DecisionsError  # noqa: PLC0415
    from ...panel.exports import ExportError  # noqa: PLC0415
    from ...panel.inputs import RecordsError, Rejected  # noqa: PLC0415

    rejected = Rejected()
    try:
        _make(records, output, plots, html, decisions, rejected, console)
    except (RecordsError, DatabaseError, DecisionsError, ExportError) as error:
        return [*rejected.lines(), f"gongkai: {error}"], 2
    except OSError as error:
        return [f"gongkai: cannot write {error.filename or output}: {error.strerror}"], 2
    except duckdb.Error as error:
        is_full = "No space left" in str(error)
        reason = "no space left on the disk" if is_full else str(error).splitlines()[0]
        return [f"gongkai: cannot write {output}: {reason}"], 2
    return rejected.lines(), 1 if rejected.count else 0


def _make(
    records: list[str],
    output: Path | None,
    plots: Path | None,
    html: Path | None,
    decisions: Path | None,
    rejected: "Rejected",
    console: Console,
) -> None:
    from ...panel.build import add_records  # noqa: PLC0415
    from ...panel.database import open_database  # noqa: PLC0415
    from ...panel.exports import write_output  # noqa: PLC0415
    from ...panel.inputs import RecordsError, record_files, record_lines  # noqa: PLC0415

    files = record_files(records)
    database = _database(output)
    if not records and not (database and database.is_file()):
        raise RecordsError("no records: name files of records, or by -o a database that is there")
    told = _decisions(output, decisions, console)
    with open_database(database) as connection:
        counts = add_records(connection, _watched(record_lines(files, rejected), console), told)
        if records and not counts.total:
            raise RecordsError(f"no record in {', '.join(records)}")
        if output is not None:
            write_output(connection, output)
        _draw(connection, plots, html)
        _report(connection, counts, console)
    for made in filter(None, (output, plots, html)):
        console.print(f"written: {made}", markup=False, soft_wrap=True)


def _database(output: Path | None) -> Path | None:
    """The database that an output names or holds, None where there is none to keep."""
    from ...panel.exports import DATABASE  # noqa: PLC0415

    if output is None:
        return None
    if output.suffix not in _FILES or output.is_dir():
        return output / DATABASE
    return output if output.suffix == ".duckdb" else None


def _decisions(output: Path | None, given: Path | None, console: Console) -> "list[Decision]":
    """The decisions of the output folder's own file and, after them, of the one that is given."""
    from ...panel.decisions import read_decisions  # noqa: PLC0415
    from ...panel.exports import DECISIONS  # noqa: PLC0415

    own = output / DECISIONS if output and output.is_dir() else None
    found: list[Decision] = []
    for path in filter(None, (own if own and own.is_file() else None, given)):
        told = read_decisions(path)
        found += told
        if told or path == given:
            console.print(f"{path}: {len(told)} decisions on agencies", markup=False, soft_wrap=True)
    return found


def _draw(connection: "DuckDBPyConnection", plots: Path | None, html: Path | None) -> None:
    if plots is None and html is None:
        return
    from ...panel.figures import figures_of  # noqa: PLC0415
    from ...panel.page import write_page  # noqa: PLC0415
    from ...panel.plots import save_figure  # noqa: PLC0415

    figures = figures_of(connection)
    for figure in figures if plots is not None else ():
        if figure.rows and plots is not None:
            save_figure(figure, plots)
    if html is not None:
        write_page(connection, figures, html)


def _watched(lines: Iterable[str], console: Console) -> Iterator[str]:
    """The records, counted on the terminal as they come."""
    columns = (SpinnerColumn(), TextColumn("{task.completed} records"), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        yield from progress.track(lines, total=None)


def _report(connection: "DuckDBPyConnection", counts: "Counts", console: Console) -> None:
    """What became of the records, and what in the data set needs a look."""
    if counts.total:
        console.print(
            f"reports: {counts.new} new, {counts.replaced} replaced, {counts.unchanged} known already"
        )
    row = connection.execute(
        "SELECT count(*), count(DISTINCT agency_id), min(year), max(year) FROM panel"
    ).fetchone()
    if row and row[0]:
        console.print(f"panel: {row[0]} rows, {row[1]} agencies, {row[2]} to {row[3]}")
    for words, query in _NEEDS_A_LOOK.items():
        found = connection.execute(f"SELECT count(*) FROM {query}").fetchone()
        if found and found[0]:
            console.print(f"  {found[0]} {words}", style="yellow", markup=False)
