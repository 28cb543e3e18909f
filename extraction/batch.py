"""Many files: finding them, and reading as many at a time as there are cores."""

import glob
import os
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from .pipeline import extract
from .record import Record

_GLOB = frozenset("*?[")


def find_inputs(paths: Iterable[str]) -> list[str]:
    """Return the files behind ``paths``, each once, in the order given.

    A folder stands for all files below it whose path has no hidden part, sorted by name. A pattern with ``*``, ``?``
    or ``**`` stands for what it matches. A path that does not exist is kept, so that it gets an error of its own.
    """
    found: dict[str, None] = {}
    for path in paths:
        found.update(dict.fromkeys(_expand(path)))
    return list(found)


def extract_files(files: Iterable[str]) -> Iterator[Record]:
    """Yield one record a file, in order.

    Raises `models.files.WeightsError` where the learned reader's files are missing or damaged.
    """
    # Most of the time goes into the encoder, which runs outside of Python's lock.
    workers = os.cpu_count() or 1
    running: deque[Future[Record]] = deque()
    with ThreadPoolExecutor(workers) as pool:
        for file in files:
            running.append(pool.submit(extract, file))
            if len(running) > 2 * workers:
                yield running.popleft().result()
        while running:
            yield running.popleft().result()


def _expand(path: str) -> list[str]:
    if Path(path).is_dir():
        below = (p for p in Path(path).rglob("*") if p.is_file())
        return [str(p) for p in sorted(below) if not _is_hidden(p.relative_to(path))]
    if _GLOB & set(path) and not Path(path).exists():
        # pathlib takes no absolute patterns
        matches = [p for p in sorted(glob.glob(path, recursive=True)) if Path(p).is_file()]  # noqa: PTH207
        return matches or [path]
    return [path]


def _is_hidden(path: Path) -> bool:
    return any(part.startswith(".") for part in path.parts)
