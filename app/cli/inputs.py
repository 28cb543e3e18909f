"""What the commands take: report files to be read now, or records read before."""

from collections.abc import Iterator
from pathlib import Path

import typer
from pydantic import ValidationError

from ...extraction.batch import extract_files, find_inputs
from ...extraction.record import Record


def records_of(paths: list[str]) -> Iterator[Record]:
    """Yield the records behind ``paths``: those in a ``.jsonl`` file, else one for each report file.

    A line of a ``.jsonl`` file that is no record ends the command with a message that names it.
    """
    for path in find_inputs(paths):
        if path.endswith(".jsonl"):
            yield from _read_records(path)
        else:
            yield from extract_files([path])


def _read_records(path: str) -> Iterator[Record]:
    try:
        lines = Path(path).read_bytes().splitlines()
    except OSError as error:
        raise typer.BadParameter(f"{path}: {error.strerror}") from None
    for number, line in enumerate(lines, 1):
        try:
            yield Record.model_validate_json(line)
        except ValidationError as error:
            problem = error.errors()[0]
            where = ".".join(map(str, problem["loc"]))
            raise typer.BadParameter(
                f"{path}, line {number}: not a record of this version of gongkai "
                f"({where + ': ' if where else ''}{problem['msg']}); extract it again"
            ) from None
