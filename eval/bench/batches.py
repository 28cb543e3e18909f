"""Batches under load and under fire: ``python -m gongkai.eval.bench.batches speed`` and ``... kills``.

Both work in a folder of their own among the temporary files, on generated reports, and run ``gongkai extract`` as a
user does. ``kills`` mounts small file systems to fill them, where it may.
"""

import json
import signal
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path
from random import Random
from typing import Annotated, Any

import psutil
import typer

from .generated import write_generated

app = typer.Typer(add_completion=False, rich_markup_mode=None)
_SAMPLE_EVERY = 0.5
Reader = Annotated[str, typer.Option(help="As that of gongkai extract.")]


@dataclass(slots=True)
class Memory:
    """Megabytes of each process of a run over time: pairs of seconds and size by process number."""

    samples: dict[int, list[tuple[float, float]]] = field(
        default_factory=lambda: defaultdict[int, list[tuple[float, float]]](list)
    )

    def sample(self, root: psutil.Process, at: float) -> None:
        """Look at a run's processes once."""
        with suppress(psutil.Error):
            for process in (root, *root.children(recursive=True)):
                with suppress(psutil.Error):
                    self.samples[process.pid].append((at, process.memory_info().rss / 1024 / 1024))

    def quarters(self, seconds: float) -> dict[int, list[float]]:
        """Return the peaks in each quarter of a run of so many seconds, of the processes there in all of them."""
        found: dict[int, list[float]] = {}
        for pid, samples in self.samples.items():
            peaks = [0.0] * 4
            for at, size in samples:
                quarter = min(3, int(4 * at / seconds))
                peaks[quarter] = max(peaks[quarter], size)
            if all(peaks):
                found[pid] = peaks
        return found


@app.command()
def speed(
    count: Annotated[int, typer.Option(help="Reports, a tenth of them damaged.")] = 20_000,
    reader: Reader = "rules",
    workers: Annotated[list[int] | None, typer.Option(help="Numbers of workers to compare.")] = None,
) -> None:
    """Print records, errors, reports a second, efficiency and memory of runs with 1 and 2 workers."""
    rates: dict[int, float] = {}
    outputs: set[bytes] = set()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        unreadable = write_generated(folder / "reports", count)
        print(f"{count} reports, {unreadable} of them damaged so that they cannot be read; reader: {reader}")
        for number in workers or [1, 2]:
            output = folder / f"{number}.jsonl"
            seconds, memory = _timed(_command(folder, output, reader, number))
            told = json.loads(output.with_name(f"{output.name}.manifest.json").read_bytes())
            records = output.read_bytes().count(b"\n")
            rates[number] = count / seconds
            outputs.add(told["output_sha256"])
            print(f"{number} workers: {seconds:.0f} s, {rates[number]:.1f} reports a second")
            print(
                f"  {records} records; "
                + ", ".join(f"{n} {status}" for status, n in told["counts"].items())
                + f"; {_slowest(told)}"
            )
            for place, peaks in enumerate(memory.quarters(seconds).values()):
                change = 100 * (peaks[3] / peaks[1] - 1)
                who = "parent" if not place else f"worker {place}"
                print(
                    f"  {who}: peaks by quarter {' '.join(f'{p:.0f}' for p in peaks)} MB, last against second {change:+.1f} %"
                )
            output.unlink()
    first = min(rates)
    for number, rate in rates.items():
        print(f"efficiency at {number} workers: {rate * first / (rates[first] * number):.2f}")
    print("outputs equal to the byte" if len(outputs) == 1 else "OUTPUTS DIFFER")


