"""brat standoff: a text file and an ``.ann`` file for each text, and the configuration they need.

A mark is a text-bound annotation whose type is its layer and label; its closed fields are attributes, its themes an
attribute each, links are relations, and what brat has no other place for (value, unit, subject, other readings,
confidence) lies in the mark's note as JSON; a note that is just a number is the value. The document's own data lie in
the sidecar. Offsets are Unicode code points, as brat counts.

brat's spans do not run over the end of a line: a mark that does is written as one discontinuous span, and one that
begins or ends with line ends is narrowed to what stands between them.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from json import JSONDecodeError, loads
from pathlib import Path
from typing import Any, cast
from urllib.parse import unquote

from ..labelled import LabelledText
from .brat_config import THEME, UNCERTAIN, VALUES, annotation_conf, label_of, type_of, visual_conf
from .exchange import ImportProblem, Loss, Place
from .gather import labelled_text
from .marks import Link, Mark, MarkedText, marked_texts
from .pieces import one_line, read_lines
from .sidecar import Sidecar, read_sidecar, write_sidecar

# What Python's str.splitlines, with which brat reads, takes for the end of a line.
_LINE_END = re.compile("[\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029]+")
_UNSAFE = re.compile(r"[^\w-]")
_SPAN = re.compile(r"(T\d+)\t(\S+) (\d+ \d+(?:;\d+ \d+)*)\t(.*)", re.DOTALL)
_ATTRIBUTE = re.compile(r"[AM]\d+\t(\S+) (\S+)(?: (\S+))?\s*")
_RELATION = re.compile(r"R\d+\t(\S+) Arg1:(\S+) Arg2:(\S+)\s*")
_NOTE = re.compile(r"#\d+\t(\S+) (\S+)\t(.*)", re.DOTALL)


def write(texts: Iterable[LabelledText], folder: Path) -> list[Loss]:
    """Write texts, annotations, configuration and sidecar into ``folder``; line ends at a mark's edge are lost."""
    losses: list[Loss] = []
    marked = list(marked_texts(texts, losses))
    (folder / "annotation.conf").write_text(annotation_conf(), "utf-8")
    (folder / "visual.conf").write_text(visual_conf(), "utf-8")
    for text in marked:
        stem = _file_stem(text.document.id)
        (folder / f"{stem}.txt").write_bytes(text.text.encode())
        (folder / f"{stem}.ann").write_bytes("".join(_lines(_narrowed(text, losses))).encode())
    write_sidecar(marked, folder)
    return losses


def read(folder: Path) -> Iterator[LabelledText | ImportProblem]:
    """Yield the labelled texts of the ``.ann`` files in ``folder``, and what could not be imported."""
    sidecar = read_sidecar(folder)
    yield from sidecar.problems
    files = {_file_stem(text_id): None for text_id in sidecar.texts}
    files |= {path.stem: None for path in sorted(folder.glob("*.ann"))}
    for stem in files:
        if (folder / f"{stem}.ann").is_file():
            yield from _read_text(folder, stem, sidecar)
    yield from sidecar.missing()


def _file_stem(text_id: str) -> str:
    """A text's id as the name of a file: letters, digits, ``_`` and ``-`` as they are, the rest as percent codes."""
    return _UNSAFE.sub(lambda match: "".join(f"%{byte:02X}" for byte in match[0].encode()), text_id)


def _narrowed(text: MarkedText, losses: list[Loss]) -> MarkedText:
    """The marks without the line ends at their edges, those that are nothing else left out with their links."""
    marks: dict[str, Mark] = {}
    narrower = 0
    for mark in text.marks:
        pieces = _pieces(mark.start, mark.end, text.text)
        if pieces:
            marks[mark.name] = replace(mark, start=pieces[0][0], end=pieces[-1][1])
            narrower += marks[mark.name] != mark
    links = tuple(link for link in text.links if link.source in marks and link.target in marks)
    for what, count in (
        ("line ends at the edge of a mark", narrower),
        ("marks of nothing but line ends", len(text.marks) - len(marks)),
        ("links to them", sum(link.source in marks for link in text.links) - len(links)),
    ):
        if count:
            losses.append(Loss(text.document.id, what, count))
    return replace(text, marks=tuple(marks.values()), links=links)


def _pieces(start: int, end: int, text: str) -> list[tuple[int, int]]:
    """The stretches of a span between line ends."""
    edges = [start, *(at for match in _LINE_END.finditer(text, start, end) for at in match.span()), end]
    return [(a, b) for a, b in zip(edges[::2], edges[1::2], strict=True) if a < b]


def _lines(text: MarkedText) -> Iterator[str]:
    numbers = {mark.name: f"T{number}" for number, mark in enumerate(text.marks, 1)}
    attributes: list[str] = []
    for number, mark in enumerate(text.marks, 1):
        name = numbers[mark.name]
        pieces = _pieces(mark.start, mark.end, text.text)
        where = ";".join(f"{start} {end}" for start, end in pieces)
        words = " ".join(text.text[start:end] for start, end in pieces)
        yield f"{name}\t{type_of(mark.layer, mark.label)} {where}\t{words}\n"
        fields = dict(mark.fields)
        attributes += [f"{field} {name} {fields.pop(field)}" for field in VALUES if field in fields]
        attributes += [f"{THEME}{theme} {name}" for theme in fields.pop("themes", [])]
        attributes += [f"{UNCERTAIN} {name}"] if fields.pop("certain", True) is False else []
        if fields:
            yield f"#{number}\tAnnotatorNotes {name}\t{one_line(fields)}\n"
    for number, attribute in enumerate(attributes, 1):
        yield f"A{number}\t{attribute}\n"
    for number, link in enumerate(text.links, 1):
        kind = "channel" if link.target.startswith("channel") else "addresses"
        yield f"R{number}\t{kind} Arg1:{numbers[link.source]} Arg2:{numbers[link.target]}\n"


