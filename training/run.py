# pyright: basic
"""One training run: from the corpus to a reader's files."""

import os
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from random import Random
from typing import Any

import torch
import yaml
from safetensors import SafetensorError
from safetensors.torch import load_model, save_model

from ..annotations.corpus import CORPUS_FOLDER, NATURAL_FOLDER, part_of, read_corpus
from ..annotations.labelled import LabelledText, is_passage
from ..models.heads import shapes_of
from ..models.labels import Labels
from ..models.network import Network
from ..models.reader import Reader
from ..models.vocabulary import Vocabulary
from .augmentation import augment
from .batches import rows_of
from .calibration import fit_decoding
from .dev_score import DevScore
from .encoders import BILSTM, bilstm, pretrained
from .examples import Example, labels_of, narrative_examples
from .export import export
from .line_examples import assembled_examples, line_examples
from .settings import Settings, SettingsError
from .theme_training import fit_themes, statements_of, theme_threshold
from .trainer import fit, reader_of

READER = "reader"
"""The folder of a run in which the reader's files lie."""
_NETWORK, _SETTINGS, _CHECKPOINTS = "network.safetensors", "settings.yaml", "checkpoints"
_ASSEMBLED, _ASSEMBLED_DEV = 40, 15
_LINES_EVERY = 3
"""Lines come with every so manieth copy: they are easier to learn than what the narrative tells."""
_DEV_SEED = 1


@dataclass(frozen=True, slots=True)
class Trained:
    """What a run made: the network with what it needs to read, and its score on the dev part."""

    network: Network
    reader: Reader
    score: DevScore


def train(
    chosen: Settings,
    folder: Path,
    *,
    corpus: Path = CORPUS_FOLDER,
    resume: bool = False,
    callbacks: Sequence[Any] = (),
) -> Trained:
    """Train a reader on the corpus's train part, choose its decoding on texts it did not see, and write it into ``folder``.

    The reader's files lie in ``folder/reader``, the exact weights in ``folder/network.safetensors``. With ``resume`` a
    run that was cut short goes on from its last checkpoint.

    Raises `SettingsError` where the base cannot be loaded.
    """
    torch.manual_seed(chosen.seed)
    texts = list(read_corpus(corpus))
    learnt = [text for text in texts if part_of(text) == "train"]
    watched = [text for text in texts if part_of(text) == "dev"]
    labels = labels_of(learnt)
    network, vocabulary = build(chosen, labels)
    if chosen.start is not None:
        _load_weights(network, Path(chosen.start))
    folder.mkdir(parents=True, exist_ok=True)
    (folder / _SETTINGS).write_text(yaml.safe_dump(chosen.model_dump(), sort_keys=False), "utf-8")
    words = chosen.network.words
    rows = rows_of(examples_to_learn(learnt, labels, chosen), vocabulary, words=words)
    dev = examples_to_watch(watched, labels, chosen)
    score = fit(
        network,
        labels,
        vocabulary,
        rows,
        dev,
        chosen,
        folder / _CHECKPOINTS,
        resume=resume,
        teacher=_teacher(chosen, labels),
        callbacks=callbacks,
    )
    hints = chosen.data.hints > 0
    natural = read_corpus(NATURAL_FOLDER)
    decoding = fit_decoding(
        reader_of(network, labels, vocabulary, words=words),
        [dev, examples_to_watch(natural, labels, chosen)],
        hints=hints,
    )
    themes = fit_themes(statements_of(learnt, labels.themes), len(labels.themes))
    theme = theme_threshold(themes, [statements_of(texts, labels.themes) for texts in (watched, natural)])
    decoding = decoding.model_copy(update={"thresholds": {**decoding.thresholds, "theme": theme}})
    if is_first_process():
        save_model(network, str(folder / _NETWORK))
        about = {
            "settings": chosen.model_dump(),
            "dev": {f.name: round(getattr(score, f.name).f1, 4) for f in fields(score)},
        }
        export(
            network, labels, vocabulary, decoding, folder / READER, themes=themes, words=words, about=about
        )
    reader = reader_of(network, labels, vocabulary, words=words, decoding=decoding)
    return Trained(network, replace(reader, themes=themes), score)


