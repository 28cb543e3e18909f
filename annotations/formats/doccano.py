"""doccano: both shapes of its JSONL for sequence labelling, with and without relations.

Written: ``sequence_labelling.jsonl`` (``label``: start, end, label), ``relations.jsonl`` (``entities``, ``relations``;
for a project with "Use relation labeling"), and the sidecar. Read: the other ``.jsonl`` files of the folder, which
doccano exported, in either shape; or, while nothing has come back, ``relations.jsonl``, or ``sequence_labelling.jsonl``
where that is missing. A project must allow overlapping spans, and must not count grapheme clusters as one character.

doccano's spans have a label and nothing else. A mark's other fields travel in the column ``gongkai``, which doccano
keeps with the text and exports unchanged: JSON in a string, since doccano writes the numbers of a column with ten
digits only. Fields belong to the span and label they were written for; a span that was moved comes back without them.
Labels are the Chinese name where the scheme has one, ``layer:code``, and ``#2`` where a span has a label twice.
doccano's editor counts in UTF-16 code units (seen in 1.8.4), and it takes no empty text.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from ..labelled import LabelledText
from ..scheme import scheme
from .exchange import ImportProblem, Loss, Place
from .gather import labelled_text
from .marks import Link, Mark, MarkedText, layer_of, marked_texts
from .pieces import one_line, read_json_lines
from .sidecar import SIDECAR, Sidecar, read_sidecar, write_sidecar
from .utf16 import character_offsets, utf16_offsets

_SEQUENCE = "sequence_labelling.jsonl"
_RELATIONS = "relations.jsonl"
_Span = tuple[int, int, str]
"""Start and end in UTF-16 code units, and label, as doccano has them."""


class _Entity(BaseModel):
    id: int
    label: str
    start_offset: int
    end_offset: int


class _Relation(BaseModel):
    from_id: int
    to_id: int


class _Memory(BaseModel):
    """The column ``gongkai``: the document, each mark's span with its name and fields, and the links."""

    document: dict[str, Any]
    marks: list[tuple[int, int, str, str, dict[str, Any]]]
    links: list[tuple[str, str]]


class _Row(BaseModel):
    id: int | str | None = None
    text: str
    label: list[Any] | None = None
    entities: list[Any] | None = None
    relations: list[Any] = []
    gongkai: str | None = None


def write(texts: Iterable[LabelledText], folder: Path) -> list[Loss]:
    """Write both files and the sidecar into ``folder``; an empty text is left out."""
    losses: list[Loss] = []
    marked: list[MarkedText] = []
    for text in marked_texts(texts, losses):
        if text.text:
            marked.append(text)
        else:
            losses.append(Loss(text.document.id, "a text without a character, which doccano refuses", 1))
    with (folder / _SEQUENCE).open("wb") as sequence, (folder / _RELATIONS).open("wb") as relations:
        for text in marked:
            spans = _spans(text)
            memory = _memory(text, spans)
            sequence.write(_line({"text": text.text, "label": list(spans.values()), "gongkai": memory}))
            relations.write(_line({"text": text.text, **_related(text, spans), "gongkai": memory}))
    write_sidecar(marked, folder)
    return losses


def read(folder: Path) -> Iterator[LabelledText | ImportProblem]:
    """Yield the labelled texts of the files in ``folder``, and what could not be imported."""
    sidecar = read_sidecar(folder)
    yield from sidecar.problems
    files = {path.name: path for path in sorted(folder.glob("*.jsonl")) if path.name != SIDECAR}
    ours = [files.pop(name) for name in (_RELATIONS, _SEQUENCE) if name in files]
    for path in files.values() or ours[:1]:
        for place, item in read_json_lines(path):
            if isinstance(item, ImportProblem):
                yield item
            else:
                yield from _read_row(item, place, sidecar)
    yield from sidecar.missing()


def _line(row: dict[str, Any]) -> bytes:
    return (json.dumps(row, ensure_ascii=False) + "\n").encode()


def _spans(text: MarkedText) -> dict[str, _Span]:
    """The span of each mark by the mark's name."""
    units = utf16_offsets(text.text)
    times: Counter[tuple[int, int, str]] = Counter()
    spans: dict[str, _Span] = {}
    for mark in text.marks:
        code = mark.layer if mark.layer == mark.label else f"{mark.layer}:{mark.label}"
        times[mark.start, mark.end, code] += 1
        time = times[mark.start, mark.end, code]
        label = " ".join(filter(None, (_chinese(mark), code if time == 1 else f"{code}#{time}")))
        spans[mark.name] = units[mark.start], units[mark.end], label
    return spans


def _chinese(mark: Mark) -> str:
    known = scheme()
    if mark.layer == "fact":
        return known.metrics[mark.label].zh
    return known.channels[mark.label][0] if mark.layer == "channel" else ""


def _memory(text: MarkedText, spans: dict[str, _Span]) -> str:
    return one_line(
        {
            "document": text.document.model_dump(mode="json", exclude_defaults=True, exclude={"text"}),
            "marks": [(*spans[mark.name], mark.name, mark.fields) for mark in text.marks],
            "links": [(link.source, link.target) for link in text.links],
        }
    )


