"""The baselines by name."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from ...annotations.labelled import LabelledText
from ..gold import GoldError
from . import bilstm_crf, cue_bag, spacy_ner, spacy_spancat
from .readers import TrainedReader


class Baseline(NamedTuple):
    """How a reader is trained on texts with a seed, and how a saved one is loaded from its folder."""

    train: Callable[[Sequence[LabelledText], int], TrainedReader]
    load: Callable[[Path], TrainedReader]


RULES = "rules"
TRAINED: dict[str, Baseline] = {
    "spacy_ner": Baseline(spacy_ner.train, spacy_ner.load),
    "spacy_spancat": Baseline(spacy_spancat.train, spacy_spancat.load),
    "bilstm_crf": Baseline(bilstm_crf.train, bilstm_crf.load),
    "cue_bag": Baseline(cue_bag.train, cue_bag.load),
}
"""Those that take longest come first, for two are trained at a time."""


def load_reader(folder: Path) -> TrainedReader:
    """Return the reader saved in ``folder``, which has the name of its baseline.

    Raises `GoldError` where it is none.
    """
    if folder.name not in TRAINED:
        raise GoldError(f"{folder}: no saved reader; its folder is called one of {', '.join(TRAINED)}")
    try:
        return TRAINED[folder.name].load(folder)
    except (OSError, ValueError) as error:
        raise GoldError(f"{folder}: the saved reader cannot be loaded: {error}") from None
