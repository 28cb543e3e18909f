"""What the two spaCy baselines share: characters as tokens, the encoder, training with `nlp.update`, the reader."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import spacy
from spacy.language import Language
from spacy.tokens import Doc, Span
from spacy.training import Example, batchers
from thinc.api import fix_random_seed

from ...annotations.labelled import LabelledText
from .habits import Habits
from .marks import Chunk, Mark, labelled_chunks, marks_f1
from .readers import read_by_tagging
from .watching import best_state, held_back

# Its type hints leave too much unknown.
_batchers: Any = batchers

_BATCH = 250
"""In characters."""
_FOLDER = "spacy"
_RATE = 0.002
_DROPOUT = 0.1

Reading = Callable[[Doc], Sequence[Span]]
"""The spans that a pipeline has marked in a doc."""

ENCODER: dict[str, Any] = {
    "@architectures": "spacy.Tok2Vec.v2",
    "embed": {
        "@architectures": "spacy.MultiHashEmbed.v2",
        "width": 64,
        "attrs": ["NORM", "SHAPE"],
        "rows": [5000, 200],
        "include_static_vectors": False,
    },
    "encode": {
        "@architectures": "spacy.MaxoutWindowEncoder.v2",
        "width": 64,
        "depth": 4,
        "window_size": 3,
        "maxout_pieces": 2,
    },
}
"""Small enough for a CPU; a character sees the twelve on each side of it."""


@dataclass(frozen=True, slots=True)
class SpacyReader:
    """A trained pipeline as a reader; ``reading`` gets the marked spans out of its docs."""

    nlp: Language
    reading: Reading
    habits: Habits

    def __call__(self, text: LabelledText) -> LabelledText:
        """Return ``text`` with the channels and facts found."""
        return read_by_tagging(text, lambda chunks: tag(self.nlp, chunks, self.reading), self.habits)

    def save(self, folder: Path) -> None:
        """Write pipeline and habits into ``folder``."""
        self.nlp.to_disk(folder / _FOLDER)
        self.habits.save(folder)


def load_reader(folder: Path, reading: Reading) -> SpacyReader:
    """Return the reader that was saved into ``folder``."""
    return SpacyReader(spacy.load(folder / _FOLDER), reading, Habits.load(folder))


def blank_pipeline() -> Language:
    """Return a pipeline that cuts Chinese into characters, runs of blanks being one token."""
    return spacy.blank("zh")


def fit(
    nlp: Language,
    texts: Sequence[LabelledText],
    annotate: Callable[[Doc, Sequence[Mark]], Doc],
    *,
    reading: Reading,
    seed: int,
    epochs: int,
) -> Language:
    """Train the pipeline on ``texts`` and return it as it was after its best epoch.

    ``annotate`` writes the marks of a chunk into its doc, ``reading`` gets those predicted out of it.
    """
    fix_random_seed(seed)
    order = random.Random(seed)
    learnt, watched = held_back(texts)
    examples = [_example(nlp, chunk, annotate) for chunk in labelled_chunks(learnt)]
    checked = labelled_chunks(watched)
    pipeline: Any = nlp  # the type hints of `use_params` leave too much unknown
    optimizer: Any = nlp.initialize(lambda: examples)
    optimizer.learn_rate = _RATE

    def epoch() -> None:
        order.shuffle(examples)
        for batch in _batchers.minibatch_by_words(examples, _BATCH):
            nlp.update(batch, sgd=optimizer, drop=_DROPOUT)

    def watch() -> float:
        with pipeline.use_params(optimizer.averages):
            return marks_f1([c.marks for c in checked], tag(nlp, [c.text for c in checked], reading))

    def state() -> bytes:
        with pipeline.use_params(optimizer.averages):
            return nlp.to_bytes()

    return nlp.from_bytes(best_state(epoch, watch, state, epochs))


def tag(nlp: Language, chunks: Sequence[str], reading: Reading) -> list[list[Mark]]:
    """Return the marks that the pipeline finds in each chunk."""
    return [
        [Mark(span.start_char, span.end_char, span.label_) for span in reading(doc)]
        for doc in nlp.pipe(chunks, batch_size=64)
    ]


def spans_in(doc: Doc, marks: Sequence[Mark]) -> list[Span]:
    """Return the marks as spans of the doc; one that begins or ends inside a token is left out."""
    spans = (doc.char_span(mark.start, mark.end, label=mark.label) for mark in marks)
    return [span for span in spans if span is not None]


def _example(nlp: Language, chunk: Chunk, annotate: Callable[[Doc, Sequence[Mark]], Doc]) -> Example:
    return Example(nlp.make_doc(chunk.text), annotate(nlp.make_doc(chunk.text), chunk.marks))
