"""``python -m gongkai.eval.public_ner``: our network and our training on public NER data, beside published figures.

Resume NER (Zhang and Yang 2018) and Weibo NER (Peng and Dredze 2015, second version). Nothing of the data and nothing
learned from it is part of gongkai; the comparison only tells what the network and its training are worth.
"""

import re
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal, cast

import torch
import typer

from ..models.labels import Labels
from ..models.reader import Reader
from ..models.windows import Window
from ..training.batches import rows_of
from ..training.examples import Example
from ..training.run import build
from ..training.settings import Settings, SettingsError, settings
from ..training.trainer import fit, reader_of
from .baselines.results import NoPlaceError, check_markers, write_between_markers
from .entities import iob2_tags, strict_report

RESULTS = Path(__file__).parent / "RESULTS.md"
LONGEST = 500
"""Characters; what is longer is cut, since the encoder has 512 positions. An entity across a cut cannot be found."""
_MARKER = "public ner"
_PARTS = ("train", "dev", "test")
_TAG = re.compile(r"O|[BMIES]-\S+")
_COMMON = ("optimiser.batch=16", "data.copies=0", "data.hints=0", "data.sections=false")
_DEFAULTS = {
    "resume": ("optimiser.epochs=10", "optimiser.patience=3", *_COMMON),
    "weibo": ("optimiser.epochs=20", "optimiser.patience=5", *_COMMON),
}
_PUBLISHED = (
    ("character BiLSTM-CRF (Zhang and Yang 2018)", {"resume": 93.48, "weibo": 52.77}),
    ("Lattice LSTM (Zhang and Yang 2018)", {"resume": 94.46, "weibo": 58.79}),
    ("FLAT (Li et al. 2020)", {"resume": 95.45, "weibo": 60.32}),
    ("FLAT with BERT (Li et al. 2020)", {"resume": 95.86, "weibo": 68.55}),
)

Entity = tuple[int, int, str]


class PublicDataError(Exception):
    """A data set cannot be read; the message names file, line and what was wrong."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence and its entities, ``(start, end, type)`` in characters."""

    text: str
    entities: tuple[Entity, ...]


@dataclass(frozen=True, slots=True)
class Run:
    """What a trained network makes of the dev and the test part: precision, recall and F1 by seqeval."""

    data_set: str
    chosen: Settings
    dev: dict[str, float]
    test: dict[str, float]


def main(
    folder: Annotated[Path, typer.Argument(help="The folder that holds resume/ and weibo/.")],
    changes: Annotated[
        list[str] | None,
        typer.Argument(metavar="[NAME=VALUE]...", help="Settings as in gongkai train."),
    ] = None,
    *,
    base: Annotated[
        str, typer.Option(help="The encoder to start from: a folder, or a model of Hugging Face's hub.")
    ],
    only: Annotated[
        Literal["resume", "weibo"] | None,
        typer.Option(help="Take this data set only, and print its table without writing it."),
    ] = None,
    seeds: Annotated[str, typer.Option(help="Train once with each of these, for example 0,1,2.")] = "0",
) -> None:
    """Train on Resume NER and Weibo NER, print the table of test scores and write it into eval/RESULTS.md.

    Example: python -m gongkai.eval.public_ner ../shared/benchmarks --base ../shared/models/zh-e5-small-char

    Exit status: 0, or 2 when the data, a setting or the base cannot be used.
    """
    if not re.fullmatch(r"\d+(,\d+)*", seeds):
        raise typer.BadParameter(
            f"'{seeds}': write numbers with commas, for example 0,1,2", param_hint="--seeds"
        )
    names = [name for name in _DEFAULTS if only in (None, name)]
    given = changes or []
    runs: list[Run] = []
    try:
        if only is None:
            check_markers(RESULTS, _MARKER)
        data = {
            name: {part: read_sentences(folder / name / f"{part}.txt") for part in _PARTS} for name in names
        }
        for name in names:
            for seed in seeds.split(","):
                chosen = settings([*_DEFAULTS[name], *given, f"base={base}", f"seed={seed}"])
                runs.append(_run(name, data[name], chosen))
                print(f"{name}: {_row(runs[-1])}", file=sys.stderr)
    except (NoPlaceError, PublicDataError, SettingsError) as error:
        print(error, file=sys.stderr)
        raise typer.Exit(2) from None
    words = f"{_table(runs)}\n\n{_caption(base, given)}"
    print(words)
    if only is None:
        write_between_markers(RESULTS, words, _MARKER)


