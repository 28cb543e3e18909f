"""Label Studio: tasks with predictions, and the labelling configuration they need.

Written: ``label_config.xml``, ``tasks.json``, and the sidecar. Read: the JSON exports that lie in the folder, or, while
nothing has come back, ``tasks.json`` itself. Of a task's annotations that of the ground truth counts, else the newest;
a task without any counts as predicted.

A mark is a region, its fields are per-region results with the region's id, links are relations; confidence is the
region's ``score``, its origin lies in the region's ``meta``. Label Studio's editor counts offsets in Unicode code
points, as Python does, and each of CR and LF as one (seen in
1.23.2).
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from ..labelled import LabelledText
from .exchange import ImportProblem, Loss, Place
from .gather import labelled_text
from .label_config import CHOICES, CONTROLS, TEXTS, UNCERTAIN, label_config
from .marks import LAYERS, Layer, Link, Mark, MarkedText, layer_of, marked_texts
from .pieces import read_items
from .sidecar import Sidecar, read_sidecar, write_sidecar

_TASKS = "tasks.json"
_UNSCORED: tuple[Layer, ...] = ("section", "channel")
"""Layers whose marks have neither a confidence nor an origin."""


class _Data(BaseModel):
    text: str
    id: str | int | None = None
    document: dict[str, Any] | None = None


class _Annotation(BaseModel):
    result: list[Any]
    was_cancelled: bool = False
    ground_truth: bool = False
    updated_at: str = ""


class _Prediction(BaseModel):
    result: list[Any] = []


class _Task(BaseModel):
    """A task as it was written or exported; an export may name predictions by their number only."""

    id: int | None = None
    data: _Data
    annotations: list[_Annotation] = []
    predictions: list[_Prediction | int] = []


class _Value(BaseModel):
    start: int
    end: int
    labels: list[str] = []
    choices: list[str] = []
    text: list[str] | str = []
    number: float | int | None = None

    @property
    def lines(self) -> list[str]:
        """What was typed, a string for each time it was sent off."""
        return [self.text] if isinstance(self.text, str) else self.text


class _Result(BaseModel):
    type: str


class _Region(BaseModel):
    id: str
    from_name: str
    value: _Value
    score: float | None = None
    meta: dict[str, Any] = {}


class _Relation(BaseModel):
    from_id: str
    to_id: str


def write(texts: Iterable[LabelledText], folder: Path) -> list[Loss]:
    """Write tasks, configuration and sidecar into ``folder``; marks that are sound lose nothing."""
    losses: list[Loss] = []
    marked = list(marked_texts(texts, losses))
    (folder / "label_config.xml").write_text(label_config(), "utf-8")
    tasks = ",\n".join(json.dumps(_task(text), ensure_ascii=False) for text in marked)
    (folder / _TASKS).write_text(f"[{tasks}]\n", "utf-8", newline="\n")
    write_sidecar(marked, folder)
    return losses


def read(folder: Path) -> Iterator[LabelledText | ImportProblem]:
    """Yield the labelled texts of the tasks in ``folder``, and what could not be imported."""
    sidecar = read_sidecar(folder)
    yield from sidecar.problems
    files = sorted(folder.glob("*.json"))
    for path in [file for file in files if file.name != _TASKS] or files:
        for place, item in read_items(path, "task"):
            if isinstance(item, ImportProblem):
                yield item
            else:
                yield from _read_task(item, place, sidecar)
    yield from sidecar.missing()


def _task(text: MarkedText) -> dict[str, Any]:
    document = text.document.model_dump(mode="json", exclude_defaults=True, exclude={"text", "id"})
    result = [item for mark in text.marks for item in _regions(mark, text.text)]
    result += [
        {
            "type": "relation",
            "from_id": link.source,
            "to_id": link.target,
            "direction": "right",
            "labels": ["channel" if link.target.startswith("channel") else "addresses"],
        }
        for link in text.links
    ]
    return {
        "data": {"text": text.text, "id": text.document.id, "document": document},
        "predictions": [{"model_version": "gongkai", "result": result}],
    }


def _regions(mark: Mark, text: str) -> Iterator[dict[str, Any]]:
    """A mark's result with its label, then one for each field."""
    fields = dict(mark.fields)
    span = {"start": mark.start, "end": mark.end}
    region: dict[str, Any] = {"id": mark.name, "to_name": "text"}
    if "origin" in fields:
        region["meta"] = {"origin": fields.pop("origin")}
    score = {"score": fields.pop("confidence")} if "confidence" in fields else {}
    value = {**span, "text": text[mark.start : mark.end], "labels": [mark.label]}
    yield {**region, **score, "from_name": CONTROLS[mark.layer], "type": "labels", "value": value}
    for name, content in fields.items():
        yield {**region, "from_name": name, **_control(name, content, span)}


def _control(name: str, content: Any, span: dict[str, int]) -> dict[str, Any]:  # noqa: ANN401
    if name == "value":
        return {"type": "number", "value": {**span, "number": content}}
    if name in TEXTS:
        lines = [_reading(reading) for reading in content] if name == "alternatives" else [content]
        return {"type": "textarea", "value": {**span, "text": lines}}
    chosen = [UNCERTAIN] if name == "certain" else content if name == "themes" else [content]
    return {"type": "choices", "value": {**span, "choices": chosen}}


