"""What a worker of the cluster does: reads a part as a batch on one machine reads its inputs, and writes it."""

import pickle
import socket
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypedDict

from ...models.files import WeightsError
from ..batch.inputs import Input
from ..batch.manifest import Terms, differences, terms_of
from ..batch.pool import Pool
from ..batch.processes import WorkerError
from ..batch.reading import Outcome, outcome_of
from ..batch.settings import Settings
from ..pipeline import failed_record
from ..readers import UnreadableFileError
from .inputs import Nearby
from .parts import Part
from .results import is_begun, write_part
from .storage import Folder, StorageError


@dataclass(frozen=True, slots=True)
class Job:
    """What all workers are told: how to read, where to write, and a path of an input that every machine must see.

    ``seen`` is None where all inputs lie on object storage.
    """

    settings: Settings
    terms: Terms
    output: str
    seen: str | None


class Done(TypedDict):
    """Parts that were read: for each its log as JSON, or why the run cannot go on."""

    number: list[int]
    log: list[bytes]
    wrong: list[str]


class PartReader:
    """Reads and writes parts, one after the other; the learned reader is loaded once.

    Documents are read in a process of their own, within the limits, as by `batch.run.run_batch`.
    """

    def __init__(self, job: Job) -> None:
        self._folder = Folder(job.output)
        self._wrong = _why_not(job, self._folder)
        self._pool = Pool(job.settings, 1)
        self._nearby = Nearby()

    def __call__(self, parts: Mapping[str, Sequence[Any]]) -> Done:
        """Return what became of parts, each pickled in the column ``part``."""
        done = Done(number=[], log=[], wrong=[])
        for part in map(pickle.loads, parts["part"]):
            log, wrong = b"", self._wrong
            try:
                log = b"" if wrong else self._read(part)
            except WorkerError as error:
                wrong = f"{socket.gethostname()}: {error}"
            except (OSError, StorageError) as error:
                wrong = f"{socket.gethostname()}: cannot write into {self._folder.place}: {error}"
            done["number"].append(part.number)
            done["log"].append(log)
            done["wrong"].append(wrong)
        return done

    def _read(self, part: Part) -> bytes:
        """Return the log of a part. While an input is read, the next is fetched."""
        outcomes: dict[str, Outcome] = {}
        names = [given.name for given, _ in part.inputs]

        def take() -> None:
            number, outcome = self._pool.take()
            outcomes[names[number]] = outcome

        for number, (given, _) in enumerate(part.inputs):
            near = self._near(given)
            if isinstance(near, Outcome):
                outcomes[given.name] = near
                continue
            while self._pool.is_full:
                take()
            self._pool.put(number, near)
        while self._pool.running:
            take()
        log = write_part(self._folder, part, outcomes)
        self._nearby.tidy()
        return log.model_dump_json().encode()

    def _near(self, given: Input) -> Input | Outcome:
        try:
            return self._nearby.of(given)
        except UnreadableFileError as error:
            return outcome_of(failed_record(given.name, "reader", str(error)))


def _why_not(job: Job, folder: Folder) -> str:
    """Why this machine cannot take part; nothing where it can."""
    machine = socket.gethostname()
    try:
        if wrong := differences(job.terms, terms_of(job.settings)):
            return f"{machine} would read otherwise ({'; '.join(wrong)}): install the same gongkai on every machine"
        is_seen = is_begun(folder)
    except (OSError, StorageError, WeightsError) as error:
        return f"{machine}: {error}"
    unseen = folder.place if not is_seen else job.seen if job.seen and not Path(job.seen).exists() else None
    return (
        f"{machine} does not see {unseen}: put it where every machine of the cluster finds it under this name, "
        "in a shared folder or on object storage"
        if unseen
        else ""
    )
