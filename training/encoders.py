# pyright: basic
"""Encoders to train: any encoder of Hugging Face's that knows characters, or a BiLSTM from scratch."""

from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from transformers import AutoConfig, AutoModel, AutoTokenizer
from transformers.utils import logging

from ..models.boundaries import BOUNDARIES
from ..models.vocabulary import Vocabulary

_torch: Any = torch
_auto: Any = AutoModel

BILSTM = "bilstm"
"""Named as a base, trains an encoder of this kind from scratch."""
_EMBEDDING, _HIDDEN = 128, 160


class PretrainedEncoder(nn.Module):
    """The first layers of a pretrained encoder, with word boundaries added to its input."""

    def __init__(self, backbone: Any) -> None:
        super().__init__()
        self.backbone = backbone
        self.width: int = backbone.config.hidden_size
        self.boundaries = nn.Embedding(BOUNDARIES, self.width)
        nn.init.zeros_(self.boundaries.weight)

    def forward(self, ids: Tensor, attention: Tensor | None, boundaries: Tensor) -> Tensor:
        """Return the states ``[windows, length, width]``; ``attention`` is None where nothing is padding."""
        embedded = self.backbone.get_input_embeddings()(ids) + self.boundaries(boundaries)
        return self.backbone(inputs_embeds=embedded, attention_mask=attention).last_hidden_state


class BilstmEncoder(nn.Module):
    """Embeddings and one bidirectional LSTM."""

    def __init__(self, characters: int, pad: int) -> None:
        super().__init__()
        self.width = 2 * _HIDDEN
        self.embeddings = nn.Embedding(characters, _EMBEDDING, padding_idx=pad)
        self.boundaries = nn.Embedding(BOUNDARIES, _EMBEDDING)
        self.dropout = nn.Dropout(0.3)
        self.lstm = nn.LSTM(
            _EMBEDDING, _HIDDEN, num_layers=2, dropout=0.3, batch_first=True, bidirectional=True
        )
        nn.init.zeros_(self.boundaries.weight)

    def forward(self, ids: Tensor, attention: Tensor | None, boundaries: Tensor) -> Tensor:
        """Return the states ``[windows, length, width]``; ``attention`` is None where nothing is padding."""
        embedded = self.dropout(self.embeddings(ids) + self.boundaries(boundaries))
        if attention is None:
            return self.lstm(embedded)[0]
        lengths = attention.sum(-1).cpu()
        packed = nn.utils.rnn.pack_padded_sequence(embedded, lengths, batch_first=True, enforce_sorted=False)
        states, _ = self.lstm(packed)
        padded, _ = nn.utils.rnn.pad_packed_sequence(states, batch_first=True, total_length=ids.shape[1])
        return padded


def pretrained(base: str, layers: int | None) -> tuple[PretrainedEncoder, Vocabulary]:
    """Return the encoder named ``base`` (a folder or a model of the hub) and its characters.

    ``layers`` keeps only the first so many. Raises `OSError` where there is no such encoder.
    """
    logging.set_verbosity_error()  # it would list the layers that are left out
    config = AutoConfig.from_pretrained(base)
    if layers is not None:
        config.num_hidden_layers = min(layers, config.num_hidden_layers)
    # Dropout inside the layers costs a third of the time on a CPU; the states have their own.
    config.hidden_dropout_prob = config.attention_probs_dropout_prob = 0.0
    backbone = _auto.from_pretrained(base, config=config, dtype=torch.float32, attn_implementation="eager")
    if hasattr(backbone, "pooler"):
        backbone.pooler = None  # not used
    return PretrainedEncoder(backbone), vocabulary_of(base)


def bilstm(base: str) -> tuple[BilstmEncoder, Vocabulary]:
    """Return an untrained BiLSTM over the characters that the encoder ``base`` knows."""
    vocabulary = vocabulary_of(base)
    return BilstmEncoder(max(vocabulary.characters.values()) + 1, vocabulary.pad), vocabulary


def vocabulary_of(base: str) -> Vocabulary:
    """Return the single characters of a tokenizer."""
    tokenizer: Any = AutoTokenizer.from_pretrained(base, local_files_only=Path(base).is_dir())
    numbers: dict[str, int] = tokenizer.get_vocab()
    characters = {token: number for token, number in numbers.items() if len(token) == 1}
    return Vocabulary(
        characters=characters,
        begin=tokenizer.cls_token_id,
        end=tokenizer.sep_token_id,
        pad=tokenizer.pad_token_id,
        unknown=tokenizer.unk_token_id,
        mask=tokenizer.mask_token_id,
        blank=characters.get("▁", characters.get(" ", tokenizer.unk_token_id)),
    )
