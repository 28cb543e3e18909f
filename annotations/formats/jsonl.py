"""A plain JSONL of our own: a labelled text a line, nothing left out."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from pydantic import ValidationError

from ..labelled import LabelledText, labelled_lines
from .exchange import ImportProblem, Loss, Place


def write(texts: Iterable[LabelledText], folder: Path) -> list[Loss]:
    """Write ``labelled.jsonl`` into ``folder``; nothing is lost."""
    with (folder / "labelled.jsonl").open("wb") as file:
        file.writelines(labelled_lines(texts))
    return []


def read(folder: Path) -> Iterator[LabelledText | ImportProblem]:
    """Yield the labelled texts of the ``.jsonl`` files in ``folder``, and each line that is none."""
    for path in sorted(folder.glob("*.jsonl")):
        yield from read_lines(path)


def read_lines(path: Path) -> Iterator[LabelledText | ImportProblem]:
    """Yield the labelled texts of one file, and what is wrong with each line that is none."""
    with path.open("rb") as lines:
        for number, line in enumerate(lines, 1):
            try:
                yield LabelledText.model_validate_json(line)
            except ValidationError as error:
                first = error.errors()[0]
                field = ".".join(map(str, first["loc"])) or "JSON"
                yield Place(path.name, f"line {number}").problem(field, first["msg"])
