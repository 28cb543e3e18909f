"""What each part of the shipped reader is worth: ``python -m gongkai.eval.ablation --reports ../shared/seeds``."""

from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from pathlib import Path
from typing import Annotated

import typer

from ..annotations.corpus import read_corpus
from ..annotations.labelled import LabelledText
from ..extraction.components import RULES, Components, learned
from ..models.decoding import Decoding
from ..models.labels import FIELDS
from ..models.reader import Reader
from ..models.runtime import SHIPPED, load_reader
from ..models.windows import Array, Candidate, QuantityReading, Span
from .baselines.gold_sets import measured_on
from .baselines.results import check_markers, write_between_markers
from .calibration import expected_calibration_error
from .gold import GoldError
from .predictions import reading_with, without_marks
from .score import MAIN, Scores, score_texts, total

RESULTS = Path(__file__).with_name("RESULTS.md")
_MARKER = "ablation"
_NO_LINK = -100.0
_MEASURES = (MAIN, "facts (metric, value)", "problems", "improvements")


def main(
    reports: Annotated[Path | None, typer.Option(help="The folder with the gold set's reports.")] = None,
    reader: Annotated[Path, typer.Option(help="The folder of the reader.")] = SHIPPED,
) -> None:
    """Measure the rules alone, the network alone, both, and both without one part; write the table into eval/RESULTS.md.

    Example: python -m gongkai.eval.ablation --reports ../shared/seeds
    """
    check_markers(RESULTS, _MARKER)
    try:
        sets = measured_on(list(read_corpus()), reports)
    except GoldError as error:
        raise typer.BadParameter(str(error)) from None
    table = ablation_table(variants(load_reader(reader)), sets)
    typer.echo(table)
    write_between_markers(RESULTS, table, _MARKER)


def variants(reader: Reader) -> dict[str, Components]:
    """Return the components of each variant, by what is on or off."""
    unlinked = {"distance.weight": reader.weights["distance.weight"] * 0 + _NO_LINK}
    return {
        "rules alone": RULES,
        "network alone": learned(reader, hinted=False),
        "both": learned(reader),
        "both, channels without links to the words that name them": learned(
            replace(reader, weights={**reader.weights, **unlinked})
        ),
        "both, without fitted temperatures and thresholds": learned(replace(reader, decoding=Decoding())),
        "both, role, period and scope by the rules": learned(
            _RuledFields(**{f.name: getattr(reader, f.name) for f in fields(reader)})
        ),
    }


class _RuledFields(Reader):
    """Takes the other fields of a fact from the rules, where they made one of the quantity."""

    def quantities(
        self, states: Array, candidates: Sequence[Candidate], mentions: Sequence[Span]
    ) -> QuantityReading:
        reading = Reader.quantities(self, states, candidates, mentions)
        ruled = {name: chances.copy() for name, chances in reading.fields.items()}
        for place, candidate in enumerate(candidates):
            for name, told in zip(FIELDS, candidate.hint[2:], strict=True):
                if told >= 0:
                    ruled[name][place] = 0
                    ruled[name][place, told] = 1
        return replace(reading, fields=ruled)


def ablation_table(components: Mapping[str, Components], sets: Mapping[str, Sequence[LabelledText]]) -> str:
    """Return a Markdown table: a row a variant; for each test set its scores."""
    lines = [["", *sets], ["---"] * (1 + len(sets))]
    for name, parts in components.items():
        read = reading_with(parts)
        found = [
            total(score_texts([(text, read(without_marks(text))) for text in texts]))
            for texts in sets.values()
        ]
        lines.append([name, *map(_cell, found)])
    table = "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
    return (
        f"F1 of {MAIN} / on (metric, value); of problems and improvements (overlapping) where there are any; accuracy of "
        f"role, period and scope; expected calibration error of the facts.\n\n{table}"
    )


def _cell(scores: Scores) -> str:
    marks = [scores.marks[name] for name in _MEASURES]
    told = [f"{mark.f1:.3f}" for mark in marks if mark.hits + mark.misses]
    fields = [scores.accuracies[f"fact field {name}"].rate for name in ("role", "period", "scope")]
    error = expected_calibration_error(scores.confidences)
    parts = [" / ".join(told), " ".join(f"{rate:.2f}" for rate in fields if rate is not None)]
    return "; ".join([*parts, "" if error is None else f"{error:.3f}"])


if __name__ == "__main__":
    typer.run(main)