def _reading(reading: dict[str, Any]) -> str:
    """Another reading as annotators write it: ``metric@channel``, ``none`` before it where it may be no fact."""
    channel = f"@{reading['channel']}" if "channel" in reading else ""
    code = reading.get("metric", "") + channel
    return " ".join(filter(None, ("none" if reading.get("not_fact") else "", code)))


def _parsed_reading(line: str) -> dict[str, Any]:
    words = line.split()
    reading: dict[str, Any] = {"not_fact": True} if words[:1] == ["none"] else {}
    for word in words[1:] if reading else words:
        metric, at, channel = word.partition("@")
        reading |= ({"metric": metric} if metric else {}) | ({"channel": channel} if at else {})
    return reading


def _read_task(item: Any, place: Place, sidecar: Sidecar) -> Iterator[LabelledText | ImportProblem]:  # noqa: ANN401
    try:
        task = _Task.model_validate(item)
        text_id = _id(task, place)
        brought = None
        if task.data.document is not None:
            brought = LabelledText.model_validate({**task.data.document, "id": text_id})
    except ValidationError as error:
        yield place.refused(error, "data.document." if error.title == LabelledText.__name__ else "")
        return
    document = sidecar.document(text_id, task.data.text, place, brought)
    if isinstance(document, ImportProblem):
        yield document
        return
    regions: dict[str, _Gathered] = {}
    links: list[Link] = []
    done = [annotation for annotation in task.annotations if not annotation.was_cancelled]
    if len(done) > 1:
        yield place.problem("annotations", f"{len(done)} of them; the ground truth or newest was taken")
    for number, result in enumerate(_result(task, done)):
        problem = _gather(result, f"result[{number}]", place, regions, links)
        if problem:
            yield problem
    for name, region in regions.items():
        if region.mark is None:
            yield place.problem(
                f"region '{name}'", f"{', '.join(region.fields)} of a region that is not there"
            )
    marks = [replace(region.mark, fields=region.fields) for region in regions.values() if region.mark]
    yield from labelled_text(document, marks, links, place)


def _id(task: _Task, place: Place) -> str:
    """Tasks made by others may have no id in their data."""
    if task.data.id is not None:
        return str(task.data.id)
    return place.where if task.id is None else f"task-{task.id}"


def _result(task: _Task, annotations: list[_Annotation]) -> list[Any]:
    if annotations:
        return max(annotations, key=lambda a: (a.ground_truth, a.updated_at)).result
    predictions = [prediction for prediction in task.predictions if isinstance(prediction, _Prediction)]
    return predictions[-1].result if predictions else []


@dataclass(slots=True)
class _Gathered:
    """What the results with one region's id say of it so far: the mark it is, and its fields."""

    mark: Mark | None = None
    fields: dict[str, Any] = field(default_factory=dict[str, Any])


def _gather(
    item: Any,  # noqa: ANN401
    where: str,
    place: Place,
    regions: dict[str, _Gathered],
    links: list[Link],
) -> ImportProblem | None:
    """Add one result to ``regions`` or ``links``; return what is wrong with it."""
    try:
        if _Result.model_validate(item).type == "relation":
            relation = _Relation.model_validate(item)
            links.append(Link(relation.from_id, relation.to_id))
            return None
        region = _Region.model_validate(item)
    except ValidationError as error:
        return place.refused(error, f"{where}.")
    gathered = regions.setdefault(region.id, _Gathered())
    if region.from_name in CONTROLS.values():
        return _label(region, where, place, gathered)
    fields = _field(region.from_name, region.value)
    if fields is None:
        return place.problem(f"{where}.from_name", f"'{region.from_name}' is no control of label_config.xml")
    gathered.fields |= fields
    return None


def _field(name: str, value: _Value) -> dict[str, Any] | None:
    """What a control says of its region, nothing where it was emptied; None when it is no control of ours."""
    if name == "value":
        return {} if value.number is None else {name: value.number}
    if name == "alternatives":
        return {name: [_parsed_reading(line) for line in value.lines]}
    if name in TEXTS:
        return {name: "\n".join(value.lines)} if value.lines else {}
    if name == "certain":
        return {name: UNCERTAIN not in value.choices}
    if name in CHOICES and value.choices:
        return {name: value.choices if name == "themes" else value.choices[0]}
    return {} if name in CHOICES else None


def _label(region: _Region, where: str, place: Place, gathered: _Gathered) -> ImportProblem | None:
    """Make a region's result with its label the mark; its score and origin are fields of the mark."""
    labels = region.value.labels
    if len(labels) != 1:
        return place.problem(f"{where}.value.labels", f"{len(labels)} labels on one region; it has one")
    layers: list[Layer] = [layer for layer in LAYERS if CONTROLS[layer] == region.from_name]
    layer: Layer | None = layers[0] if len(layers) == 1 else layer_of(labels[0])
    if layer is None or layer not in layers:
        return place.problem(
            f"{where}.value.labels", f"'{labels[0]}' is no statement; problem or improvement"
        )
    gathered.mark = Mark(region.id, layer, region.value.start, region.value.end, labels[0], {})
    if layer not in _UNSCORED:
        if region.score is not None:
            gathered.fields["confidence"] = region.score
        if "origin" in region.meta:
            gathered.fields["origin"] = region.meta["origin"]
    return None
