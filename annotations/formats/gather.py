"""Marks that came back from a tool, made into labelled text again."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from pydantic import ValidationError

from ..labelled import (
    LabelledChannel,
    LabelledFact,
    LabelledImprovement,
    LabelledProblem,
    LabelledSection,
    LabelledText,
    Model,
)
from ..markup import MarkupError, plain_unit, plain_value
from .exchange import ImportProblem, Place
from .marks import LABEL_FIELD, LAYERS, LINKED, Layer, Link, Mark, label_flaw, ordinal, span_flaw

M = TypeVar("M", bound=Model)


def labelled_text(
    document: LabelledText, marks: Sequence[Mark], links: Sequence[Link], place: Place
) -> Iterator[LabelledText | ImportProblem]:
    """Yield what is wrong with the marks and links that came back, then ``document`` with those that are sound.

    Marks stand in the order in which they were exported, those of a layer to which the tool added some in the order
    of the text. Fields left empty have the scheme's defaults; a fact without a value, and with it its unit, is read
    from its words, and where these are not one number in plain digits it is a problem. A fact linked to words and
    without a channel takes theirs.
    """
    text = document.text or ""
    sound: list[Mark] = []
    for mark in marks:
        wrong = span_flaw(mark, len(text)) or _unread(mark, text) or label_flaw(mark)
        if wrong:
            yield place.problem(
                f"{mark.layer} '{text[mark.start : mark.end]}' at {mark.start}, {wrong[0]}", wrong[1]
            )
        else:
            sound.append(_with_value(mark, text) if mark.layer == "fact" else mark)
    targets: dict[str, list[Mark]] = {}
    yield from _targets(sound, links, place, targets)
    layers = {layer: _in_order([mark for mark in sound if mark.layer == layer]) for layer in LAYERS}
    index = {mark.name: i for layer in layers.values() for i, mark in enumerate(layer)}
    answers = {source: tuple(index[mark.name] for mark in found) for source, found in targets.items()}
    named = {source: (index[found[0].name], found[0].label) for source, found in targets.items()}
    yield document.model_copy(
        update={
            "sections": tuple(_built(LabelledSection, mark) for mark in layers["section"]),
            "channels": tuple(_built(LabelledChannel, mark) for mark in layers["channel"]),
            "facts": tuple(_fact(mark, named.get(mark.name)) for mark in layers["fact"]),
            "problems": tuple(_built(LabelledProblem, mark) for mark in layers["problem"]),
            "improvements": tuple(
                _built(LabelledImprovement, mark, addresses=answers.get(mark.name, ()))
                for mark in layers["improvement"]
            ),
        }
    )


def _in_order(marks: list[Mark]) -> list[Mark]:
    places = [ordinal(mark.name) for mark in marks]
    if None in places:
        return sorted(marks, key=lambda mark: (mark.start, mark.end))
    return sorted(marks, key=lambda mark: ordinal(mark.name) or 0)


def _unread(mark: Mark, text: str) -> tuple[str, str] | None:
    """Which of the mark's fields its model refuses, and why."""
    try:
        if mark.layer == "fact":
            _fact(_with_value(mark, text), None)
        else:
            _built(_MODELS[mark.layer], mark)
    except MarkupError as error:
        return "value", str(error).removesuffix("; give its value as =value") + "; give its value"
    except ValidationError as error:
        first = error.errors()[0]
        return ".".join(map(str, first["loc"])), f"{first['input']!r}: {first['msg']}"
    return None


def _with_value(fact: Mark, text: str) -> Mark:
    """The fact with its value, and if it has none yet its unit, read from its words.

    Raises `MarkupError` where these are not one number in plain digits.
    """
    if "value" in fact.fields:
        return fact
    words = text[fact.start : fact.end]
    return replace(fact, fields={"unit": plain_unit(words), **fact.fields, "value": plain_value(words, 0)})


def _fact(mark: Mark, named: tuple[int, str] | None) -> LabelledFact:
    mention, channel = named or (None, None)
    fields = {"unit": None, "channel": channel, **mark.fields}
    return _built(LabelledFact, replace(mark, fields=fields), mention=mention)


def _built(model: type[M], mark: Mark, **links: Any) -> M:  # noqa: ANN401
    """The mark as its model; whatever its fields say, its span, label and links are what the tool gave them."""
    fields: dict[str, Any] = {**mark.fields, "start": mark.start, "end": mark.end, **links}
    if mark.layer in LABEL_FIELD:
        fields[LABEL_FIELD[mark.layer]] = mark.label
    else:
        fields.setdefault("themes", ())
    return model.model_validate(fields)


_MODELS: dict[Layer, type[Model]] = {
    "section": LabelledSection,
    "channel": LabelledChannel,
    "problem": LabelledProblem,
    "improvement": LabelledImprovement,
}


def _targets(
    marks: Sequence[Mark], links: Sequence[Link], place: Place, targets: dict[str, list[Mark]]
) -> Iterator[ImportProblem]:
    """Put into ``targets`` the marks that each mark is linked to; yield the links that make no sense.

    A link may be drawn in either direction.
    """
    by_name = {mark.name: mark for mark in marks}
    for link in links:
        field = f"relation {link.source} to {link.target}"
        source, target = by_name.get(link.source), by_name.get(link.target)
        if source is None or target is None:
            yield place.problem(field, f"'{link.target if source else link.source}' is not there")
            continue
        if LINKED.get(source.layer) != target.layer:
            source, target = target, source
        found = targets.get(source.name, [])
        if LINKED.get(source.layer) != target.layer:
            yield place.problem(field, f"a {target.layer} and a {source.layer} cannot be linked")
        elif source.layer == "fact" and found and found[0] is not target:
            yield place.problem(field, "the fact is linked to other words already; it has one channel")
        elif target not in found:
            targets[source.name] = [*found, target]
