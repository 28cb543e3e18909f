"""Training several baselines side by side, each in a process and on a thread of its own."""

import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from pathlib import Path

import torch
from threadpoolctl import threadpool_limits

from ...annotations.corpus import part_of, read_corpus
from .registry import TRAINED

SEED = 0
_SIDE_BY_SIDE = 2


def train_baselines(
    names: Sequence[str], corpus: Path, folder: Path
) -> Iterator[tuple[str, float | Exception]]:
    """Train the baselines on the corpus's train part and save each into ``folder`` under its name.

    Yields each as it is ready with the seconds that training took, or with what went wrong.
    """
    with ProcessPoolExecutor(_SIDE_BY_SIDE, mp_context=get_context("spawn")) as pool:
        jobs = {pool.submit(_train, name, corpus, folder / name): name for name in names}
        for job in as_completed(jobs):
            try:
                yield jobs[job], job.result()
            except Exception as error:  # one that fails must not lose the others' results
                yield jobs[job], error


def _train(name: str, corpus: Path, folder: Path) -> float:
    torch.set_num_threads(
        1
    )  # one process a core is faster than one reader on two, and gives the same every time
    texts = [text for text in read_corpus(corpus) if part_of(text) == "train"]
    folder.mkdir(parents=True)
    with threadpool_limits(1):
        begin = time.perf_counter()
        reader = TRAINED[name].train(texts, SEED)
        seconds = time.perf_counter() - begin
    reader.save(folder)
    return seconds
