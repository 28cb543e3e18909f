"""The BiLSTM-CRF baseline: from scratch on characters, in torch, with the CRF of pytorch-crf."""

import copy
import random
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors import torch as safetensors_torch
from torch import Tensor
from torch.nn.utils.rnn import pad_sequence

from ...annotations.labelled import LabelledText, Model
from .bilstm_network import PAD, UNKNOWN, Network, spans_of, tags_of
from .habits import Habits, learn_habits
from .marks import Chunk, Mark, labelled_chunks, marks_f1
from .readers import read_by_tagging
from .watching import best_state, held_back

# Their type hints leave too much unknown.
_torch: Any = torch
_safetensors: Any = safetensors_torch

EPOCHS = 25
_EMBEDDING = 128
_HIDDEN = 128
_BATCH = 48
_RATE = 3e-3
_CLIP = 5.0
_RARE = 1 / 50
"""The share of characters that are hidden in training, so that the reader learns what to make of unknown ones."""
_WEIGHTS, _DATA = "weights.safetensors", "bilstm_crf.json"


class Codes(Model):
    """The characters and labels that the network knows, by their numbers."""

    characters: dict[str, int]
    labels: list[str]


@dataclass(frozen=True, slots=True)
class BilstmCrf:
    """The trained reader."""

    network: Network
    codes: Codes
    habits: Habits

    def __call__(self, text: LabelledText) -> LabelledText:
        """Return ``text`` with the channels and facts found."""
        return read_by_tagging(text, lambda chunks: tag(self.network, self.codes, chunks), self.habits)

    def save(self, folder: Path) -> None:
        """Write weights, codes and habits into ``folder``."""
        _safetensors.save_model(self.network, str(folder / _WEIGHTS))
        (folder / _DATA).write_text(self.codes.model_dump_json(), "utf-8")
        self.habits.save(folder)


def load(folder: Path) -> BilstmCrf:
    """Return the reader that was saved into ``folder``."""
    codes = Codes.model_validate_json((folder / _DATA).read_bytes())
    network = _network(codes)
    _safetensors.load_model(network, str(folder / _WEIGHTS))
    return BilstmCrf(network.eval(), codes, Habits.load(folder))


def train(texts: Sequence[LabelledText], seed: int, epochs: int = EPOCHS) -> BilstmCrf:
    """Return a reader trained on ``texts``; the same seed gives the same reader on the same machine."""
    _torch.manual_seed(seed)
    order = random.Random(seed)
    learnt, watched = held_back(texts)
    chunks, checked = labelled_chunks(learnt), labelled_chunks(watched)
    codes = _codes(chunks)
    network = _network(codes)
    network.forbid_illegal()
    optimizer: Any = torch.optim.Adam(network.parameters(), lr=_RATE)
    schedule = torch.optim.lr_scheduler.ExponentialLR(optimizer, gamma=0.93)

    def epoch() -> None:
        network.train()
        for batch in _batches(chunks, order):
            optimizer.zero_grad()
            loss: Any = network.loss(*_tensors(batch, codes))
            loss.backward()
            torch.nn.utils.clip_grad_norm_(network.parameters(), _CLIP)
            optimizer.step()
            network.forbid_illegal()
        schedule.step()

    def watch() -> float:
        tagged = tag(network, codes, [chunk.text for chunk in checked])
        return marks_f1([chunk.marks for chunk in checked], tagged)

    network.load_state_dict(best_state(epoch, watch, lambda: copy.deepcopy(network.state_dict()), epochs))
    return BilstmCrf(network.eval(), codes, learn_habits(texts))


def tag(network: Network, codes: Codes, chunks: Sequence[str]) -> list[list[Mark]]:
    """Return the marks of each chunk."""
    network.eval()
    tagged: list[list[Mark]] = [[] for _ in chunks]
    order = sorted((i for i, chunk in enumerate(chunks) if chunk), key=lambda i: len(chunks[i]))
    with torch.inference_mode():
        for at in range(0, len(order), _BATCH):
            batch = order[at : at + _BATCH]
            marks = _tag_batch(network, codes, [chunks[i] for i in batch])
            for i, found in zip(batch, marks, strict=True):
                tagged[i] = found
    return tagged


def _tag_batch(network: Network, codes: Codes, chunks: Sequence[str]) -> list[list[Mark]]:
    states, mask = network.states(_numbers(chunks, codes))
    spans = [
        (row, start, end, kind)
        for row, tags in enumerate(network.best_tags(states, mask))
        for (start, end), kind in spans_of(tags)
    ]
    marks: list[list[Mark]] = [[] for _ in chunks]
    if not spans:
        return marks
    scores = network.label_scores(
        states, torch.tensor([(row, start, end - 1) for row, start, end, _ in spans])
    )
    for (row, start, end, kind), labels in zip(spans, scores, strict=True):
        marks[row].append(Mark(start, end, codes.labels[int(_of_kind(labels, kind, codes).argmax())]))
    return marks


def _of_kind(scores: Tensor, kind: str, codes: Codes) -> Tensor:
    """The scores with those of the other kind's labels out of the running."""
    other = [Mark(0, 1, label).kind != kind for label in codes.labels]
    return scores.masked_fill(torch.tensor(other), float("-inf"))


def _codes(chunks: Iterable[Chunk]) -> Codes:
    seen = Counter(character for chunk in chunks for character in _plain(chunk.text))
    labels = sorted({mark.label for chunk in chunks for mark in chunk.marks})
    known = sorted(character for character, times in seen.items() if times > 1)
    return Codes(characters={c: n for n, c in enumerate(known, UNKNOWN + 1)}, labels=labels)


def _network(codes: Codes) -> Network:
    return Network(len(codes.characters) + UNKNOWN + 1, len(codes.labels), _EMBEDDING, _HIDDEN)


def _batches(chunks: Sequence[Chunk], order: random.Random) -> Iterator[list[Chunk]]:
    """Batches of chunks of like length, in random order."""
    mixed = sorted(chunks, key=lambda chunk: len(chunk.text) + order.random() * 40)
    batches = [mixed[at : at + _BATCH] for at in range(0, len(mixed), _BATCH)]
    order.shuffle(batches)
    yield from batches


def _tensors(batch: Sequence[Chunk], codes: Codes) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Characters, some of them hidden, tags, spans and labels of a batch."""
    characters = _numbers([chunk.text for chunk in batch], codes)
    hidden = (torch.rand(characters.shape) < _RARE) & (characters != PAD)
    tags = [torch.tensor(tags_of(chunk.marks, len(chunk.text))) for chunk in batch]
    marks = [(row, mark) for row, chunk in enumerate(batch) for mark in chunk.marks]
    spans = torch.tensor([(row, mark.start, mark.end - 1) for row, mark in marks]).reshape(-1, 3)
    labels = torch.tensor([codes.labels.index(mark.label) for _, mark in marks])
    return characters.masked_fill(hidden, UNKNOWN), pad_sequence(tags, batch_first=True), spans, labels


def _numbers(chunks: Sequence[str], codes: Codes) -> Tensor:
    """``[chunks, length]`` numbers of the characters, padded."""
    rows = [torch.tensor([codes.characters.get(c, UNKNOWN) for c in _plain(chunk)]) for chunk in chunks]
    return pad_sequence(rows, batch_first=True, padding_value=PAD)


def _plain(chunk: str) -> str:
    """The chunk with all digits alike: which number it is tells nothing of what it counts."""
    return "".join("0" if character.isdigit() else character for character in chunk)
