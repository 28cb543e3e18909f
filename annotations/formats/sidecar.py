"""``texts.jsonl``, written beside an export: the texts and what is known of them, without their marks.

It keeps what a format has no place for, and shows on import that a text was edited or is missing. What a tool brings
back wins over it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from ..labelled import LabelledText, labelled_lines
from .exchange import ImportProblem, Place
from .jsonl import read_lines
from .marks import MarkedText

SIDECAR = "texts.jsonl"


def write_sidecar(texts: Iterable[MarkedText], folder: Path) -> None:
    """Write the documents of ``texts`` into ``folder``."""
    (folder / SIDECAR).write_bytes(b"".join(labelled_lines(text.document for text in texts)))


@dataclass(slots=True)
class Sidecar:
    """The texts that were exported, by id, and which of them have come back."""

    texts: dict[str, LabelledText] = field(default_factory=dict[str, LabelledText])
    problems: list[ImportProblem] = field(default_factory=list[ImportProblem])
    seen: set[str] = field(default_factory=set[str])

    def document(
        self, text_id: str, text: str, place: Place, brought: LabelledText | None = None
    ) -> LabelledText | ImportProblem:
        """Return what is known of a text that came back: as ``brought`` back with it, else as remembered.

        A text that differs from the one exported is a problem, since no offset in it can be trusted, and so is one
        that came back before.
        """
        remembered = self.texts.get(text_id)
        known = text_id in self.seen
        self.seen.add(text_id)
        if known:
            return place.problem("id", f"'{text_id}' came before; the first one was taken")
        if remembered and remembered.text != text:
            at = _first_difference(remembered.text or "", text)
            return place.problem(
                "text", f"differs from the text exported as '{text_id}' from character {at} on"
            )
        document = brought or remembered or LabelledText(id=text_id)
        return document.model_copy(update={"text": text})

    def missing(self) -> Iterator[ImportProblem]:
        """Yield a problem for every text that was exported and has not come back."""
        for number, text_id in enumerate(self.texts, 1):
            if text_id not in self.seen:
                yield ImportProblem(
                    SIDECAR, f"line {number}", "text", f"'{text_id}' was exported but has not come back"
                )


def read_sidecar(folder: Path) -> Sidecar:
    """Read the sidecar of ``folder``; without one there is nothing to remember."""
    sidecar = Sidecar()
    path = folder / SIDECAR
    if path.is_file():
        for outcome in read_lines(path):
            if isinstance(outcome, ImportProblem):
                sidecar.problems.append(outcome)
            else:
                sidecar.texts[outcome.id] = outcome
    return sidecar


def _first_difference(one: str, other: str) -> int:
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (a, b) in pairs if a != b), min(len(one), len(other)))