@dataclass(slots=True)
class _Annotations:
    """What an ``.ann`` file holds: marks by their ``T`` names, and links between those."""

    text: str
    marks: dict[str, Mark] = field(default_factory=dict[str, Mark])
    links: list[Link] = field(default_factory=list[Link])


def _read_text(folder: Path, stem: str, sidecar: Sidecar) -> Iterator[LabelledText | ImportProblem]:
    whole = Place(f"{stem}.txt", "")
    try:
        text = (folder / whole.file).read_bytes().decode()
    except (FileNotFoundError, UnicodeDecodeError) as error:
        missing = isinstance(error, FileNotFoundError)
        yield whole.problem("text", f"the text of {stem}.ann is {'missing' if missing else 'not UTF-8'}")
        sidecar.seen.add(unquote(stem))
        return
    document = sidecar.document(unquote(stem), text, whole)
    if isinstance(document, ImportProblem):
        yield document
        return
    found = _Annotations(text)
    lines: list[tuple[Place, str]] = []
    for place, line in read_lines(folder / f"{stem}.ann"):
        if isinstance(line, ImportProblem):
            yield line
        elif line:
            lines.append((place, line))
    # Attributes, relations and notes may stand before the spans they speak of.
    for place, line in sorted(lines, key=lambda item: not item[1].startswith("T")):
        problem = _read_line(line, place, found)
        if problem:
            yield problem
    # As they were numbered, so that marks keep the order of the export and those added come last.
    names = {name: f"{mark.layer}-{name.removeprefix('T')}" for name, mark in found.marks.items()}
    marks = [replace(mark, name=names[name]) for name, mark in found.marks.items()]
    links = [Link(names[link.source], names[link.target]) for link in found.links]
    yield from labelled_text(document, marks, links, Place(f"{stem}.ann", ""))


def _read_line(line: str, place: Place, found: _Annotations) -> ImportProblem | None:
    if span := _SPAN.fullmatch(line):
        return _read_span(span, place, found)
    if attribute := _ATTRIBUTE.fullmatch(line):
        name, target, value = attribute.groups()
        return _add(target, name, _attribute(name, value, found.marks.get(target)), place, found)
    if relation := _RELATION.fullmatch(line):
        missing = [end for end in (relation[2], relation[3]) if end not in found.marks]
        if missing:
            return place.problem(f"relation {relation[1]}", f"'{missing[0]}' is not there")
        found.links.append(Link(relation[2], relation[3]))
        return None
    if note := _NOTE.fullmatch(line):
        return _add(note[2], "note", _note(note[3]), place, found)
    return place.problem("annotation", f"'{line}' is no span, attribute, relation or note")


def _read_span(span: re.Match[str], place: Place, found: _Annotations) -> ImportProblem | None:
    name, kind, where, words = span.groups()
    known = label_of(kind)
    if known is None:
        return place.problem("type", f"'{kind}' is no type of annotation.conf")
    pieces = [(int(start), int(end)) for start, end in (piece.split(" ") for piece in where.split(";"))]
    if " ".join(found.text[start:end] for start, end in pieces) != words:
        return place.problem("text", f"'{words}' is not what stands at {where}")
    gaps = zip((end for _, end in pieces), (start for start, _ in pieces[1:]), strict=False)
    if any(found.text[end:start].strip() for end, start in gaps):
        return place.problem("span", f"{where} leaves out words in its middle; a mark is one stretch of text")
    layer, label = known
    found.marks[name] = Mark(name, layer, pieces[0][0], pieces[-1][1], label, {})
    return None


def _attribute(name: str, value: str | None, mark: Mark | None) -> dict[str, Any] | None:
    """The field that an attribute gives; None when it is none of ours."""
    if name in VALUES and value:
        return {name: value}
    if name == UNCERTAIN:
        return {"certain": False}
    if name.startswith(THEME):
        themes: list[str] = mark.fields.get("themes", []) if mark else []
        return {"themes": [*themes, name.removeprefix(THEME)]}
    return None


def _note(note: str) -> dict[str, Any] | None:
    """The fields in a note; None when it holds none."""
    try:
        content = loads(note)
    except (JSONDecodeError, RecursionError):
        return None
    if isinstance(content, int | float) and not isinstance(content, bool):
        return {"value": content}
    return cast("dict[str, Any]", content) if isinstance(content, dict) else None


def _add(
    target: str, what: str, fields: dict[str, Any] | None, place: Place, found: _Annotations
) -> ImportProblem | None:
    mark = found.marks.get(target)
    if mark is None:
        return place.problem(what, f"'{target}' is not there")
    if fields is None:
        return place.problem(
            what, f"of {target} cannot be read; a note is JSON, an attribute one of annotation.conf"
        )
    found.marks[target] = replace(mark, fields=mark.fields | fields)
    return None
