"""``gongkai eval``: what a run is worth on a gold set."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import orjson
import typer
from rich.console import Console

from ...annotations.corpus import Part, part_of
from ...annotations.labelled import LabelledReport, LabelledText
from ...eval.errors import find_errors, write_error_page
from ...eval.evaluation import Evaluation, as_data, compare_runs, evaluate
from ...eval.gold import GOLD_FOLDER, GoldError, load_gold
from ...eval.predictions import Reader, predictions_of, reading_with, with_texts, without_marks
from ...extraction.components import RULES, learned
from ...models.files import DESCRIPTION, WeightsError
from ...models.runtime import load_reader
from .render_scores import print_comparison, print_evaluation

Pairs = list[tuple[LabelledText, LabelledText]]


def evaluate_run(
    run: Annotated[
        str,
        typer.Argument(
            help="Predictions (a .jsonl of records or labelled texts); or a reader for the gold's texts: 'learned' (the one "
            "that extract uses), 'unaided' (the same without the rules' help), 'rules', or the folder of a trained one."
        ),
    ],
    *,
    gold: Annotated[
        Path,
        typer.Option(
            help="The gold: a folder of gold files, a .jsonl of labelled texts, or a corpus file or folder."
        ),
    ] = GOLD_FOLDER,
    part: Annotated[
        Part | None, typer.Option(help="Only the gold texts of this part of the corpus (by agency).")
    ] = None,
    reports: Annotated[
        Path | None, typer.Option(help="The folder of the gold's reports, where the gold holds no texts.")
    ] = None,
    against: Annotated[
        str | None,
        typer.Option(help="Another run to compare with, pair by pair (approximate randomisation)."),
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="A folder for scores.json and errors.html.")
    ] = None,
) -> None:
    """Score a run against a gold set: facts, channels, statements, sections, cells, the flat metrics, and confidence.

    Example: gongkai eval records.jsonl --gold eval/gold -o scores/

    Gold facts on which two annotators could differ are don't-care: missing one is no miss, and a prediction on one is
    no false alarm; how many there are is printed.

    Exit status: 0, or 2 when the gold, a report or a prediction is missing or does not fit.
    """
    try:
        texts = [text for text in load_gold(gold) if part in (None, part_of(text))]
        if not texts:
            raise GoldError(f"{gold}: none of its texts is in the part {part}")
        pairs, held = _pairs(run, texts, reports)
        result = evaluate(pairs)
        console = Console()
        print_evaluation(console, result, len(texts))
        if against is not None:
            other, _ = _pairs(against, texts, reports)
            print_comparison(console, run, against, compare_runs(result, evaluate(other)))
        if output is not None:
            _save(output, run, result, held)
            console.print(
                f"saved: {output / 'scores.json'}, {output / 'errors.html'}", markup=False, soft_wrap=True
            )
    except (GoldError, WeightsError) as error:
        raise typer.BadParameter(str(error)) from None


def _pairs(run: str, gold: Sequence[LabelledText], reports: Path | None) -> tuple[Pairs, Pairs]:
    """The gold with its predictions; and the same, with texts where they are at hand, for the error page."""
    reader = _reader(run)
    if reader is not None:
        pairs = [(text, reader(without_marks(text))) for text in with_texts(gold, reports)]
        return pairs, pairs
    pairs = predictions_of(Path(run), gold)
    if reports is None:
        return pairs, pairs
    held = with_texts(gold, reports)
    return pairs, [(text, predicted) for text, (_, predicted) in zip(held, pairs, strict=True)]


def _reader(run: str) -> Reader | None:
    """The reader that a run names; None where it names predictions."""
    if run == "rules":
        return reading_with(RULES)
    if run in ("learned", "unaided"):
        return reading_with(learned(load_reader(), hinted=run == "learned"))
    if (Path(run) / DESCRIPTION).is_file():
        return reading_with(learned(load_reader(Path(run))))
    if Path(run).is_dir():
        from ...eval.baselines.registry import load_reader as load_baseline  # noqa: PLC0415  # heavy, and an extra

        trained = load_baseline(Path(run))
        # It was given sections and masthead, so there is no credit for them.
        return lambda text: trained(text).model_copy(update={"sections": (), "report": LabelledReport()})
    return None


def _save(folder: Path, run: str, result: Evaluation, pairs: Pairs) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    data = {"run": run} | as_data(result, [gold for gold, _ in pairs])
    (folder / "scores.json").write_bytes(orjson.dumps(data, option=orjson.OPT_INDENT_2))
    write_error_page(find_errors(pairs), f"Errors of {Path(run).name}", folder / "errors.html")
