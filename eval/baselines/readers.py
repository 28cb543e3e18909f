"""What a trained baseline is, and the reader that a tagger of chunks makes."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

from ...annotations.labelled import LabelledText
from .assemble import assemble, linked
from .habits import Habits
from .marks import Mark, chunk_texts, shifted
from .narrative import read_narrative

Tagger = Callable[[Sequence[str]], Sequence[Sequence[Mark]]]
"""From the texts of chunks to the marks in each."""


class TrainedReader(Protocol):
    """A `predictions.Reader` that was made from labelled texts."""

    def __call__(self, text: LabelledText) -> LabelledText:
        """Return ``text`` with the channels and facts found, in place of any it had."""
        ...

    def save(self, folder: Path) -> None:
        """Write all of the reader into ``folder``, which exists."""
        ...


def read_by_tagging(text: LabelledText, tagger: Tagger, habits: Habits) -> LabelledText:
    """Return ``text`` with the facts that a tagger's marks tell."""
    stretches = read_narrative(text)
    tagged = iter(tagger([chunk for stretch in stretches for chunk in chunk_texts(stretch)]))
    found = [
        linked(
            stretch, [shifted(mark, start) for start, _ in stretch.chunks for mark in next(tagged)], habits
        )
        for stretch in stretches
    ]
    return assemble(text, found, habits)
