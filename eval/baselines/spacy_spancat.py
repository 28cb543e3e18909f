"""The spaCy span categoriser baseline: spaCy's `spancat_singlelabel` on characters.

Spans may overlap; each has one label, several metrics of one number being joined in it. The plain `spancat`, a sigmoid
for each of the hundred labels, had learnt a third as much after eight rounds over eighty texts.
"""

import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import cast

from spacy.pipeline.spancat import Suggester
from spacy.tokens import Doc, SpanGroup
from spacy.tokens import Span as SpacySpan
from spacy.util import registry
from thinc.api import Ops, get_current_ops
from thinc.types import Ragged

from ...annotations.labelled import LabelledText
from ...extraction.narrative.quantities import find_quantities
from .habits import learn_habits
from .marks import Mark
from .narrative import Span
from .spacy_training import ENCODER, SpacyReader, blank_pipeline, fit, load_reader, spans_in

EPOCHS = 15
_KEY = "marks"
_SUGGESTER = "gongkai.quantities_and_words.v1"
_SIZES = range(2, 9)
"""Lengths of the words suggested for channels; one mention in fifteen is longer."""
_WORD = re.compile(r"[^\s,。;、:()]+")
_MODEL = {
    "@architectures": "spacy.SpanCategorizer.v1",
    "reducer": {"@layers": "spacy.mean_max_reducer.v1", "hidden_size": 64},
    "scorer": {"@layers": "Softmax.v2"},
    "tok2vec": ENCODER,
}


def load(folder: Path) -> SpacyReader:
    """Return the reader that was saved into ``folder``."""
    return load_reader(folder, _spans)


def train(texts: Sequence[LabelledText], seed: int, epochs: int = EPOCHS) -> SpacyReader:
    """Return a reader trained on ``texts``; the same seed gives the same reader on the same machine."""
    nlp = blank_pipeline()
    config = {"model": _MODEL, "spans_key": _KEY, "suggester": {"@misc": _SUGGESTER}, "negative_weight": 1.0}
    nlp.add_pipe("spancat_singlelabel", config=config)
    trained = fit(nlp, texts, _annotated, reading=_spans, seed=seed, epochs=epochs)
    return SpacyReader(trained, _spans, learn_habits(texts))


@registry.misc(_SUGGESTER)
def quantities_and_words() -> Suggester:
    """Return a suggester of the number grammar's quantities, and of words without a clause mark or a quantity.

    spaCy's own n-grams of up to ten characters, long enough for numbers, are about four times as many.
    """

    def suggest(docs: Iterable[Doc], *, ops: Ops | None = None) -> Ragged:
        suggested = [_suggested(doc) for doc in docs]
        spans = [span for several in suggested for span in several]
        ops = ops or get_current_ops()
        data = ops.asarray2i(spans) if spans else ops.alloc2i(0, 2)
        return Ragged(data, ops.asarray1i([len(several) for several in suggested]))

    return suggest


def _suggested(doc: Doc) -> list[Span]:
    """The spans of tokens suggested in a doc, each once."""
    starts = {token.idx: token.i for token in doc}
    ends = {token.idx + len(token): token.i + 1 for token in doc}
    text = doc.text
    suggested: list[Span] = []
    for quantity in find_quantities(text):
        if quantity.start in starts and quantity.end in ends:
            suggested.append((starts[quantity.start], ends[quantity.end]))
        blank = "\n" * (quantity.end - quantity.start)
        text = text[: quantity.start] + blank + text[quantity.end :]
    for word in _WORD.finditer(text):
        first, last = starts[word.start()], ends[word.end()]
        suggested += [(at, at + size) for size in _SIZES for at in range(first, last - size + 1)]
    return suggested


def _annotated(doc: Doc, marks: Sequence[Mark]) -> Doc:
    doc.spans[_KEY] = spans_in(doc, marks)
    return doc


def _spans(doc: Doc) -> Sequence[SpacySpan]:
    return list(cast(SpanGroup, doc.spans[_KEY]))
