"""CoNLL: a character a line, a column for each layer, in BIO or BIOES.

Written: ``texts.conll`` and the sidecar; read: the ``.conll`` files of the folder. A file begins with
``# global.columns``; each text with ``# newdoc id = "..."``, a comment ``# mark`` with the fields, links and span of
each mark (JSON), then its characters; a blank line follows each line end of the text. A character that is blank,
unprintable or ``#`` is written as ``U+000A``. Subsections have a column of their own.

A column holds one mark on a character. Facts on exactly the same span are one in the column and several in the
comments; of other marks of one layer that overlap the first and longest stays, and the rest is lost. The columns win
over the comments: fields belong to a span, and a label that was changed in the column keeps the fields.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

from pydantic import BaseModel, TypeAdapter, ValidationError

from ..labelled import LabelledText
from .exchange import ImportProblem, Loss, Place
from .gather import labelled_text
from .marks import LAYERS, Layer, Link, Mark, MarkedText, marked_texts
from .pieces import one_line, read_lines
from .sidecar import Sidecar, read_sidecar, write_sidecar
from .tags import Encoding, decode_tags, encode_tags

_COLUMNS: dict[str, Layer] = {
    "section": "section",
    "subsection": "section",
    "channel": "channel",
    "fact": "fact",
    "problem": "problem",
    "improvement": "improvement",
}
"""Which layer each column is for."""
_HEADER = "# global.columns = FORM " + " ".join(column.upper() for column in _COLUMNS)
_NEW = "# newdoc id = "
_MARK = "# mark "
_CODE = re.compile(r"U\+((?!D[89A-F])[0-9A-F]{4}|[1-9A-F][0-9A-F]{4}|10[0-9A-F]{4})")
_ID = TypeAdapter(str)


class _Comment(BaseModel):
    """A mark in full, as the comment before its text tells it."""

    name: str
    layer: Layer
    start: int
    end: int
    label: str
    fields: dict[str, Any] = {}
    links: list[str] = []

    @property
    def mark(self) -> Mark:
        return Mark(self.name, self.layer, self.start, self.end, self.label, self.fields)


@dataclass(slots=True)
class _Block:
    """A text's part of a file: its id and the line that gives it, its characters, tags by column, and comments."""

    text_id: str
    line: int
    characters: list[str] = field(default_factory=list[str])
    rows: list[list[str]] = field(default_factory=list[list[str]])
    lines: list[int] = field(default_factory=list[int])
    comments: list[_Comment] = field(default_factory=list[_Comment])
    problems: list[ImportProblem] = field(default_factory=list[ImportProblem])
    named: bool = False
    broken: bool = False

    @property
    def there(self) -> bool:
        """Whether anything of it stands in the file; what comes before the first text mostly does not."""
        return bool(self.named or self.rows or self.problems)


def _write(encoding: Encoding, texts: Iterable[LabelledText], folder: Path) -> list[Loss]:
    losses: list[Loss] = []
    marked = [_without_overlaps(text, losses) for text in marked_texts(texts, losses)]
    with (folder / "texts.conll").open("w", encoding="utf-8", newline="\n") as file:
        file.write(f"{_HEADER}\n")
        for text in marked:
            file.writelines(_lines(text, encoding))
    write_sidecar(marked, folder)
    return losses


def _read(encoding: Encoding, folder: Path) -> Iterator[LabelledText | ImportProblem]:
    sidecar = read_sidecar(folder)
    yield from sidecar.problems
    for path in sorted(folder.glob("*.conll")):
        for block in _blocks(path):
            yield from _read_block(block, encoding, Place(path.name, f"line {block.line}"), sidecar)
    yield from sidecar.missing()


write_bio = partial(_write, "bio")
"""Write ``texts.conll`` in BIO and the sidecar; marks of one layer that overlap are lost but for one."""
write_bioes = partial(_write, "bioes")
"""The same in BIOES."""
read_bio = partial(_read, "bio")
"""Yield the labelled texts of the ``.conll`` files in a folder, and what could not be imported."""
read_bioes = partial(_read, "bioes")
"""The same in BIOES."""


def _column(layer: Layer, label: str) -> str:
    return "subsection" if layer == "section" and "." in label else layer


def _without_overlaps(text: MarkedText, losses: list[Loss]) -> MarkedText:
    """The text with the marks that fit into the columns, or share the span of a fact that does."""
    last: dict[str, Mark] = {}
    kept: set[str] = set()
    for mark in sorted(text.marks, key=lambda mark: (mark.start, -mark.end)):
        column = _column(mark.layer, mark.label)
        before = last.get(column)
        if before is None or mark.start >= before.end:
            last[column] = mark
        elif mark.layer != "fact" or (before.start, before.end) != (mark.start, mark.end):
            continue
        kept.add(mark.name)
    links = tuple(link for link in text.links if kept.issuperset((link.source, link.target)))
    for layer in LAYERS:
        lost = sum(mark.layer == layer and mark.name not in kept for mark in text.marks)
        if lost:
            losses.append(Loss(text.document.id, f"{layer}s that overlap others", lost))
    lost = sum(link.source in kept for link in text.links) - len(links)
    if lost:
        losses.append(Loss(text.document.id, "links to marks that overlap others", lost))
    return replace(text, marks=tuple(mark for mark in text.marks if mark.name in kept), links=links)


