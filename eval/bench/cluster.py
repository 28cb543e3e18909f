"""Engines for a cluster, measured on node processes of this machine: ``python -m gongkai.eval.bench.cluster``.

A batch of generated reports is read on one machine, and then on a cluster: by Ray Data, as gongkai does it, or with
``--engine daft`` by Daft on its Ray runner (which must be installed), with the same parts and the same `PartReader`.
"""

import logging
import os
import pickle
import tempfile
import time
from collections.abc import Callable, Generator, Iterable
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from threading import Event, Thread
from typing import Annotated, Any, Literal

import psutil
import ray as untyped_ray
import typer

from ...extraction.batch import Settings
from ...extraction.batch.manifest import Session, terms_of
from ...extraction.batch.run import run_batch
from ...extraction.cluster.inputs import find_cluster_copies, find_cluster_inputs
from ...extraction.cluster.parts import cut_into_parts
from ...extraction.cluster.reading import Job, PartReader
from ...extraction.cluster.results import PartLog, begin_session, finish
from ...extraction.cluster.run import run_cluster
from ...extraction.cluster.storage import Folder
from ...extraction.record import Record
from ...panel.inputs import Rejected, record_files, record_lines
from .generated import write_generated

ray: Any = untyped_ray
app = typer.Typer(add_completion=False, rich_markup_mode=None)
_STORE = 100 * 1024 * 1024
Watch = Callable[[int, int, int], None]


@dataclass(slots=True)
class Peaks:
    """The most megabytes that two kinds of processes held at a time: those that read, and those of the cluster."""

    readers: float = 0
    cluster: float = 0

    def sample(self, root: psutil.Process) -> None:
        """Look at all processes below one."""
        sizes = {True: 0.0, False: 0.0}
        for process in root.children(recursive=True):
            with suppress(psutil.Error):
                reads = "batch.worker" in " ".join(process.cmdline())
                sizes[reads] += process.memory_info().rss / 1024 / 1024
        self.readers, self.cluster = max(self.readers, sizes[True]), max(self.cluster, sizes[False])


@app.command()
def main(
    count: Annotated[int, typer.Option(help="Reports, a tenth of them damaged.")] = 1000,
    nodes: Annotated[int, typer.Option(help="Node processes that read, a document at a time each.")] = 2,
    reader: Annotated[str, typer.Option(help="As that of gongkai extract.")] = "rules",
    engine: Annotated[
        Literal["ray-data", "daft"], typer.Option(help="What hands out the parts.")
    ] = "ray-data",
    kill: Annotated[bool, typer.Option("--kill", help="Kill a node when a third is read.")] = False,
) -> None:
    """Print how long a cluster takes and what it holds in memory, beside one machine, and whether records are the same."""
    settings = Settings(reader)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_generated(folder / "reports", count)
        files = sorted(str(path) for path in (folder / "reports").rglob("*.txt"))
        began = time.perf_counter()
        run_batch(str(folder / "local.jsonl"), files, settings, workers=nodes)
        seconds = time.perf_counter() - began
        print(f"{count} reports, reader {reader}, load {os.getloadavg()[0]:.1f}")
        print(
            f"one machine, {nodes} workers: {seconds:.1f} s, {count / seconds:.1f} reports a second",
            flush=True,
        )
        expected = _in_order((folder / "local.jsonl").read_text("utf-8").splitlines())
        run = _daft if engine == "daft" else _ray_data
        told = _measured(run, str(folder / "out"), files, settings, nodes, kill)
        lines = record_lines(record_files([str(folder / "out")]), Rejected())
        same = "the same records" if _in_order(lines) == expected else "OTHER RECORDS"
        print(f"{engine}{', a node killed' if kill else ''}: {told}; {same}")


