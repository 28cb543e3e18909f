"""The texts that baselines are measured on: none of them is ever trained on."""

from collections.abc import Sequence
from pathlib import Path

from ...annotations.corpus import part_of
from ...annotations.labelled import LabelledText
from ..gold import load_gold
from ..predictions import with_texts

DEV, REAL, BLIND = "dev part", "real reports", "blind"
HELD_OUT = ("held_out_natural", "held_out_dense")

_PASSAGES = Path(__file__).parents[1] / "passages"


def measured_on(corpus: Sequence[LabelledText], reports: Path | None) -> dict[str, list[LabelledText]]:
    """Return the gold texts by test set: the corpus's dev part, the gold set's reports, the held-out passages, and
    the blind texts (passages, sections on problems and whole reports, written before the learned reader was tuned).

    The gold set is left out where the folder of its ``reports`` is not given. Raises `GoldError` where gold or a
    report is missing, or a report is another one than its gold was made from.
    """
    sets = {DEV: [text for text in corpus if part_of(text) == "dev"]}
    if reports is not None:
        sets[REAL] = with_texts(load_gold(), reports)
    sets |= {name: load_gold(_PASSAGES / f"{name}.jsonl") for name in HELD_OUT}
    return sets | {BLIND: load_gold(_PASSAGES / BLIND)}
