"""A plain JSONL of our own: a labelled text a line, nothing left out."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from ..labelled import LabelledText, labelled_lines, try_labelled
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
    for outcome in try_labelled(path):
        if isinstance(outcome, LabelledText):
            yield outcome
        else:
            yield Place(path.name, f"line {outcome.line}").problem(outcome.field, outcome.wrong)
