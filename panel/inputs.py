"""Files of records, as `gongkai extract` writes them: JSON lines or Parquet, read one record after the other."""

from collections import Counter
from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import orjson
from pydantic import ValidationError

from ..extraction.batch import find_inputs
from ..extraction.record import SCHEMA_VERSION, Record
from ..extraction.record_types import record_columns

_SHOWN = 20


class RecordsError(Exception):
    """A file holds no records; the message names it and says what to do."""


@dataclass(slots=True)
class Rejected:
    """What could not be taken: messages, and how many more there were of the same kinds."""

    messages: list[str] = field(default_factory=list[str])
    other_versions: Counter[tuple[str, str]] = field(default_factory=Counter[tuple[str, str]])
    count: int = 0

    def lines(self) -> list[str]:
        """Return what to tell the user, a line each."""
        told = [
            f"{path}: {count} records of schema version {version}, this gongkai reads {SCHEMA_VERSION}; "
            "extract the reports again"
            for (path, version), count in self.other_versions.items()
        ]
        rest = self.count - self.other_versions.total() - len(self.messages)
        return [*told, *self.messages, *([f"and {rest} more such lines"] if rest else [])]


def record_files(paths: Iterable[str]) -> list[str]:
    """Return the files of records behind ``paths``; of a folder those that end in ``.jsonl`` or ``.parquet``.

    Raises `RecordsError` for a file that is missing or of another kind, and where there is no file at all.
    """
    files: list[str] = []
    for path in paths:
        found = find_inputs([path])
        taken = [file for file in found if Path(file).suffix in (".jsonl", ".parquet")]
        if not taken and Path(path).is_dir():
            raise RecordsError(f"{path}: no .jsonl or .parquet file in this folder")
        if not taken:
            raise RecordsError(
                f"{path}: not a file of records (.jsonl or .parquet, as gongkai extract writes)"
            )
        missing = next((file for file in taken if not Path(file).is_file()), None)
        if missing:
            raise RecordsError(f"{missing}: no such file")
        files += taken
    return list(dict.fromkeys(files))


def record_lines(files: Iterable[str], rejected: Rejected) -> Iterator[str]:
    """Yield every record of ``files`` as its line of JSON; what is no record of this version goes to ``rejected``.

    Raises `RecordsError` for a file that cannot be read.
    """
    for path in files:
        lines = _parquet_lines(path) if path.endswith(".parquet") else _json_lines(path)
        for number, line in lines:
            if _is_record(path, number, line, rejected):
                yield line.decode()


def _json_lines(path: str) -> Iterator[tuple[int, bytes]]:
    try:
        with Path(path).open("rb") as file:
            yield from ((number, line) for number, line in enumerate(file, 1) if line.strip())
    except OSError as error:
        raise RecordsError(f"{path}: cannot be read: {error.strerror}") from None


def _parquet_lines(path: str) -> Generator[tuple[int, bytes]]:
    fields = ", ".join(f"'{name}': \"{name}\"" for name in record_columns())
    try:
        with duckdb.connect() as connection:
            rows = connection.execute(
                f"SELECT to_json({{{fields}}}) FROM read_parquet($path, hive_partitioning = false)",
                {"path": path},
            )
            number = 0
            while batch := rows.fetchmany(256):
                for (line,) in batch:
                    number += 1
                    yield number, str(line).encode()
    except duckdb.Error as error:
        reason = str(error).splitlines()[0]
        raise RecordsError(f"{path}: not a Parquet file of this version's records ({reason})") from None


def _is_record(path: str, number: int, line: bytes, rejected: Rejected) -> bool:
    try:
        Record.model_validate_json(line)
        return True
    except ValidationError as error:
        rejected.count += 1
        version = _version(line)
        if version not in (None, SCHEMA_VERSION):
            rejected.other_versions[path, str(version)] += 1
        elif len(rejected.messages) < _SHOWN:
            problem = error.errors()[0]
            where = ".".join(map(str, problem["loc"]))
            rejected.messages.append(
                f"{path}, {'row' if path.endswith('.parquet') else 'line'} {number}: not a record "
                f"({where + ': ' if where else ''}{problem['msg']})"
            )
        return False


def _version(line: bytes) -> object:
    try:
        record = orjson.loads(line)
    except orjson.JSONDecodeError:
        return None
    return record.get("schema_version") if isinstance(record, dict) else None  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
