"""A batch into a file of records: begun, gone on with, delivered."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime

from .copies import find_copies
from .deliver import Finished, Read, deliver
from .files import BatchError, RunFiles, locked, run_files
from .inputs import Input, inputs_of
from .log import head_of
from .manifest import Session, Terms, terms_of
from .pool import usable_cores
from .processes import WorkerError
from .reading import Outcome
from .resume import Going, Opened, open_log
from .settings import Settings
from .stream import open_readers

Watch = Callable[[int, int, int], None]
"""Told how many documents have been read, how many there are, and how many of those read have no status ``ok``."""


def run_batch(
    output: str,
    files: Sequence[str],
    settings: Settings,
    *,
    workers: int | None = None,
    going: Going = Going(),  # noqa: B008  # frozen
    watch: Watch = lambda done, total, troubled: None,
) -> Finished:
    """Read ``files`` into the file of records ``output``, one line of JSON each in their order, and its manifest.

    Records are kept in a log beside the output until all are there; then the output appears at once. It is the same
    to the byte whatever the number of ``workers`` (None: as many as there are cores), and whether or not the run was
    killed and resumed in between. Files with the same bytes are read once.

    Raises `BatchError` when the run cannot begin or go on, `models.files.WeightsError` where the learned reader's files
    are missing or damaged.
    """
    terms = terms_of(settings)
    place = run_files(output)
    try:
        with locked(place):
            mine = [given for given in inputs_of(dict.fromkeys(files)) if given.path not in place]
            return _run(place, mine, settings, terms, going, workers or usable_cores(), watch)
    except OSError as error:
        raise BatchError(f"cannot write {error.filename or place.output}: {_reason(error)}") from None


def _run(
    place: RunFiles,
    inputs: Sequence[Input],
    settings: Settings,
    terms: Terms,
    going: Going,
    workers: int,
    watch: Watch,
) -> Finished:
    opened = open_log(place, inputs, terms, going)
    with closing(opened.log):
        copies = find_copies(inputs)
        pending = [n for n in range(len(inputs)) if opened.kept.place(n) is None and n not in copies]
        total = len(inputs) - len(copies)
        done = total - len(pending)
        started = datetime.now(UTC).isoformat(timespec="seconds")
        session = Session(started=started, workers=workers, terms=terms)
        try:
            opened.log.add_session(session.model_dump())
            watch(done, total, opened.troubled)
            for is_troubled in _read(inputs, pending, opened, settings, workers):
                done += 1
                opened.troubled += is_troubled
                watch(done, total, opened.troubled)
            read = Read(inputs, copies, opened.kept, opened.log)
            return deliver(place, read, terms, [*opened.sessions, session])
        except WorkerError as error:
            raise BatchError(f"{error}; {_safe(done, total, place)}") from None
        except OSError as error:
            wrong = f"cannot write {error.filename or place.output}: {_reason(error)}"
            raise BatchError(f"{wrong}; {_safe(done, total, place)}") from None


def _read(
    inputs: Sequence[Input], pending: Sequence[int], opened: Opened, settings: Settings, workers: int
) -> Iterator[bool]:
    """Read what is pending into the log; yield for each document whether its status is another than ``ok``."""

    def keep(done: tuple[int, Outcome]) -> bool:
        number, outcome = done
        opened.kept.put(number, opened.log.add(head_of(inputs[number], outcome), outcome.line))
        return outcome.status != "ok"

    if not pending:
        return
    with closing(open_readers([inputs[n] for n in pending], settings, workers)) as readers:
        for number in pending:
            while readers.is_full:
                yield keep(readers.take())
            readers.put(number, inputs[number])
        while readers.running:
            yield keep(readers.take())


def _safe(done: int, total: int, place: RunFiles) -> str:
    return f"{done} of {total} records are safe in {place.log}: when that is put right, go on with --resume"


def _reason(error: OSError) -> str:
    return error.strerror or str(error)
