"""``gongkai extract`` started as a user does, and what its processes take."""

import subprocess
import sys
import time
from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil

_SAMPLE_EVERY = 0.5
"""Seconds."""


def extract_command(folder: Path, output: Path, reader: str, workers: int, *more: str) -> list[str]:
    """Return the command line that reads a folder."""
    program = [sys.executable, "-c", "from gongkai.app.cli import main; main()"]
    options = ["-o", str(output), "--reader", reader, "--workers", str(workers), *more]
    return [*program, "extract", str(folder), *options]


@dataclass(slots=True)
class Usage:
    """What each process of a run took, by process number: pairs of seconds and megabytes; seconds of a core in all."""

    samples: dict[int, list[tuple[float, float]]] = field(
        default_factory=lambda: defaultdict[int, list[tuple[float, float]]](list)
    )
    cores: dict[int, float] = field(default_factory=dict[int, float])

    def sample(self, root: psutil.Process, at: float) -> None:
        """Look at a run's processes once."""
        with suppress(psutil.Error):
            for process in (root, *root.children(recursive=True)):
                with suppress(psutil.Error):
                    self.samples[process.pid].append((at, process.memory_info().rss / 1024 / 1024))
                    times = process.cpu_times()
                    self.cores[process.pid] = times.user + times.system

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


def timed(command: list[str]) -> tuple[float, Usage]:
    """Run a command to its end; return its seconds and what its processes took."""
    usage = Usage()
    began = time.perf_counter()
    run = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    root = psutil.Process(run.pid)
    while run.poll() is None:
        usage.sample(root, time.perf_counter() - began)
        with suppress(subprocess.TimeoutExpired):
            run.wait(_SAMPLE_EVERY)
    seconds = time.perf_counter() - began
    if run.returncode not in (0, 1):
        sys.exit(run.stderr.read().decode() if run.stderr else "the run failed")
    return seconds, usage
