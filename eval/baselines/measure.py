"""What a reader is worth, how large it is and how fast it reads."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from threadpoolctl import threadpool_limits

from ...annotations.labelled import LabelledText
from ..predictions import Reader, without_marks
from ..score import Scores, score_texts
from .gold_sets import DEV


@dataclass(frozen=True, slots=True)
class Measured:
    """A baseline's results.

    ``by_text`` has for each test set the scores text by text, from which intervals and comparisons are drawn;
    ``megabytes`` is the size of the saved reader and ``seconds`` what training took, None where nothing is trained.
    """

    name: str
    by_text: Mapping[str, Sequence[Scores]]
    characters_a_second: float
    megabytes: float | None = None
    seconds: float | None = None


def measure(
    name: str,
    reader: Reader,
    sets: Mapping[str, Sequence[LabelledText]],
    folder: Path | None = None,
    seconds: float | None = None,
) -> Measured:
    """Return what ``reader`` is worth on each of the test sets.

    ``folder`` is where it was saved and ``seconds`` what training took, where it was trained.
    """
    by_text = {
        test_set: score_texts([(text, reader(without_marks(text))) for text in texts])
        for test_set, texts in sets.items()
    }
    return Measured(name, by_text, speed(reader, sets[DEV]), folder and _megabytes(folder), seconds)


def speed(reader: Reader, texts: Sequence[LabelledText]) -> float:
    """Return how many characters ``reader`` reads a second, on one thread."""
    bare = [without_marks(text) for text in texts]
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        with threadpool_limits(1):
            reader(bare[0])  # what is loaded on first use is no part of reading
            begin = time.perf_counter()
            for text in bare:
                reader(text)
            seconds = time.perf_counter() - begin
    finally:
        torch.set_num_threads(threads)
    return sum(len(text.text or "") for text in bare) / seconds


def _megabytes(folder: Path) -> float:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6
