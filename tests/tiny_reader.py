"""A reader small enough to be made anew in each test run: a tiny BERT over characters, with random weights."""

from pathlib import Path

import torch
from gongkai.models.decoding import Decoding
from gongkai.models.heads import shapes_of
from gongkai.models.labels import Labels
from gongkai.models.network import Network
from gongkai.models.vocabulary import Vocabulary
from gongkai.training.encoders import pretrained
from gongkai.training.examples import labels_of
from gongkai.training.export import export
from gongkai.training.theme_training import fit_themes
from tokenizers import Regex, Tokenizer, models, pre_tokenizers
from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
CHARACTERS = "".join(map(chr, (*range(0x20, 0x7F), *range(0x3000, 0x3012), *range(0x4E00, 0xA000)))) + "…"
HIDDEN = 32


def tiny_base(folder: Path) -> str:
    """Write an untrained encoder with its tokenizer of characters into ``folder``, and return its name as a base."""
    numbers = {token: number for number, token in enumerate((*SPECIAL, *CHARACTERS))}
    tokenizer = Tokenizer(models.WordLevel(numbers, unk_token="[UNK]"))
    # One character, one token, also inside of numbers and at line ends.
    tokenizer.pre_tokenizer = pre_tokenizers.Split(Regex(r"[\s\S]"), "isolated")
    PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        pad_token="[PAD]",
        unk_token="[UNK]",
        cls_token="[CLS]",
        sep_token="[SEP]",
        mask_token="[MASK]",
    ).save_pretrained(folder)
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=len(numbers),
        hidden_size=HIDDEN,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=2 * HIDDEN,
        initializer_range=0.2,  # the usual 0.02 leaves so small an encoder nearly blind to what stands around
    )
    BertModel(config).save_pretrained(folder)
    return str(folder)


def tiny_network(base: str, labels: Labels, seed: int = 0) -> tuple[Network, Vocabulary]:
    """Return an untrained network on the encoder ``base``, ready to read, and the characters it knows."""
    torch.manual_seed(seed)
    encoder, vocabulary = pretrained(base, None)
    # Zero in an untrained encoder, which would hide whether they reach it.
    torch.nn.init.normal_(encoder.boundaries.weight, std=0.2)
    network = Network(encoder, encoder.width, shapes_of(labels, HIDDEN), dropout=0.1)
    return network.eval(), vocabulary


def tiny_reader_folder(folder: Path, labels: Labels | None = None) -> Path:
    """Write the files of a reader with random weights into ``folder / "reader"`` and return that folder.

    ``labels`` are those of the scheme unless given.
    """
    labels = labels or labels_of([])
    network, vocabulary = tiny_network(tiny_base(folder / "base"), labels)
    reader = folder / "reader"
    statements = [(f"公开不够及时{n}。", (n,)) for n in range(len(labels.themes))]
    themes = fit_themes(statements, len(labels.themes))
    export(network, labels, vocabulary, Decoding(), reader, themes=themes, words=False, about={})
    return reader
