"""Variants of the learned reader under equal settings: ``python -m gongkai.eval.comparison --base FOLDER --runs RUNS``.

Each run leaves ``result.json`` in its folder; a run that has one is not made again, so a comparison that was cut short
goes on where it stopped.
"""

import statistics
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import orjson
import typer

from ..annotations.corpus import read_corpus
from ..annotations.knowledge import read_knowledge
from ..extraction.components import RULES, learned
from ..models.runtime import load_reader
from .baselines.gold_sets import DEV, HELD_OUT, measured_on
from .baselines.measure import speed
from .baselines.results import check_markers, write_between_markers
from .predictions import reading_with, without_marks
from .score import MAIN, score_texts, total

RESULTS = Path(__file__).with_name("RESULTS.md")
_MARKER = "comparison"
_KNOWN: dict[str, Any] = read_knowledge(__file__, "comparison.yaml")
_RESULT = "result.json"
_MEASURES = (MAIN, "facts (metric, value)", "problems", "improvements")
_SPEED, _SIZE = "characters a second", "MB"


def main(
    base: Annotated[str, typer.Option(help="The encoder that the variants start from.")],
    runs: Annotated[Path, typer.Option(help="The folder of the runs.")],
    seeds: Annotated[str, typer.Option(help="The seeds, with commas.")] = "0,1,2",
    only: Annotated[list[str] | None, typer.Option(help="Only this variant; may be given again.")] = None,
) -> None:
    """Train and measure each variant with each seed, print their table and write it into eval/RESULTS.md.

    The real reports and the blind texts are left for the reader that is chosen.

    Example: python -m gongkai.eval.comparison --base ../shared/models/zh-e5-small-char --runs runs
    """
    check_markers(RESULTS, _MARKER)
    variants: dict[str, list[str]] = _KNOWN["variants"]
    for seed in seeds.split(","):
        for name in only or variants:
            folder = runs / f"{name}-{seed}"
            if not (folder / _RESULT).is_file():
                _train(folder, settings_for(name, base, runs, seed))
                (folder / _RESULT).write_bytes(orjson.dumps(_measured(folder)))
                typer.echo(f"{name}, seed {seed}: measured", err=True)
    table = comparison_table(_results(runs, variants, seeds.split(",")))
    typer.echo(table)
    write_between_markers(RESULTS, table, _MARKER)


def comparison_table(results: Mapping[str, Sequence[Mapping[str, float]]]) -> str:
    """Return a Markdown table: a row a variant, its measures as the mean over seeds with the standard deviation."""
    measures = list(dict.fromkeys(measure for runs in results.values() for run in runs for measure in run))
    lines = [["", "seeds", *measures], ["---"] * (2 + len(measures))]
    for name, runs in results.items():
        cells = [_spread([run[measure] for run in runs if measure in run], measure) for measure in measures]
        lines.append([name, str(len(runs)), *cells])
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def _spread(values: Sequence[float], measure: str) -> str:
    if not values:
        return "–"
    mean = statistics.fmean(values)
    if measure in (_SPEED, _SIZE):
        return f"{mean:,.0f}" if measure == _SPEED else f"{mean:.1f}"
    return f"{mean:.3f}" + (f" ± {statistics.stdev(values):.3f}" if len(values) > 1 else "")


def settings_for(variant: str, base: str, runs: Path, seed: str) -> list[str]:
    """Return the settings to train a variant with, as ``gongkai train`` takes them; a variant's own base counts."""
    told = (*_KNOWN["settings"], *_KNOWN["variants"][variant])
    return [f"base={base}", *(_filled(each, base, runs, seed) for each in told), f"seed={seed}"]


def _filled(setting: str, base: str, runs: Path, seed: str) -> str:
    return setting.replace("BASE", base).replace("RUNS", str(runs)).replace("SEED", seed)


def _train(folder: Path, given: Iterable[str]) -> None:
    """Train in a process of its own, whose memory is given back."""
    command = [sys.executable, "-c", "from gongkai.app.cli import main; main()"]
    told = ["train", "--resume", "-o", str(folder), *given]
    subprocess.run([*command, *told], check=True)


def _measured(folder: Path) -> dict[str, float]:
    """What the run in ``folder`` is worth on texts it never saw, with its speed on one thread and its size.

    The rules find the sections for every variant: what is compared is the reading of what they tell.
    """
    # Heavy, and an extra.
    from ..training.run import settings_of  # noqa: PLC0415

    hinted = settings_of(folder).data.hints > 0
    components = learned(load_reader(folder / "reader"), hinted=hinted)
    reader = reading_with(replace(components, sections=RULES.sections))
    found: dict[str, float] = {}
    sets = measured_on(list(read_corpus()), None)
    for name in (DEV, *HELD_OUT):
        texts = sets[name]
        scores = total(score_texts([(text, reader(without_marks(text))) for text in texts]))
        for measure in _MEASURES:
            mark = scores.marks.get(measure)
            if mark and mark.hits + mark.misses:
                found[f"{name}: {measure}"] = mark.f1
    found[_SPEED] = speed(reader, sets[DEV])
    found[_SIZE] = sum(path.stat().st_size for path in (folder / "reader").iterdir()) / 1e6
    return found


def _results(runs: Path, variants: Iterable[str], seeds: Sequence[str]) -> dict[str, list[dict[str, float]]]:
    found = {
        name: [
            orjson.loads(path.read_bytes())
            for path in (runs / f"{name}-{seed}" / _RESULT for seed in seeds)
            if path.is_file()
        ]
        for name in variants
    }
    return {name: results for name, results in found.items() if results}


if __name__ == "__main__":
    typer.run(main)
