"""Batches under load and under fire: ``python -m gongkai.eval.bench.batches`` prints all, or one part by its name.

All work in a folder of their own among the temporary files, on generated reports, and run ``gongkai extract`` as a
user does. ``kills`` mounts small file systems to fill them, where it may.
"""

import os
import resource
import tempfile
import time
from collections import Counter, defaultdict
from itertools import cycle
from pathlib import Path
from random import Random
from typing import Annotated, Any

import orjson
import typer

from ...extraction.batch.inputs import inputs_of
from ...extraction.batch.reading import read_outcome
from ...extraction.batch.settings import components_of
from .batch_kills import KILLS, Scene
from .batch_usage import Usage, extract_command, timed
from .generated import long_report, write_generated

app = typer.Typer(add_completion=False, rich_markup_mode=None)
_LENGTHS = (1_000, 5_000, 10_000, 50_000, 100_000, 500_000, 1_000_000, 5_000_000)
_WARM = 10_000
"""Characters of a report that is read first, for what is loaded once."""
_COUNTS = (1, 10, 100, 1_000, 5_000)
_FLAT = 5.0
"""Percent that a process's peak in the last quarter of a run may differ from that in the second."""
Reader = Annotated[str, typer.Option(help="As that of gongkai extract.")]


@app.callback(invoke_without_command=True)
def everything(context: typer.Context) -> None:
    """Print every figure, by the rules."""
    if context.invoked_subcommand is None:
        speed()
        kills()
        growth()
        sizes()


@app.command()
def speed(
    count: Annotated[int, typer.Option(help="Reports, a tenth of them damaged.")] = 20_000,
    reader: Reader = "rules",
    workers: Annotated[list[int] | None, typer.Option(help="Numbers of workers to compare.")] = None,
    rounds: Annotated[int, typer.Option(help="Rounds, of which the fastest run counts.")] = 1,
) -> None:
    """Print records, errors, reports a second, efficiency and memory of runs with 1 and 2 workers."""
    rates: defaultdict[int, float] = defaultdict(float)
    outputs: set[bytes] = set()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        unreadable = write_generated(folder / "reports", count)
        print(
            f"{count} reports, {len(unreadable)} of them damaged so that they cannot be read; reader: {reader}"
        )
        for number in (workers or [1, 2]) * rounds:
            output = folder / "records.jsonl"
            load = os.getloadavg()[0]
            seconds, usage = timed(extract_command(folder / "reports", output, reader, number))
            rates[number] = max(rates[number], count / seconds)
            print(f"{number} workers: {seconds:.0f} s, {count / seconds:.1f} reports a second", end="")
            print(f" (load average {load:.1f} before, {os.getloadavg()[0]:.1f} after)")
            told = orjson.loads(output.with_name(f"{output.name}.manifest.json").read_bytes())
            outputs.add(told["output_sha256"])
            _print_records(output, told, unreadable)
            _print_usage(usage, seconds, count)
            output.unlink()
    first = min(rates)
    for number, rate in rates.items():
        print(f"efficiency at {number} workers: {rate * first / (rates[first] * number):.2f}")
    print("outputs equal to the byte" if len(outputs) == 1 else "OUTPUTS DIFFER", flush=True)


