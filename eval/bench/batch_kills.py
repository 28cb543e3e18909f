"""Runs killed at random moments, and on disks that fill: what a resumed run makes of them."""

import signal
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from random import Random

import psutil

from .batch_usage import extract_command


@dataclass(slots=True)
class Scene:
    """Where kills happen: the folder with the reports, and what an undisturbed run wrote."""

    reports: Path
    reader: str
    expected: bytes
    random: Random

    def start(self, output: Path, *more: str) -> "subprocess.Popen[bytes]":
        """Start a run in a process group of its own."""
        return subprocess.Popen(
            extract_command(self.reports, output, self.reader, 2, *more),
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def wait_a_while(
        self, run: "subprocess.Popen[bytes]", output: Path, first: float = -0.1, last: float = 1.1
    ) -> None:
        """Wait until a run has got to a random place: before its log, within it, or behind it, when it delivers."""
        wanted = int(len(self.expected) * self.random.uniform(first, last))
        log = output.with_name(f"{output.name}.log")
        while run.poll() is None and 0 < wanted > _size(log):
            if wanted > len(self.expected) and _size(log) >= len(self.expected):
                break
            time.sleep(0.005)
        time.sleep(self.random.uniform(0, 0.2))


@dataclass(frozen=True, slots=True)
class Told:
    """How far a run had come, how often it was resumed, and whether its output is the expected one."""

    state: str
    resumed: int
    is_equal: bool


def _kill_parent(scene: Scene, place: Path) -> Told:
    run = scene.start(place / "out.jsonl")
    scene.wait_a_while(run, place / "out.jsonl")
    run.kill()
    return _finished(scene, place / "out.jsonl", run, _state(place))


def _kill_worker(scene: Scene, place: Path) -> Told:
    run = scene.start(place / "out.jsonl")
    scene.wait_a_while(run, place / "out.jsonl", 0.02, 0.9)
    workers: list[psutil.Process] = []
    with suppress(psutil.Error):
        workers = psutil.Process(run.pid).children()
    state = "none was there"
    if workers:
        scene.random.choice(workers).send_signal(signal.SIGKILL)
        state = _state(place)
    return _finished(scene, place / "out.jsonl", run, state)


def _kill_all(scene: Scene, place: Path) -> Told:
    run = scene.start(place / "out.jsonl")
    scene.wait_a_while(run, place / "out.jsonl")
    _kill_tree(run)
    return _finished(scene, place / "out.jsonl", run, _state(place))


def _kill_twice(scene: Scene, place: Path) -> Told:
    """The run, and what goes on with it, whether in the middle or with an output that is finished."""
    run = scene.start(place / "out.jsonl")
    scene.wait_a_while(run, place / "out.jsonl")
    _kill_tree(run)
    run.wait()
    state = _state(place)
    run = scene.start(place / "out.jsonl", "--resume")
    time.sleep(scene.random.uniform(0.5, 5))
    _kill_tree(run)
    return _finished(scene, place / "out.jsonl", run, f"{state}, then {_state(place)}", resumed=1)


def _fill_disk(scene: Scene, place: Path) -> Told:
    """On a file system too small for the log, or for the log and the output; then it is made larger."""
    size = int(len(scene.expected) * scene.random.uniform(0.1, 1.9))
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(place)]
    if subprocess.run(mount, stderr=subprocess.DEVNULL, check=False).returncode:
        return Told("not tried: no right to mount", 0, False)
    try:
        run = scene.start(place / "out.jsonl")
        status = run.wait()
        state = f"{size / 1e6:.0f} MB, exit status {status}, {_state(place)}"
        larger = f"remount,size={4 * len(scene.expected)}"
        subprocess.run(["mount", "-o", larger, str(place)], check=True)
        return _finished(scene, place / "out.jsonl", run, state)
    finally:
        subprocess.run(["umount", str(place)], check=True)


KILLS: dict[str, Callable[[Scene, Path], Told]] = {
    "parent": _kill_parent,
    "worker": _kill_worker,
    "all processes": _kill_all,
    "all, twice": _kill_twice,
    "full disk": _fill_disk,
}
"""What may happen to a run, by name."""


def _kill_tree(run: "subprocess.Popen[bytes]") -> None:
    with suppress(psutil.Error):
        root = psutil.Process(run.pid)
        for process in (*root.children(recursive=True), root):
            with suppress(psutil.Error):
                process.kill()


def _finished(
    scene: Scene, output: Path, run: "subprocess.Popen[bytes]", state: str, resumed: int = 0
) -> Told:
    """Wait for a run that was disturbed, resume it until it ends by itself, and compare."""
    while run.wait() not in (0, 1):
        resumed += 1
        run = scene.start(output, "--resume")
    left = [path for path in output.parent.iterdir() if path.name.endswith((".log", ".part"))]
    return Told(state, resumed, output.read_bytes() == scene.expected and not left)


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