@dataclass(slots=True)
class Scene:
    """Where kills happen: the folder with the reports, and what an undisturbed run wrote."""

    folder: Path
    reader: str
    expected: bytes
    random: Random

    def start(self, output: Path, *more: str) -> "subprocess.Popen[bytes]":
        """Start a run."""
        return subprocess.Popen(
            _command(self.folder, output, self.reader, 2, *more),
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def wait_a_while(self, run: "subprocess.Popen[bytes]", output: Path) -> None:
        """Wait until a run has got to a random place: before its log, within it, or behind it, when it delivers."""
        wanted = int(len(self.expected) * self.random.uniform(-0.1, 1.1))
        log = output.with_name(f"{output.name}.log")
        while run.poll() is None and 0 < wanted > _size(log):
            if wanted > len(self.expected) and _size(log) >= len(self.expected):
                break
            time.sleep(0.005)
        time.sleep(self.random.uniform(0, 0.2))


@app.command()
def kills(
    count: Annotated[int, typer.Option(help="Reports, a tenth of them damaged.")] = 400,
    times: Annotated[int, typer.Option("--kills", help="How often to kill.")] = 30,
    reader: Reader = "rules",
    seed: int = 0,
) -> None:
    """Kill runs at random moments, resume them, and print how often the output is that of an undisturbed run."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_generated(folder / "reports", count)
        output = folder / "undisturbed.jsonl"
        seconds, _ = _timed(_command(folder, output, reader, 2))
        scene = Scene(folder, reader, output.read_bytes(), Random(seed))
        print(f"{count} reports, undisturbed in {seconds:.1f} s, {len(scene.expected) / 1e6:.1f} MB")
        equal = 0
        for number, (what, kill) in zip(range(times), cycle(_KILLS.items()), strict=False):
            place = folder / f"run{number}"
            place.mkdir()
            told, resumed, is_equal = kill(scene, place)
            equal += is_equal
            print(
                f"{number + 1:3} {what}: {told}, resumed {resumed} times, {'equal' if is_equal else 'DIFFERENT'}",
                flush=True,
            )
    print(f"{equal} of {times} outputs equal to the undisturbed run's, byte by byte")


def _command(folder: Path, output: Path, reader: str, workers: int, *more: str) -> list[str]:
    program = [sys.executable, "-c", "from gongkai.app.cli import main; main()"]
    options = ["-o", str(output), "--reader", reader, "--workers", str(workers), *more]
    return [*program, "extract", str(folder / "reports"), *options]


def _timed(command: list[str]) -> tuple[float, Memory]:
    """Run a command to its end; return its seconds and what memory its processes held."""
    memory = Memory()
    began = time.perf_counter()
    run = subprocess.Popen(command, stderr=subprocess.PIPE)
    root = psutil.Process(run.pid)
    while run.poll() is None:
        memory.sample(root, time.perf_counter() - began)
        with suppress(subprocess.TimeoutExpired):
            run.wait(_SAMPLE_EVERY)
    if run.returncode not in (0, 1):
        sys.exit(run.stderr.read().decode() if run.stderr else "the run failed")
    return time.perf_counter() - began, memory


def _slowest(told: dict[str, Any]) -> str:
    times = sorted(line["seconds"] for line in told["inputs"] if line["copy_of"] is None)
    return (
        f"a document takes {times[len(times) // 2] * 1e3:.0f} ms (median), {times[-1] * 1e3:.0f} ms at most"
    )


Told = tuple[str, int, bool]
"""What was killed, how often the run had to be resumed, and whether its output is the expected one."""


def _finished(scene: Scene, output: Path, run: "subprocess.Popen[bytes]", told: str) -> Told:
    """Wait for a run that was disturbed, resume it until it ends by itself, and compare."""
    resumed = 0
    while run.wait() not in (0, 1):
        resumed += 1
        run = scene.start(output, "--resume")
    left = [path for path in output.parent.iterdir() if path.name.endswith((".log", ".part"))]
    return told, resumed, output.read_bytes() == scene.expected and not left


def _kill_parent(scene: Scene, place: Path) -> Told:
    run = scene.start(place / "out.jsonl")
    scene.wait_a_while(run, place / "out.jsonl")
    run.kill()
    return _finished(scene, place / "out.jsonl", run, _state(place))


def _kill_worker(scene: Scene, place: Path) -> Told:
    run = scene.start(place / "out.jsonl")
    scene.wait_a_while(run, place / "out.jsonl")
    workers: list[psutil.Process] = []
    with suppress(psutil.Error):
        workers = psutil.Process(run.pid).children()
    told = "none was there"
    if workers:
        scene.random.choice(workers).send_signal(signal.SIGKILL)
        told = _state(place)
    return _finished(scene, place / "out.jsonl", run, told)


def _kill_all(scene: Scene, place: Path) -> Told:
    run = scene.start(place / "out.jsonl")
    scene.wait_a_while(run, place / "out.jsonl")
    with suppress(psutil.Error):
        for process in (*psutil.Process(run.pid).children(recursive=True), psutil.Process(run.pid)):
            with suppress(psutil.Error):
                process.kill()
    return _finished(scene, place / "out.jsonl", run, _state(place))


def _fill_disk(scene: Scene, place: Path) -> Told:
    """On a file system too small for the log, or for the log and the output; then it is made larger."""
    size = int(len(scene.expected) * scene.random.uniform(0.1, 1.9))
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(place)]
    if subprocess.run(mount, stderr=subprocess.DEVNULL, check=False).returncode:
        return "not tried: no right to mount", 0, False
    try:
        run = scene.start(place / "out.jsonl")
        status = run.wait()
        told = f"exit status {status}, {_state(place)}"
        larger = f"remount,size={4 * len(scene.expected)}"
        subprocess.run(["mount", "-o", larger, str(place)], check=True)
        return _finished(scene, place / "out.jsonl", run, told)
    finally:
        subprocess.run(["umount", str(place)], check=True)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def _state(place: Path) -> str:
    """How far a run had come."""
    log = place / "out.jsonl.log"
    if log.exists():
        lines = log.read_bytes().count(b"\n")
        return f"{lines} lines in its log"
    return "finished" if (place / "out.jsonl").exists() else "not begun"


_KILLS: dict[str, Callable[[Scene, Path], Told]] = {
    "parent": _kill_parent,
    "worker": _kill_worker,
    "all processes": _kill_all,
    "full disk": _fill_disk,
}

if __name__ == "__main__":
    app()