@app.command()
def kills(
    count: Annotated[int, typer.Option(help="Reports, a tenth of them damaged.")] = 300,
    times: Annotated[int, typer.Option("--kills", help="How often to kill.")] = 30,
    reader: Reader = "rules",
    seed: int = 0,
) -> None:
    """Kill runs at random moments, resume them, and print how often the output is that of an undisturbed run."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_generated(folder / "reports", count)
        output = folder / "undisturbed.jsonl"
        seconds, _ = timed(extract_command(folder / "reports", output, reader, 2))
        scene = Scene(folder / "reports", reader, output.read_bytes(), Random(seed))
        print(f"{count} reports, undisturbed in {seconds:.1f} s, {len(scene.expected) / 1e6:.1f} MB")
        equal = 0
        for number, (what, kill) in zip(range(times), cycle(KILLS.items()), strict=False):
            place = folder / f"run{number}"
            place.mkdir()
            told = kill(scene, place)
            equal += told.is_equal
            outcome = "equal" if told.is_equal else "DIFFERENT"
            print(f"{number + 1:3} {what}: {told.state}, resumed {told.resumed} times, {outcome}", flush=True)
    print(f"{equal} of {times} outputs equal to the undisturbed run's, byte by byte", flush=True)


@app.command()
def growth(
    reader: Reader = "rules",
    longest: Annotated[int, typer.Option(help="Characters of the longest report.")] = _LENGTHS[-1],
) -> None:
    """Print the time, and the peak memory so far, of reports of 1,000 to 5,000,000 characters read in one process."""
    components = components_of(reader)
    print(f"seconds of a core, file to JSON line; reader: {reader}")
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "report.txt"
        for place, length in enumerate((_WARM, *(each for each in _LENGTHS if each <= longest))):
            path.write_text(long_report(length), "utf-8")
            (given,) = inputs_of([str(path)])
            began = time.process_time()
            outcome = read_outcome(given, components)
            seconds = time.process_time() - began
            if not place:
                continue
            facts = len(orjson.loads(outcome.line)["facts"])
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            told = f"{seconds:8.3f} s {seconds / length * 1e6:6.1f} µs a character {facts:7} facts {peak:6.0f} MB"
            print(f"{length:>9} characters {told}, {outcome.status}", flush=True)


@app.command()
def sizes(reader: Reader = "rules", workers: int = 2) -> None:
    """Print reports a second of batches of 1 to 5,000 reports, with the start of all processes."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for count in _COUNTS:
            reports, output = folder / f"{count}", folder / f"{count}.jsonl"
            write_generated(reports, count)
            seconds, usage = timed(extract_command(reports, output, reader, workers))
            told = f"{seconds:7.1f} s {count / seconds:6.1f} a second"
            cores = sum(usage.cores.values()) / seconds
            print(f"{count:>7} reports {told}, on {cores:.1f} cores on average", flush=True)


def _print_records(output: Path, told: dict[str, Any], unreadable: set[str]) -> None:
    """Print how many records there are, whether they are those of the inputs, in order, and which have failed."""
    names = [line["name"] for line in told["inputs"]]
    found: Counter[str] = Counter()
    with output.open("rb") as lines:
        for place, line in enumerate(lines):
            record = orjson.loads(line)
            source, status = record["report"]["source"], record["status"]
            found["in place"] += source == names[place]
            found[status] += 1
            found["failed, rightly"] += status == "failed" and source in unreadable
    statuses = ", ".join(f"{number} {what}" for what, number in told["counts"].items())
    print(f"  {found['in place']} records for {len(names)} inputs, in their order: {statuses}")
    right = found["failed, rightly"] == found["failed"] == len(unreadable)
    print(f"  those failed are {'just' if right else 'NOT'} those that cannot be read")
    times = sorted(line["seconds"] for line in told["inputs"] if line["copy_of"] is None)
    print(f"  a document takes {times[len(times) // 2] * 1e3:.0f} ms (median), {times[-1]:.2f} s at most")


def _print_usage(usage: Usage, seconds: float, count: int) -> None:
    """Print what the processes of a run took."""
    parent, *readers = usage.cores.values()
    print(
        f"  a report takes {1e3 * parent / count:.2f} ms of a core in the parent, "
        f"{1e3 * sum(readers) / count:.1f} ms in the workers, "
        f"which had a core {100 * sum(readers) / seconds / max(1, len(readers)):.0f} % of the time"
    )
    for place, peaks in enumerate(usage.quarters(seconds).values()):
        change = 100 * (peaks[3] / peaks[1] - 1)
        who = f"worker {place}" if place else "parent"
        by_quarter = " ".join(f"{peak:.0f}" for peak in peaks)
        flat = "flat" if abs(change) <= _FLAT else "NOT FLAT"
        print(f"  {who}: peaks by quarter {by_quarter} MB, last against second {change:+.1f} %, {flat}")


if __name__ == "__main__":
    app()
