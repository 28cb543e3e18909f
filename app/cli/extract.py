"""``gongkai extract``: reports in, one record each out."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.console import Console
from rich.table import Table

from ...extraction.batch import BatchError, Settings, WorkerError, find_inputs
from ...extraction.batch.inputs import inputs_of, read_list
from ...extraction.batch.manifest import InputLine
from ...extraction.batch.resume import Going
from ...extraction.batch.run import run_batch
from ...extraction.batch.settings import LEARNED, RULES_ALONE
from ...extraction.batch.stream import read_in_order
from ...extraction.record import Record
from ...extraction.writers import open_output
from ...models.files import DESCRIPTION, WeightsError
from .progress import batch_progress

_DEFAULT = Settings()
_SUMMARY_ROWS = 40
_NAMED = 200
_STATUS_STYLE = {"ok": "green", "partial": "yellow", "not_a_report": "red", "failed": "red"}
_INTERRUPTED = 130

Trouble = tuple[str, str, str]
"""A record's status, its source, and what went wrong."""


def extract(
    output: Annotated[
        str, typer.Option("--output", "-o", help="The file to write, '-' for standard output.")
    ],
    paths: Annotated[
        list[str] | None,
        typer.Argument(
            help="Report files, ZIP archives of them, folders, or patterns such as 'data/**/*.txt'."
        ),
    ] = None,
    list_file: Annotated[
        str | None,
        typer.Option("--list", help="A file with more paths, one a line; '-' for standard input."),
    ] = None,
    workers: Annotated[
        int | None, typer.Option(min=1, help="Processes that read side by side.", show_default="one a core")
    ] = None,
    time_limit: Annotated[
        float, typer.Option(min=0.1, help="Seconds that reading one document may take.")
    ] = _DEFAULT.time_limit,
    memory_limit: Annotated[
        int, typer.Option(min=512, help="Megabytes of memory that reading one document may take.")
    ] = _DEFAULT.memory_limit,
    resume: Annotated[
        bool,
        typer.Option(
            "--resume", help="Go on with a run that did not finish, or read what is new or changed."
        ),
    ] = False,
    retry_failed: Annotated[
        bool,
        typer.Option(
            "--retry-failed", help="As --resume, and read again what failed, also with other limits."
        ),
    ] = False,
    reader: Annotated[
        str,
        typer.Option(help="'learned' (the one shipped), 'rules' (them alone), or a trained one's folder."),
    ] = _DEFAULT.reader,
    engine: Annotated[
        Literal["local", "ray"],
        typer.Option(help="Read on this machine, or on a Ray cluster, into a folder of Parquet files."),
    ] = "local",
    address: Annotated[
        str | None,
        typer.Option(
            help="The address of the Ray cluster.",
            show_default="$RAY_ADDRESS, or the one that runs here, or one that is started here",
        ),
    ] = None,
) -> None:
    """Read reports and write one record each, a line of JSON.

    Example: gongkai extract examples/ -o records.jsonl

    A long run: gongkai extract reports/ -o records.jsonl --workers 8 --time-limit 300, and if it is killed or the
    disk is full, the same with --resume. Records are kept in records.jsonl.log until all are there; then
    records.jsonl appears, in the order of the files, with records.jsonl.manifest.json that tells how it was made.
    Files with the same bytes are read once. A document that breaks a limit or crashes its reader has a record with
    its error; the others are read.

    On a cluster: gongkai extract s3://bucket/reports/ -o s3://bucket/records/ --engine ray --address 10.0.0.1:6379.
    Paths must mean the same on every machine of it.

    Exit status: 0 when every report was read, 1 when some were not (they are named at the end and have a record
    with their error), 2 for wrong use or when the run could not go on, 130 when it was interrupted.
    """
    console = Console(stderr=True)
    files = _files(paths, list_file)
    if reader not in (LEARNED, RULES_ALONE) and not (Path(reader) / DESCRIPTION).is_file():
        raise typer.BadParameter(f"{reader} is no folder of a trained reader", param_hint="--reader")
    settings = Settings(reader, time_limit, memory_limit)
    going = Going(resume or retry_failed, retry_failed)
    if address and engine == "local":
        raise typer.BadParameter("only a cluster has an address: add --engine ray", param_hint="--address")
    try:
        if engine == "ray":
            bad = _onto_cluster(output, files, settings, workers, address, going, console)
        elif _is_stream(output):
            if going.resume:
                raise typer.BadParameter("only a run into a file can be gone on with", param_hint="--resume")
            bad = _into_stream(output, files, settings, workers, console)
        else:
            bad = _into_file(output, files, settings, workers, going, console)
    except (BatchError, WorkerError, WeightsError) as error:
        console.print(f"gongkai: {error}", style="red", markup=False, soft_wrap=True)
        raise typer.Exit(2) from None
    except OSError as error:
        console.print(f"gongkai: cannot write {output}: {error.strerror}", style="red", markup=False)
        raise typer.Exit(2) from None
    except KeyboardInterrupt:
        kept = "" if _is_stream(output) else ": go on with --resume"
        console.print(f"gongkai: interrupted{kept}", style="red", markup=False)
        raise typer.Exit(_INTERRUPTED) from None
    raise typer.Exit(1 if bad else 0)


