"""The spaCy NER baseline: spaCy's transition-based `ner` on characters, metrics and channels as its labels."""

from collections.abc import Sequence
from pathlib import Path

from spacy.tokens import Doc, Span

from ...annotations.labelled import LabelledText
from .habits import learn_habits
from .marks import Mark
from .spacy_training import ENCODER, SpacyReader, blank_pipeline, fit, load_reader, spans_in

EPOCHS = 12
_MODEL = {
    "@architectures": "spacy.TransitionBasedParser.v2",
    "state_type": "ner",
    "extra_state_tokens": False,
    "hidden_width": 64,
    "maxout_pieces": 2,
    "use_upper": True,
    "nO": None,
    "tok2vec": ENCODER,
}


def load(folder: Path) -> SpacyReader:
    """Return the reader that was saved into ``folder``."""
    return load_reader(folder, _entities)


def train(texts: Sequence[LabelledText], seed: int, epochs: int = EPOCHS) -> SpacyReader:
    """Return a reader trained on ``texts``; the same seed gives the same reader on the same machine."""
    nlp = blank_pipeline()
    nlp.add_pipe("ner", config={"model": _MODEL})
    trained = fit(nlp, texts, _annotated, reading=_entities, seed=seed, epochs=epochs)
    return SpacyReader(trained, _entities, learn_habits(texts))


def _annotated(doc: Doc, marks: Sequence[Mark]) -> Doc:
    doc.set_ents(spans_in(doc, marks))
    return doc


def _entities(doc: Doc) -> Sequence[Span]:
    return doc.ents
