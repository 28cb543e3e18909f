"""Labelled text as the tools see it: labelled spans with fields, and links between them.

Every format writes and reads these; what a `LabelledText` says by position (the third problem) they say by name.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

from ..labelled import LabelledText, Model
from ..scheme import scheme
from .exchange import Loss

Layer = Literal["section", "channel", "fact", "problem", "improvement"]
LAYERS: tuple[Layer, ...] = get_args(Layer)
LINKED: dict[Layer, Layer] = {"fact": "channel", "improvement": "problem"}
"""From which layer a link goes to which: a fact to the words naming its channel, a measure to the problem it answers."""
LABEL_FIELD: dict[Layer, str] = {"section": "label", "channel": "channel", "fact": "metric"}
"""The field that is the label of a mark; that of a statement is its layer."""

_LINK_FIELD: dict[Layer, str] = {"fact": "mention", "improvement": "addresses"}
_NAME = re.compile(r"(?:section|channel|fact|problem|improvement)-(\d+)")


@dataclass(frozen=True, slots=True)
class Mark:
    """A labelled span.

    ``name`` is the layer and the place in it (``fact-0``), or what a tool called a mark that it added. ``fields`` are
    JSON values, those with the scheme's default left out.
    """

    name: str
    layer: Layer
    start: int
    end: int
    label: str
    fields: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Link:
    """From a fact to the words that name its channel, or from an improvement to a problem; by the marks' names."""

    source: str
    target: str


@dataclass(frozen=True, slots=True)
class MarkedText:
    """A text with its marks; ``document`` holds the text and all that is known of it, without marks."""

    document: LabelledText
    text: str
    marks: tuple[Mark, ...]
    links: tuple[Link, ...]


def marked_texts(texts: Iterable[LabelledText], losses: list[Loss]) -> Iterator[MarkedText]:
    """Yield the texts in the form the tools take; what has to stay behind is added to ``losses``.

    Left out are texts without their text, texts with the name of an earlier one, and marks that are none: whose span
    does not lie in the text, whose label the scheme does not have, whose link leads nowhere.
    """
    seen: set[str] = set()
    for text in texts:
        if text.text is None:
            losses.append(Loss(text.id, "a text that is not kept with its marks", 1))
        elif text.id in seen:
            losses.append(Loss(text.id, "a text with the id of an earlier one", 1))
        else:
            seen.add(text.id)
            yield _marked(text, text.text, losses)


def span_flaw(mark: Mark, size: int) -> tuple[str, str] | None:
    """Return ``span`` and why that of ``mark`` is none in a text of ``size`` characters; None where it is one."""
    if not 0 <= mark.start < mark.end <= size:
        return "span", f"[{mark.start}, {mark.end}) is no span of a text of {size} characters"
    return None


def label_flaw(mark: Mark) -> tuple[str, str] | None:
    """Return the field with a code that the scheme does not have, and which; None where all are of the scheme."""
    known = scheme()
    codes = {"label": known.sections, "channel": known.channels, "metric": known.metrics}
    readings = [mark.fields, *mark.fields.get("alternatives", [])]
    if mark.layer in LABEL_FIELD:
        readings.append({LABEL_FIELD[mark.layer]: mark.label})
    for reading in readings:
        for field, known_codes in codes.items():
            if reading.get(field) is not None and reading[field] not in known_codes:
                return field, f"'{reading[field]}' is no {field} of the scheme"
    for theme in mark.fields.get("themes", []):
        if theme not in known.themes:
            return "themes", f"'{theme}' is no theme of the scheme"
    return None


def layer_of(name: str) -> Layer | None:
    """Return the layer called ``name``; None when there is none."""
    return next((layer for layer in LAYERS if layer == name), None)


def ordinal(name: str) -> int | None:
    """Return the place in its layer of a mark that was exported; None for one that a tool added."""
    match = _NAME.fullmatch(name)
    return int(match[1]) if match else None


def _marked(text: LabelledText, printed: str, losses: list[Loss]) -> MarkedText:
    layers: dict[Layer, Sequence[Model]] = {
        "section": text.sections,
        "channel": text.channels,
        "fact": text.facts,
        "problem": text.problems,
        "improvement": text.improvements,
    }
    marks = [_mark(layer, index, mark) for layer, some in layers.items() for index, mark in enumerate(some)]
    sound = [mark for mark in marks if not (span_flaw(mark, len(printed)) or label_flaw(mark))]
    if len(sound) < len(marks):
        losses.append(
            Loss(
                text.id, "marks outside of the text or with labels the scheme lacks", len(marks) - len(sound)
            )
        )
    links = [
        Link(f"fact-{i}", f"channel-{f.mention}") for i, f in enumerate(text.facts) if f.mention is not None
    ]
    links += [
        Link(f"improvement-{i}", f"problem-{target}")
        for i, improvement in enumerate(text.improvements)
        for target in improvement.addresses
    ]
    names = {mark.name for mark in sound}
    unnamed = {f"fact-{i}" for i, fact in enumerate(text.facts) if fact.channel is None}
    whole = (link for link in links if {link.source, link.target} <= names and link.source not in unnamed)
    kept = list(dict.fromkeys(whole))
    broken = sum(link.source in names for link in links) - len(kept)
    if broken:
        losses.append(Loss(text.id, "links that lead nowhere", broken))
    empty: dict[str, Any] = dict.fromkeys(("sections", "channels", "facts", "problems", "improvements"), ())
    return MarkedText(text.model_copy(update=empty), printed, tuple(sound), tuple(kept))


def _mark(layer: Layer, index: int, mark: Model) -> Mark:
    fields = mark.model_dump(mode="json", exclude_defaults=True)
    start, end = fields.pop("start"), fields.pop("end")
    fields.pop(_LINK_FIELD.get(layer, ""), None)
    label = fields.pop(LABEL_FIELD[layer]) if layer in LABEL_FIELD else layer
    kept = {name: value for name, value in fields.items() if value not in (None, [])}
    return Mark(f"{layer}-{index}", layer, start, end, label, kept)