def _files(paths: list[str] | None, list_file: str | None) -> list[str]:
    try:
        listed = [] if list_file is None else read_list(list_file)
    except OSError as error:
        raise typer.BadParameter(f"{list_file}: {error.strerror}", param_hint="--list") from None
    files = find_inputs([*(paths or ()), *listed])
    if not files:
        raise typer.BadParameter("no files there", param_hint="PATHS")
    return files


def _is_stream(output: str) -> bool:
    """Whether the output is standard output, a pipe or a device, which are written as they are."""
    path = Path(output)
    return output == "-" or (path.exists() and not path.is_file() and not path.is_dir())


def _into_file(
    output: str, files: list[str], settings: Settings, workers: int | None, going: Going, console: Console
) -> bool:
    """Return whether some record is not ok."""
    with batch_progress(console) as tell:
        finished = run_batch(output, files, settings, workers=workers, going=going, watch=tell)
    counts = finished.manifest.counts
    if sum(counts.values()) - counts["copies"] <= _SUMMARY_ROWS:
        with Path(output).open("rb") as lines:
            _print_table(console, map(Record.model_validate_json, lines))
    return _print_finished(console, finished.troubled, counts, output, f"{output}.manifest.json")


def _onto_cluster(
    output: str,
    files: list[str],
    settings: Settings,
    workers: int | None,
    address: str | None,
    going: Going,
    console: Console,
) -> bool:
    """Return whether some record is not ok."""
    try:
        from ...extraction.cluster.run import run_cluster  # noqa: PLC0415  # heavy, and an extra
    except ImportError as error:
        wrong = f'a cluster needs {error.name}, which is not installed: pip install "gongkai[cluster]"'
        raise typer.BadParameter(wrong, param_hint="--engine") from None
    if _is_stream(output):
        raise typer.BadParameter("a cluster writes into a folder: name one", param_hint="--output")
    with batch_progress(console) as tell:
        finished = run_cluster(
            output, files, settings, address=address, workers=workers, going=going, watch=tell
        )
    return _print_finished(
        console, finished.troubled, finished.manifest.counts, output, f"the records in {output}/errors"
    )


def _into_stream(
    output: str, files: list[str], settings: Settings, workers: int | None, console: Console
) -> bool:
    """Return whether some record is not ok."""
    inputs = list(inputs_of(files))
    counts: Counter[str] = Counter()
    troubled: list[Trouble] = []
    first: list[bytes] = []
    with open_output(output) as out, batch_progress(console) as tell:
        for number, outcome in enumerate(read_in_order(inputs, settings, workers)):
            out.write(outcome.line)
            counts[outcome.status] += 1
            if outcome.status != "ok" and len(troubled) < _NAMED:
                troubled.append((outcome.status, inputs[number].name, outcome.message or ""))
            if len(first) <= _SUMMARY_ROWS:
                first.append(outcome.line)
            tell(counts.total(), len(inputs), counts.total() - counts["ok"])
    if len(first) <= _SUMMARY_ROWS:
        _print_table(console, map(Record.model_validate_json, first))
    where = "standard output" if output == "-" else output
    _print_end(console, troubled, counts, where, "see the records")
    return counts["ok"] < counts.total()


def _print_table(console: Console, records: Iterable[Record]) -> None:
    table = Table(box=None, header_style="bold", padding=(0, 1, 0, 0))
    table.add_column("file", overflow="fold", min_width=15)
    table.add_column("agency", overflow="fold", min_width=15)
    for head in ("year", "tables"):
        table.add_column(head, no_wrap=True)
    for head in ("cells", "failed", "facts", "problems"):
        table.add_column(head, justify="right", no_wrap=True)
    table.add_column("status", no_wrap=True)
    for record in records:
        table.add_row(*_row(record))
    console.print(table)


def _row(record: Record) -> tuple[str, ...]:
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


def _print_finished(
    console: Console, lines: Iterable[InputLine], counted: Mapping[str, int], output: str, for_others: str
) -> bool:
    """Say how a batch ended; return whether some record is not ok."""
    counts = dict(counted)
    copies = counts.pop("copies")
    troubled = [(line.status, line.name, line.message or "") for line in lines]
    where = f"{output}, {copies} of them of copies" if copies else output
    _print_end(console, troubled, counts, where, f"see {for_others}")
    return counts.get("ok", 0) < sum(counts.values())


def _print_end(
    console: Console, troubled: Sequence[Trouble], counts: Mapping[str, int], where: str, for_others: str
) -> None:
    """Name what went wrong, and say what was written where."""
    for status, source, message in islice(troubled, _NAMED):
        console.print(f"{status}: {source}: {message}", style="red", markup=False, soft_wrap=True)
    others = sum(counts.values()) - counts.get("ok", 0) - len(troubled)
    if others:
        console.print(f"and {others} more: {for_others}", style="red", markup=False, soft_wrap=True)
    done = ", ".join(f"{count} {status}" for status, count in sorted(counts.items()))
    console.print(f"{sum(counts.values())} records in {where}: {done}", markup=False, soft_wrap=True)
