"""Records as they come, in the order of their inputs."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing

from ..record import Record
from .inputs import Input, inputs_of
from .pool import Pool, usable_cores
from .reading import Outcome, ReadHere, is_light
from .settings import Settings

_AHEAD = 256
"""How many inputs behind a slow one are read before it is done; their records wait in memory."""


def extract_files(
    files: Iterable[str], settings: Settings | None = None, workers: int | None = None
) -> Iterator[Record]:
    """Yield one record for each file, or for each file in it where it is a ZIP archive, in order.

    Files are read in ``workers`` processes (None: as many as there are cores), within the limits of ``settings``; a
    few short plain texts are read in this one. A file that cannot be read within the limits, or that crashes its
    reader, gives a record with status ``failed`` as any that cannot be read.

    Raises `models.files.WeightsError` where the learned reader's files are missing or damaged, `WorkerError` where no
    process can be started.
    """
    inputs = list(inputs_of(files))
    for outcome in read_in_order(inputs, settings or Settings(), workers):
        yield Record.model_validate_json(outcome.line)


def read_in_order(inputs: Sequence[Input], settings: Settings, workers: int | None) -> Iterator[Outcome]:
    """Yield the outcomes of the inputs, in order. Raises as `extract_files`."""
    waiting: dict[int, Outcome] = {}
    head = 0
    with closing(open_readers(inputs, settings, workers)) as readers:
        for number, given in enumerate(inputs):
            while readers.is_full or number - head >= _AHEAD:
                waiting.update([readers.take()])
                while head in waiting:
                    yield waiting.pop(head)
                    head += 1
            readers.put(number, given)
        while head < len(inputs):
            while head not in waiting:
                waiting.update([readers.take()])
            yield waiting.pop(head)
            head += 1


def open_readers(inputs: Sequence[Input], settings: Settings, workers: int | None) -> Pool | ReadHere:
    """Return what reads ``inputs``: this process where they are few and light, else as many processes as they need.

    Raises `models.files.WeightsError` where the learned reader's files are missing or damaged.
    """
    if is_light(inputs):
        return ReadHere(settings)
    return Pool(settings, min(workers or usable_cores(), len(inputs)))