def is_first_process() -> bool:
    """Return whether this is the process that writes, of those that `torchrun` started on one run."""
    return os.environ.get("RANK", "0") == "0"


def build(chosen: Settings, labels: Labels) -> tuple[Network, Vocabulary]:
    """Return an untrained network on its base, and the base's characters. Raises `SettingsError`."""
    if chosen.base is None:
        raise SettingsError("name the encoder to start from: --base FOLDER")
    kind, _, known = chosen.base.partition(":")
    folder = known if kind == BILSTM else chosen.base
    if folder.startswith((".", "/", "~")) and not Path(folder).is_dir():
        raise SettingsError(f"base: there is no folder {folder}")
    try:
        encoder, vocabulary = (
            bilstm(known) if kind == BILSTM else pretrained(chosen.base, chosen.network.layers)
        )
    except (OSError, ValueError) as error:
        raise SettingsError(f"base: no encoder can be loaded from {chosen.base}: {error}") from None
    shapes = shapes_of(labels, chosen.network.hidden)
    return Network(encoder, encoder.width, shapes, chosen.network.dropout), vocabulary


def examples_to_learn(texts: Sequence[LabelledText], labels: Labels, chosen: Settings) -> list[Example]:
    """Return the examples of texts and of changed copies of them."""
    return [
        example
        for copy in range(chosen.data.copies + 1)
        for example in examples_of_copy(texts, labels, chosen, copy)
    ]


def examples_of_copy(
    texts: Sequence[LabelledText], labels: Labels, chosen: Settings, copy: int
) -> list[Example]:
    """Return the examples of one copy of the texts, 0 being the texts themselves; the seed and its number make it."""
    random = Random(f"{chosen.seed} {copy}")
    found = [
        example
        for text in texts
        for example in narrative_examples(augment(text, random) if copy else text, labels, random)
    ]
    lines = chosen.data.sections and copy % _LINES_EVERY == 0
    return found + (_lines(texts, labels, random, _ASSEMBLED) if lines else [])


def examples_to_watch(texts: Sequence[LabelledText], labels: Labels, chosen: Settings) -> list[Example]:
    """Return the examples of texts as they are; the same for every run."""
    random = Random(_DEV_SEED)
    found = [example for text in texts for example in narrative_examples(text, labels, random)]
    return found + (_lines(texts, labels, random, _ASSEMBLED_DEV) if chosen.data.sections else [])


def _lines(texts: Sequence[LabelledText], labels: Labels, random: Random, assembled: int) -> list[Example]:
    reports = [text for text in texts if not is_passage(text)]
    found = [example for text in reports for example in line_examples(text, labels, random)]
    return found + list(assembled_examples([t for t in texts if is_passage(t)], labels, random, assembled))


def settings_of(folder: Path) -> Settings:
    """Return the settings of a run. Raises `SettingsError` where there is none."""
    try:
        return Settings.model_validate(yaml.safe_load((folder / _SETTINGS).read_text("utf-8")))
    except (OSError, ValueError) as error:
        raise SettingsError(f"{folder}: no finished run: {error}") from None


def load_network(folder: Path, labels: Labels) -> Network:
    """Return the exact network of a finished run. Raises `SettingsError` where there is none."""
    network, _ = build(settings_of(folder), labels)
    _load_weights(network, folder)
    return network.eval()


def _load_weights(network: Network, folder: Path) -> None:
    try:
        load_model(network, str(folder / _NETWORK))
    except (OSError, RuntimeError, SafetensorError) as error:
        raise SettingsError(f"{folder}: no finished run of this shape on these labels: {error}") from None


def _teacher(chosen: Settings, labels: Labels) -> Network | None:
    return load_network(Path(chosen.distil.teacher), labels) if chosen.distil.teacher else None
