"""``gongkai annotate check``: what is wrong, or looks wrong, in labelled texts."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from ....annotations.corpus import try_corpus_file
from ....annotations.labelled import LabelledText, try_labelled
from ....eval.corpus_check import Finding, check_texts
from .inputs import labelled_files


def check(
    corpus: Annotated[
        list[Path],
        typer.Argument(
            help="Labelled texts: .jsonl files, corpus files in inline markup (.txt), or folders of them."
        ),
    ],
) -> None:
    """Print spans with blank edges or beyond the text, unknown labels, broken links, marks that cross sentences, values
    that the number grammar reads otherwise, texts whose source has changed, leakage between train and dev, and labels
    too rare to learn.

    Example: gongkai annotate check annotations/corpus

    Exit status: 0, or 1 when there is an error; warnings are printed but do not count.
    """
    console = Console(highlight=False)
    texts: list[LabelledText] = []
    errors = 0
    for outcome in _outcomes(corpus):
        if isinstance(outcome, LabelledText):
            texts.append(outcome)
        else:
            console.print(f"error: {outcome}", style="red", markup=False, soft_wrap=True)
            errors += 1
    counts: Counter[str] = Counter()
    for finding in check_texts(texts):
        counts[finding.severity] += 1
        _print(console, finding)
    errors += counts["error"]
    console.print(f"{len(texts)} texts: {errors} errors, {counts['warning']} warnings")
    raise typer.Exit(1 if errors else 0)


def _outcomes(paths: list[Path]) -> Iterator[LabelledText | Exception]:
    """The texts behind ``paths``, and what is wrong with a file or a text in it."""
    for path in labelled_files(paths):
        try:
            yield from try_corpus_file(path) if path.suffix == ".txt" else try_labelled(path)
        except (OSError, UnicodeDecodeError) as error:
            yield OSError(f"{path}: {getattr(error, 'strerror', None) or error}")


def _print(console: Console, finding: Finding) -> None:
    where = (
        f"{finding.text_id}{'' if finding.start is None else f' at {finding.start}'}: "
        if finding.text_id
        else ""
    )
    style = "red" if finding.severity == "error" else "yellow"
    line = f"{finding.severity}: {finding.kind}: {where}{finding.message}"
    console.print(line, style=style, markup=False, soft_wrap=True)