def _related(text: MarkedText, spans: dict[str, _Span]) -> dict[str, Any]:
    numbers = {mark.name: number for number, mark in enumerate(text.marks, 1)}
    return {
        "entities": [
            {"id": numbers[name], "label": label, "start_offset": start, "end_offset": end}
            for name, (start, end, label) in spans.items()
        ],
        "relations": [
            {
                "id": number,
                "from_id": numbers[link.source],
                "to_id": numbers[link.target],
                "type": "channel" if link.target.startswith("channel") else "addresses",
            }
            for number, link in enumerate(text.links, 1)
        ],
    }


def _read_row(item: Any, place: Place, sidecar: Sidecar) -> Iterator[LabelledText | ImportProblem]:  # noqa: ANN401
    try:
        row = _Row.model_validate(item)
    except ValidationError as error:
        yield place.refused(error)
        return
    if row.label is None and row.entities is None:
        yield place.problem("label", "neither 'label' nor 'entities' there")
        return
    memory, brought = None, None
    if row.gongkai is not None:
        try:
            memory = _Memory.model_validate_json(row.gongkai)
            brought = LabelledText.model_validate(memory.document)
        except ValidationError as error:
            yield place.refused(error, "gongkai.")
            return
    text_id = brought.id if brought else f"{place.file}-{place.where}" if row.id is None else str(row.id)
    document = sidecar.document(text_id, row.text, place, brought)
    if isinstance(document, ImportProblem):
        yield document
        return
    spans, wrong = _read_spans(row, place)
    yield from wrong
    characters = character_offsets(row.text)
    marks: dict[int, Mark] = {}
    remembered = _remembered(spans, memory)
    for number, span in spans.items():
        mark = _mark(span, remembered.get(number, (f"new-{number}", {})), characters, place)
        if isinstance(mark, ImportProblem):
            yield mark
        else:
            marks[number] = mark
    if row.entities is None:
        there = {mark.name for mark in marks.values()}
        gone = {name for *_, name, _ in (memory.marks if memory else ())} - there
        links = [Link(*pair) for pair in (memory.links if memory else ()) if gone.isdisjoint(pair)]
    else:
        links, wrong = _read_relations(row, marks, place)
        yield from wrong
    yield from labelled_text(document, list(marks.values()), links, place)


def _read_spans(row: _Row, place: Place) -> tuple[dict[int, _Span], list[ImportProblem]]:
    """The spans of a row by the number that relations know them by."""
    spans: dict[int, _Span] = {}
    wrong: list[ImportProblem] = []
    for number, item in enumerate(row.entities if row.entities is not None else row.label or []):
        try:
            if row.entities is None:
                start, end, label = item
                item = {"id": number, "start_offset": start, "end_offset": end, "label": label}  # noqa: PLW2901
            entity = _Entity.model_validate(item)
            spans[entity.id] = entity.start_offset, entity.end_offset, entity.label
        except ValidationError as error:
            wrong.append(place.refused(error, f"entities[{number}]."))
        except (TypeError, ValueError):
            wrong.append(place.problem(f"label[{number}]", f"{item!r} is not [start, end, label]"))
    return spans, wrong


def _remembered(spans: dict[int, _Span], memory: _Memory | None) -> dict[int, tuple[str, dict[str, Any]]]:
    """The name and fields of each span that was exported; one that only got another label of its layer keeps them."""
    known = {
        (start, end, label): (name, fields)
        for start, end, label, name, fields in (memory.marks if memory else ())
    }
    found = {number: known.pop(span) for number, span in spans.items() if span in known}
    relabelled = {(start, end, _layer(label)): known[start, end, label] for start, end, label in known}
    for number, (start, end, label) in spans.items():
        if number not in found and (start, end, _layer(label)) in relabelled:
            found[number] = relabelled.pop((start, end, _layer(label)))
    return found


def _code(label: str) -> str:
    """A label's ``layer:code``, without the Chinese before it and the number behind it."""
    return label.rsplit(" ", 1)[-1].split("#", 1)[0]


def _layer(label: str) -> str:
    return _code(label).split(":", 1)[0]


def _mark(
    span: _Span, remembered: tuple[str, dict[str, Any]], characters: dict[int, int], place: Place
) -> Mark | ImportProblem:
    start, end, label = span
    layer = layer_of(_layer(label))
    if layer is None:
        return place.problem("label", f"'{label}' is none of ours: layer:code, as in fact:info_published")
    if start not in characters or end not in characters:
        return place.problem(
            "span", f"'{label}' at [{start}, {end}) does not lie between characters of the text"
        )
    name, fields = remembered
    return Mark(
        name, layer, characters[start], characters[end], _code(label).removeprefix(f"{layer}:"), fields
    )


def _read_relations(
    row: _Row, marks: dict[int, Mark], place: Place
) -> tuple[list[Link], list[ImportProblem]]:
    links: list[Link] = []
    wrong: list[ImportProblem] = []
    for number, item in enumerate(row.relations):
        try:
            relation = _Relation.model_validate(item)
        except ValidationError as error:
            wrong.append(place.refused(error, f"relations[{number}]."))
            continue
        missing = [end for end in (relation.from_id, relation.to_id) if end not in marks]
        if missing:
            wrong.append(place.problem(f"relations[{number}]", f"entity {missing[0]} is not there"))
        else:
            links.append(Link(marks[relation.from_id].name, marks[relation.to_id].name))
    return links, wrong
