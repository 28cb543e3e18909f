"""The files of a run, and what is said when it cannot go on."""

import os
from collections.abc import Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout


class BatchError(Exception):
    """A run cannot begin or go on. The message says why, what has been kept, and what to do."""


@dataclass(frozen=True, slots=True)
class RunFiles:
    """``output`` holds the records, ``manifest`` tells of them, ``log`` holds the records of a run not finished.

    ``lock`` is held while a run writes any of them. It stays, but a run that was killed does not hold it.
    """

    output: Path
    manifest: Path
    log: Path
    lock: Path

    def __contains__(self, path: str) -> bool:
        """Whether a path is one of these, or a half-written one."""
        given = Path(path)
        name = given.name.removesuffix(".part")
        mine = (self.output, self.manifest, self.log, self.lock)
        return any(name == own.name for own in mine) and given.resolve().parent == self.output.parent


def run_files(output: str) -> RunFiles:
    """Return the files of a run with this output."""
    path = Path(output).resolve()
    return RunFiles(
        path,
        path.with_name(f"{path.name}.manifest.json"),
        path.with_name(f"{path.name}.log"),
        path.with_name(f".{path.name}.lock"),
    )


@contextmanager
def locked(files: RunFiles) -> Generator[None]:
    """Keep every other run off these files.

    Raises `BatchError` when one is at work on them, `OSError` when they cannot be written.
    """
    if files.output.is_dir():
        raise IsADirectoryError(None, "it is a folder", str(files.output))
    files.output.parent.mkdir(parents=True, exist_ok=True)
    files.lock.open(
        "ab"
    ).close()  # the lock itself does not tell a folder that cannot be written from a held lock
    try:
        with FileLock(files.lock, timeout=0):
            yield
    except Timeout:
        raise BatchError(
            f"another run is writing {files.output}: wait until it is done, or name another output"
        ) from None


def sync_folder(folder: Path) -> None:
    """Force the names in ``folder`` to the disk, where the system can."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