def _lines(text: MarkedText, encoding: Encoding) -> Iterator[str]:
    yield f"{_NEW}{one_line(text.document.id)}\n"
    targets: dict[str, list[str]] = {}
    for link in text.links:
        targets.setdefault(link.source, []).append(link.target)
    spans: dict[str, dict[tuple[int, int], str]] = {column: {} for column in _COLUMNS}
    for mark in text.marks:
        yield f"{_MARK}{one_line({**asdict(mark), 'links': targets.get(mark.name, [])})}\n"
        spans[_column(mark.layer, mark.label)].setdefault((mark.start, mark.end), mark.label)
    columns = [
        encode_tags(((*span, label) for span, label in some.items()), len(text.text), encoding)
        for some in spans.values()
    ]
    for character, *tags in zip(text.text, *columns, strict=True):
        yield "\t".join((_form(character), *tags)) + ("\n\n" if character == "\n" else "\n")
    yield "\n"


def _form(character: str) -> str:
    return character if character.isprintable() and character not in " #" else f"U+{ord(character):04X}"


def _blocks(path: Path) -> Iterator[_Block]:
    """The texts of a file; what comes before the first ``# newdoc`` is a text named after the file."""
    block = _Block(path.stem, 1)
    for number, (place, row) in enumerate(read_lines(path), 1):
        if isinstance(row, ImportProblem):
            block.problems.append(row)
            block.broken = True
        elif row.startswith(_NEW):
            if block.there:
                yield block
            block = _Block(row.removeprefix(_NEW), number, named=True)
            _read_id(place, block)
        elif row.startswith(_MARK):
            try:
                block.comments.append(_Comment.model_validate_json(row.removeprefix(_MARK)))
            except ValidationError as error:
                block.problems.append(place.refused(error, "mark "))
        elif row and not row.startswith("#"):
            _add_row(row, number, place, block)
    if block.there:
        yield block


def _read_id(place: Place, block: _Block) -> None:
    """Ids written by others need not be JSON."""
    if not block.text_id.startswith('"'):
        return
    try:
        block.text_id = _ID.validate_json(block.text_id)
    except ValidationError as error:
        block.problems.append(place.refused(error, "id"))


def _add_row(row: str, number: int, place: Place, block: _Block) -> None:
    form, *tags = row.split("\t")
    code = _CODE.fullmatch(form)
    if len(form) != 1 and not code:
        block.problems.append(place.problem("FORM", f"'{form}' is no character; the text is left out"))
        block.broken = True
    elif len(tags) != len(_COLUMNS):
        message = f"{len(tags)} tags for {len(_COLUMNS)} columns; the text is left out"
        block.problems.append(place.problem("columns", message))
        block.broken = True
    else:
        block.characters.append(chr(int(code[1], 16)) if code else form)
        block.rows.append(tags)
        block.lines.append(number)


def _read_block(
    block: _Block, encoding: Encoding, place: Place, sidecar: Sidecar
) -> Iterator[LabelledText | ImportProblem]:
    yield from block.problems
    if block.broken:
        sidecar.seen.add(block.text_id)
        return
    document = sidecar.document(block.text_id, "".join(block.characters), place)
    if isinstance(document, ImportProblem):
        yield document
        return
    known: dict[tuple[str, int, int], list[_Comment]] = {}
    for comment in block.comments:
        known.setdefault((_column(comment.layer, comment.label), comment.start, comment.end), []).append(
            comment
        )
    marks: list[Mark] = []
    for column, tags in zip(_COLUMNS, zip(*block.rows, strict=True), strict=False):
        for found in decode_tags(tags, encoding):
            if len(found) == 2:
                at, message = found
                yield Place(place.file, f"line {block.lines[at]}").problem(column.upper(), message)
            else:
                marks += _marks_on(column, found, known.get((column, *found[:2]), []))
    yield from labelled_text(document, marks, _links(block.comments, marks), place)


def _marks_on(column: str, span: tuple[int, int, str], known: list[_Comment]) -> list[Mark]:
    """The marks on a span of a column: those that the comments tell of it, one of them with the column's label."""
    start, end, label = span
    if not known:
        return [Mark(f"new-{column}-{start}", _COLUMNS[column], start, end, label, {})]
    marks = [comment.mark for comment in known]
    if all(mark.label != label for mark in marks):
        marks[0] = replace(marks[0], label=label)
    return marks


def _links(comments: list[_Comment], marks: list[Mark]) -> list[Link]:
    """The links that the comments tell, those from or to marks no longer in the columns left out."""
    there = {mark.name for mark in marks}
    gone = {comment.name for comment in comments} - there
    links = [Link(comment.name, target) for comment in comments for target in comment.links]
    return [link for link in links if link.source in there and link.target not in gone]
