"""Exchange formats: labelled texts out to annotation tools and back in."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ..labelled import LabelledText
from . import brat, conll, docbin, doccano, jsonl, label_studio
from .exchange import ImportProblem, Loss

__all__ = ["FORMATS", "Format", "ImportProblem", "Loss"]


@dataclass(frozen=True, slots=True)
class Format:
    """A format in which annotators or programs take labelled texts.

    ``write`` fills a folder that exists and returns what the format has no place for; ``read`` yields the labelled
    texts of a folder, and what could not be imported. ``hint`` tells what to do with the folder in the tool.
    """

    name: str
    write: Callable[[Iterable[LabelledText], Path], list[Loss]]
    read: Callable[[Path], Iterator[LabelledText | ImportProblem]]
    hint: str = ""


_LABEL_STUDIO = "make a project with label_config.xml, import tasks.json, and put its JSON export back here"
_DOCCANO = (
    "make a project for sequence labelling that allows overlapping spans (doccano drops them silently otherwise) and "
    "does not count grapheme clusters as one character; import relations.jsonl where it uses relation labelling, else "
    "sequence_labelling.jsonl, and put its JSONL export back here"
)

FORMATS: dict[str, Format] = {
    form.name: form
    for form in (
        Format("label-studio", label_studio.write, label_studio.read, _LABEL_STUDIO),
        Format("doccano", doccano.write, doccano.read, _DOCCANO),
        Format("brat", brat.write, brat.read),
        Format("conll-bio", conll.write_bio, conll.read_bio),
        Format("conll-bioes", conll.write_bioes, conll.read_bioes),
        Format("docbin", docbin.write, docbin.read),
        Format("jsonl", jsonl.write, jsonl.read),
    )
}