def _measured(
    run: Callable[[str, list[str], Settings, Watch], object],
    output: str,
    files: list[str],
    settings: Settings,
    nodes: int,
    killed: bool,
) -> str:
    """Run an engine on a cluster of its own, and tell of it; a node is killed when a third is read."""
    with _cluster(nodes) as cluster, _watched() as peaks:
        began = time.perf_counter()
        first: list[tuple[float, int]] = []
        lost: list[float] = []

        def watch(done: int, total: int, troubled: int) -> None:
            first.append((time.perf_counter() - began, done))
            if killed and not lost and done > total // 3:
                lost.append(first[-1][0])
                cluster.remove_node(cluster.list_all_nodes()[-1], allow_graceful=False)

        run(output, files, settings, watch)
        seconds = time.perf_counter() - began
    (start, of_first), (end, of_last) = first[0], first[-1]
    steady = (of_last - of_first) / (end - start) if end > start else 0
    after = f", {seconds - lost[0]:.1f} s of them after the kill" if lost else ""
    return (
        f"{seconds:.1f} s{after}; the first part after {start:.1f} s, then {steady:.1f} reports a second; "
        f"readers {peaks.readers:.0f} MB, the rest {peaks.cluster:.0f} MB"
    )


@contextmanager
def _cluster(nodes: int) -> Generator[Any]:
    testing: Any = import_module("ray.cluster_utils")
    quiet = {"object_store_memory": _STORE, "include_dashboard": False}
    cluster = testing.Cluster(initialize_head=True, head_node_args={"num_cpus": 0, **quiet})
    try:
        for _ in range(nodes):
            cluster.add_node(num_cpus=1, object_store_memory=_STORE)
        ray.init(cluster.address, log_to_driver=False, logging_level=logging.ERROR)
        yield cluster
    finally:
        ray.shutdown()
        cluster.shutdown()


@contextmanager
def _watched() -> Generator[Peaks]:
    peaks, over = Peaks(), Event()

    def look() -> None:
        while not over.wait(0.5):
            peaks.sample(psutil.Process())

    thread = Thread(target=look)
    thread.start()
    try:
        yield peaks
    finally:
        over.set()
        thread.join()


def _ray_data(output: str, files: list[str], settings: Settings, watch: Watch) -> None:
    run_cluster(output, files, settings, watch=watch)


def _daft(output: str, files: list[str], settings: Settings, watch: Watch) -> None:
    """What `run_cluster` does, with Daft in the place of Ray Data."""
    daft: Any = import_module("daft")
    daft.set_runner_ray(noop_if_initialized=True)
    terms, folder = terms_of(settings), Folder(output)
    inputs = find_cluster_inputs(files)
    parts = cut_into_parts(inputs, find_cluster_copies(inputs))
    sessions = [Session(started="", workers=0, terms=terms)]
    begin_session(folder, sessions)
    job = Job(settings, terms, folder.place, None)

    class Reader:
        def __init__(self) -> None:
            self.reader = PartReader(job)

        def read(self, blobs: Any) -> list[bytes]:  # noqa: ANN401
            return self.reader({"part": blobs.to_pylist()})["log"]

    Reader.read = daft.method.batch(return_dtype=daft.DataType.binary())(Reader.read)
    nodes = int(ray.cluster_resources()["CPU"])
    served = daft.cls(max_concurrency=nodes)(Reader)()
    blobs = daft.from_pydict({"part": [pickle.dumps(part) for part in parts]}).into_partitions(len(parts))
    logs: dict[int, PartLog] = {}
    for number, row in enumerate(blobs.select(served.read(daft.col("part")).alias("log")).iter_rows()):
        logs[number] = PartLog.model_validate_json(row["log"])
        watch(sum(len(log.inputs) for log in logs.values()), len(inputs), 0)
    finish(folder, logs, terms, sessions)


def _in_order(lines: Iterable[str]) -> list[Record]:
    """Records as they compare."""
    records = map(Record.model_validate_json, lines)
    return sorted(records, key=lambda record: record.report.source)


if __name__ == "__main__":
    app()