def read_sentences(path: Path) -> list[Sentence]:
    """Return the sentences of a file with a character and its tag a line, and blank lines between sentences.

    Tags may be BIO, BMES or BIOES. Of what stands before the tag only the first code point is text; Weibo NER has the
    character's place in its word behind it, and halves of emoji. Entities are what conlleval makes of the tags: one
    that lacks its first or last tag counts nevertheless, which gives the 418 of Weibo NER's test part.

    Raises `PublicDataError` where the file cannot be read, a line is not of this form, or no entity is there.
    """
    try:
        lines = path.read_text("utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise PublicDataError(f"{path}: cannot be read: {error}") from None
    sentences: list[Sentence] = []
    characters, tags = "", list[str]()
    for number, line in enumerate([*lines, ""], 1):
        if line.strip():
            token, _, tag = line.rpartition("\t" if "\t" in line else " ")
            if not token or not _TAG.fullmatch(tag):
                raise PublicDataError(
                    f"{path}:{number}: no character with a BIO, BMES or BIOES tag: {line!r}"
                )
            characters += token[0]
            tags.append(tag)
        elif tags:
            sentences.append(Sentence(characters, _entities(tags)))
            characters, tags = "", []
    if not any(sentence.entities for sentence in sentences):
        raise PublicDataError(f"{path}: no sentence with an entity there")
    return sentences


def _entities(tags: Sequence[str]) -> tuple[Entity, ...]:
    from seqeval.metrics import sequence_labeling  # noqa: PLC0415  # heavy, and an extra

    as_inside = [f"I{tag[1:]}" if tag[0] == "M" else tag for tag in tags]
    found = cast(list[tuple[str, int, int]], cast(Any, sequence_labeling).get_entities(as_inside))
    return tuple((first, last + 1, label) for label, first, last in found)


def _run(name: str, parts: dict[str, list[Sentence]], chosen: Settings) -> Run:
    """Train with ``chosen`` on the train part, keep the best pass on the dev part, and score both other parts."""
    torch.manual_seed(chosen.seed)  # type: ignore[reportUnknownMemberType]
    words = chosen.network.words
    labels = Labels(
        mentions=tuple(
            sorted({e[2] for part in parts.values() for sentence in part for e in sentence.entities})
        )
    )
    network, vocabulary = build(chosen, labels)
    learnt, watched = (
        [example for s in parts[part] for example in _examples(s, labels)] for part in ("train", "dev")
    )
    rows = rows_of(learnt, vocabulary, words=words)
    with tempfile.TemporaryDirectory() as folder:
        fit(network, labels, vocabulary, rows, watched, chosen, Path(folder), resume=False)
    reader = reader_of(network, labels, vocabulary, words=words)
    return Run(name, chosen, _score(reader, parts["dev"]), _score(reader, parts["test"]))


def _examples(sentence: Sentence, labels: Labels) -> Iterator[Example]:
    for start, window in _windows(sentence.text):
        end = start + len(window.text)
        yield Example(
            window=window,
            mentions=tuple(
                (max(first, start) - start, min(last, end) - start, labels.mentions.index(label))
                for first, last, label in sentence.entities
                if first < end and last > start
            ),
        )


def _windows(text: str) -> Iterator[tuple[int, Window]]:
    """Yield pieces that the encoder can take, and where each begins."""
    for start in range(0, len(text), LONGEST):
        yield start, Window(text[start : start + LONGEST])


def _score(reader: Reader, sentences: Sequence[Sentence]) -> dict[str, float]:
    """The micro average over all entities of whole sentences."""
    placed = [
        (number, start, window)
        for number, sentence in enumerate(sentences)
        for start, window in _windows(sentence.text)
    ]
    found: list[list[Entity]] = [[] for _ in sentences]
    for (number, at, _), states in zip(placed, reader.states([w for _, _, w in placed]), strict=True):
        found[number] += [
            (at + start, at + end, reader.labels.mentions[label])
            for start, end, label, _ in reader.mentions(states, None)
        ]
    gold_tags = [iob2_tags(sentence.entities, len(sentence.text)) for sentence in sentences]
    tags = [iob2_tags(each, len(sentence.text)) for each, sentence in zip(found, sentences, strict=True)]
    return strict_report(gold_tags, tags)["micro avg"]


def _table(runs: Sequence[Run]) -> str:
    lines = [
        "| data set | reader | seed | dev F1 | test precision | test recall | test F1 |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    for name in dict.fromkeys(run.data_set for run in runs):
        lines += [f"| {name} | {reader} | – | – | – | – | {f1[name]:.2f} |" for reader, f1 in _PUBLISHED]
        lines += [f"| {name} | {_row(run)} |" for run in runs if run.data_set == name]
    return "\n".join(lines)


def _row(run: Run) -> str:
    """What the table says of a run, behind the name of its data set."""
    layers = run.chosen.network.layers
    words = "word boundaries" if run.chosen.network.words else "no words"
    marks = (run.dev["f1-score"], *(run.test[mark] for mark in ("precision", "recall", "f1-score")))
    return " | ".join(
        (
            f"gongkai, {'all' if layers is None else layers} layers, {words}",
            str(run.chosen.seed),
            *(f"{100 * mark:.2f}" for mark in marks),
        )
    )


def _caption(base: str, changes: Sequence[str]) -> str:
    kind, colon, folder = base.rpartition(":")
    told = ", ".join(changes) or "none"
    return (
        f"Base {kind}{colon}{Path(folder).name}; settings other than the defaults: {told}. The best pass on the dev part is "
        "kept. Ours by seqeval, strict IOB2, micro average in percent; the other rows are figures as published."
    )


if __name__ == "__main__":
    typer.run(main)
