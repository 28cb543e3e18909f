"""``python -m gongkai.eval.baselines``: train all baselines, measure them, and write their table."""

import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated

import typer

from ...annotations.corpus import CORPUS_FOLDER, CorpusError, part_of, read_corpus
from ...annotations.labelled import LabelledText
from ...extraction.components import shipped
from ...models.runtime import SHIPPED
from ..gold import GoldError
from ..predictions import read_by_rules, reading_with
from .gold_sets import BLIND, DEV, HELD_OUT, REAL, measured_on
from .measure import Measured, measure
from .registry import RULES, TRAINED
from .results import NoPlaceError, check_markers, results_table, write_between_markers
from .training import SEED, train_baselines

RESULTS = Path(__file__).parents[1] / "RESULTS.md"
_SHIPPED = "gongkai, as shipped"


def main(
    corpus: Annotated[Path, typer.Option(help="The folder with the corpus files.")] = CORPUS_FOLDER,
    reports: Annotated[
        Path | None,
        typer.Option(help="The folder with the gold set's reports; without it they are left out."),
    ] = None,
    save: Annotated[
        Path | None,
        typer.Option(help="A new folder to keep the trained readers in; gongkai eval takes FOLDER/NAME."),
    ] = None,
    only: Annotated[
        str | None, typer.Option(help="Take this one only, and print its row without writing the table.")
    ] = None,
) -> None:
    """Train each baseline on the corpus's train part, measure it beside the rules and the reader that ships, print the
    table and write it into eval/RESULTS.md.

    Example: python -m gongkai.eval.baselines --reports ../shared/seeds

    Exit status: 0, 1 when a baseline could not be trained (then nothing is written), 2 for wrong use.
    """
    if save is not None and save.exists():
        raise typer.BadParameter(f"{save} is there already", param_hint="--save")
    if only is not None and only not in (RULES, *TRAINED):
        raise typer.BadParameter(f"choose one of {', '.join((RULES, *TRAINED))}", param_hint="--only")
    try:
        if only is None:
            check_markers(RESULTS)
        texts = read_corpus(corpus)
        sets = measured_on(texts, reports)
    except (NoPlaceError, CorpusError, GoldError) as error:
        print(error, file=sys.stderr)
        raise typer.Exit(2) from None
    if not sets[DEV]:
        raise typer.BadParameter(f"no corpus files with a dev part in {corpus}", param_hint="--corpus")
    rows = [measure(RULES, read_by_rules, sets)] if only in (None, RULES) else []
    if only is None:
        rows.append(measure(_SHIPPED, reading_with(shipped()), sets, SHIPPED))
    names = [name for name in TRAINED if only in (None, name)]
    with tempfile.TemporaryDirectory() as folder:
        trained = _trained(names, corpus, sets, save or Path(folder))
    learnt = [text for text in texts if part_of(text) == "train"]
    words = f"{results_table(rows + trained, [BLIND, DEV, REAL, *HELD_OUT], _SHIPPED)}\n\n{_caption(learnt, sets)}"
    print(words)
    if len(trained) < len(names):
        raise typer.Exit(1)
    if only is None:
        write_between_markers(RESULTS, words)


def _trained(
    names: Sequence[str], corpus: Path, sets: Mapping[str, Sequence[LabelledText]], folder: Path
) -> list[Measured]:
    """The results of the baselines that could be trained, in the order of ``names``; the readers lie in ``folder``."""
    seconds: dict[str, float] = {}
    for name, outcome in train_baselines(names, corpus, folder):
        if isinstance(outcome, Exception):
            print(f"{name}: could not be trained: {outcome!r}", file=sys.stderr)
        else:
            print(f"{name}: trained in {outcome:.0f} s", file=sys.stderr)
            seconds[name] = outcome
    return [
        measure(name, TRAINED[name].load(folder / name), sets, folder / name, seconds[name])
        for name in names
        if name in seconds
    ]


def _caption(learnt: Sequence[LabelledText], sets: Mapping[str, Sequence[LabelledText]]) -> str:
    parts: list[tuple[str, Sequence[LabelledText]]] = [("train part", learnt), *sets.items()]
    counts = "; ".join(
        f"{name} {len(texts):,} and {sum(len(text.facts) for text in texts):,}" for name, texts in parts
    )
    return f"Texts and facts: {counts}. Seed {SEED}. Uncertain gold facts are don't-care."


if __name__ == "__main__":
    typer.run(main)
