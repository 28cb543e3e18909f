"""A batch on a Ray cluster: begun, gone on with, finished."""

import logging
import os
import pickle
import socket
from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import ray as untyped_ray
import ray.data as untyped_ray_data
from filelock import FileLock, Timeout
from ray.exceptions import RayError

from ..batch.files import BatchError
from ..batch.manifest import Session, terms_of
from ..batch.pool import usable_cores
from ..batch.resume import Going
from ..batch.run import Watch
from ..batch.settings import LEARNED, RULES_ALONE, Settings
from .inputs import find_cluster_copies, find_cluster_inputs
from .parts import Part, cut_into_parts
from .reading import Job, PartReader
from .results import Finished, PartLog, begin_session, finish, open_results
from .storage import Folder, StorageError, is_uri

ray: Any = untyped_ray
ray_data: Any = untyped_ray_data
_STORE = 200 * 1024 * 1024
"""Bytes of Ray's object store where a cluster is started on this machine: only names and logs pass through it."""
_WAITING = 2
"""Parts a worker has been given: the one it reads, and one more."""
_PATIENCE = 10.0
"""Seconds that the head of a cluster has to answer."""
_NAMESPACE = "gongkai"
_SAFE = "what was read is safe: when that is put right, go on with --resume"


def run_cluster(
    output: str,
    paths: Sequence[str],
    settings: Settings,
    *,
    address: str | None = None,
    workers: int | None = None,
    going: Going = Going(),  # noqa: B008  # frozen
    watch: Watch = lambda done, total, troubled: None,
) -> Finished:
    """Read what is behind ``paths``, which may be URIs, into Parquet files in the folder ``output``, which may be one.

    ``address`` is that of a Ray cluster; None takes the one that Ray's environment names or that runs on this machine,
    and starts one on this machine where there is none. ``workers`` is how many documents are read at the same time
    (None: as many as the cluster has cores). Records are the same as those of `batch.run.run_batch`.

    Raises `BatchError` when the run cannot begin or go on, `models.files.WeightsError` where the learned reader's files
    are missing or damaged.
    """
    if settings.reader not in (LEARNED, RULES_ALONE):
        settings = replace(settings, reader=str(Path(settings.reader).absolute()))
    terms = terms_of(settings)
    try:
        folder = Folder(output)
        found = find_cluster_inputs(paths)
        inputs = [given for given in found if not given.path.startswith(f"{folder.place}/")]
        parts = cut_into_parts(inputs, find_cluster_copies(inputs))
        with _connected(address), _only_run(folder):
            opened = open_results(folder, parts, terms, going)
            cores = workers or _cores()
            session = Session(started=_now(), workers=cores, terms=terms)
            begin_session(folder, [*opened.sessions, session])
            seen = next((given.path for given in inputs if given.size >= 0 and not is_uri(given.path)), None)
            logs = dict(opened.done)
            tell = _counted(watch, parts, logs.values())
            pending = [part for part in parts if part.number not in logs]
            with closing(_read(pending, Job(settings, terms, folder.place, seen), cores)) as done:
                for number, log in done:
                    logs[number] = log
                    tell(log)
            return finish(folder, logs, terms, [*opened.sessions, session])
    except StorageError as error:
        raise BatchError(str(error)) from None
    except RayError as error:
        reason = str(error).strip().splitlines()[-1]
        raise BatchError(f"the cluster could not go on: {reason}; {_SAFE}") from None
    except OSError as error:
        raise BatchError(f"cannot write into {output}: {error.strerror or error}; {_SAFE}") from None


def _read(pending: Sequence[Part], job: Job, workers: int) -> Generator[tuple[int, PartLog]]:
    """Have parts read and written; yield the number and the log of each as it is done, in any order.

    Ray gives a part of a worker that is lost to another.

    Raises `BatchError`.
    """
    if not pending:
        return
    context = ray_data.DataContext.get_current()
    context.enable_progress_bars = False
    context.print_on_execution_start = False
    logging.getLogger("ray.data").setLevel(logging.ERROR)
    rows = [{"part": pickle.dumps(part)} for part in pending]
    done = ray_data.from_items(rows, override_num_blocks=len(rows)).map_batches(
        PartReader,
        fn_constructor_args=(job,),
        batch_size=1,
        num_cpus=1,
        compute=ray_data.ActorPoolStrategy(
            min_size=1,
            max_size=workers,
            initial_size=min(workers, len(rows)),
            max_tasks_in_flight_per_actor=_WAITING,
        ),
    )
    for row in done.iter_rows():
        if row["wrong"]:
            raise BatchError(f"{row['wrong']}; {_SAFE}")
        yield row["number"], PartLog.model_validate_json(row["log"])


@contextmanager
def _connected(address: str | None) -> Generator[None]:
    """Be connected to a cluster; one that had to be started ends with the block.

    Raises `BatchError` where there is none at the address.
    """
    if ray.is_initialized():
        yield
        return
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # nothing is told to anyone
    os.environ.setdefault("RAY_BACKEND_LOG_LEVEL", "fatal")  # what goes wrong comes back as an error
    quiet: dict[str, Any] = {"log_to_driver": False, "logging_level": logging.ERROR, "namespace": _NAMESPACE}
    given = address or os.environ.get("RAY_ADDRESS")
    try:
        if given:
            _knock(given)
        ray.init(given or "auto", **quiet)
    except (OSError, ValueError) as error:
        if given or not isinstance(error, ConnectionError):
            raise BatchError(f"no Ray cluster answers at {given}: {error}") from None
        ray.init(
            "local", num_cpus=usable_cores(), include_dashboard=False, object_store_memory=_STORE, **quiet
        )
    try:
        yield
    finally:
        ray.shutdown()


def _cores() -> int:
    cores = int(ray.cluster_resources().get("CPU", 0))
    if not cores:
        raise BatchError(
            "the cluster has no cores to read with: start Ray on more machines, or give --workers"
        )
    return cores


def _knock(address: str) -> None:
    """Raise `OSError` where nothing answers at ``host:port``: Ray itself tries for minutes, and ends the process."""
    host, _, port = address.rpartition(":")
    if port.isdigit() and "/" not in host:
        socket.create_connection((host, int(port)), timeout=_PATIENCE).close()


@contextmanager
def _only_run(folder: Folder) -> Generator[None]:
    """Keep every other run off a folder: by a lock beside it, or on object storage by a name that the cluster knows.

    Raises `BatchError` when one is at work on it.
    """
    busy = BatchError(f"another run is writing {folder.place}: wait until it is done, or name another output")
    if is_uri(folder.place):
        try:
            mark: Any = ray.remote(num_cpus=0)(_Mark).options(name=folder.place, namespace=_NAMESPACE)
            holder = mark.remote()
        except ValueError:
            raise busy from None
        try:
            yield
        finally:
            ray.kill(holder)
        return
    place = Path(folder.place)
    place.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(place.with_name(f".{place.name}.lock"), timeout=0):
            yield
    except Timeout:
        raise busy from None


class _Mark:
    """Is there as long as a run goes on."""


def _counted(watch: Watch, parts: Sequence[Part], done: Iterable[PartLog]) -> Callable[[PartLog], None]:
    """Tell ``watch`` what earlier runs have read; return what tells it of each part that is read now."""
    total = sum(len(part.inputs) for part in parts)
    read = troubled = 0

    def tell(log: PartLog) -> None:
        nonlocal read, troubled
        originals = [line for line in log.inputs if line.copy_of is None]
        read += len(originals)
        troubled += sum(line.status != "ok" for line in originals)
        watch(read, total, troubled)

    for log in done:
        tell(log)
    return tell


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
