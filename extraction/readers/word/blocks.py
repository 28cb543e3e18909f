"""What the stories of a Word document hold (its body, notes, heads and text boxes): paragraphs and tables in order."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from ..assemble import Paragraph
from ..layout import Cell, Frame, Item
from .fields import Fields, fields_of
from .inline import (
    ALTERNATIVES,
    SHAPE_PARAGRAPH,
    SHAPE_RUN,
    SHAPE_TEXT,
    WORD_ART,
    Gathered,
    chosen,
    gather,
)
from .numbering import Numbering
from .ooxml import Element, W
from .styles import Styles, is_on, number, numbering_ref

_PARAGRAPH, _TABLE, _SDT, _CHUNK = f"{W}p", f"{W}tbl", f"{W}sdt", f"{W}altChunk"
_WRAPPERS = frozenset(f"{W}{name}" for name in ("sdt", "sdtContent", "customXml", "ins", "moveTo"))
_GONE = (f"{W}del", f"{W}moveFrom")
_ROW, _CELL, _FORMAT, _MARK_FORMAT = f"{W}tr", f"{W}tc", f"{W}pPr", f"{W}rPr"
_CELL_FORMAT, _ROW_FORMAT, _VALUE = f"{W}tcPr", f"{W}trPr", f"{W}val"
_GALLERY = f"{W}sdtPr/{W}docPartObj/{W}docPartGallery"
_PLACEHOLDER = f"{W}sdtPr/{W}showingPlcHdr"
_WIDEST = 1000
"""Most columns a cell may span; Word has 63."""


@dataclass(slots=True)
class Reading:
    """What the whole document has in common, and what was met on the way through it.

    ``notes`` holds the footnotes and endnotes by kind and id; ``pictures`` counts the kinds of things without text.
    ``chunks`` are ids of embedded files that Word shows as text.
    """

    styles: Styles
    numbering: Numbering
    notes: dict[tuple[str, str], Element]
    pictures: Counter[str] = field(default_factory=Counter[str])
    chunks: list[str] = field(default_factory=list[str])
    due: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])


def read_story(story: Element, reading: Reading) -> list[Item]:
    """Return the paragraphs and tables of a story; its notes stand behind the paragraph or table that names them."""
    return _blocks(story, reading, fields_of(story), outermost=True)


@dataclass(slots=True)
class _Carried:
    """Paragraphs whose marks are gone, to be joined with the next: what they print, and the number before it."""

    made: Gathered = field(default_factory=Gathered)
    label: str = ""
    noise: bool = False


def _blocks(container: Element, reading: Reading, fields: Fields, *, outermost: bool = False) -> list[Item]:
    items: list[Item] = []
    carried = _Carried()
    for element, contents in _unwrapped(container, False):
        if element.tag == _PARAGRAPH:
            if _take(element, carried, reading, fields):
                items += _finished(carried, contents, reading)
                carried = _Carried()
        else:
            items += _finished(carried, contents, reading)
            carried = _Carried()
            if element.tag == _TABLE:
                items.append(_table(element, reading, fields))
            else:
                reading.chunks.append(next(iter(element.attrib.values()), ""))
        if outermost:
            items += _notes_due(reading)
    items += _finished(carried, False, reading)
    return items + _notes_due(reading) if outermost else items


def _unwrapped(container: Iterable[Element], contents: bool) -> Iterator[tuple[Element, bool]]:
    """The paragraphs, tables and embedded files of a container, each with whether it is part of a table of contents."""
    for element in container:
        tag = element.tag
        if tag in (_PARAGRAPH, _TABLE, _CHUNK):
            yield element, contents
        elif tag in _WRAPPERS:
            gallery = element.find(_GALLERY) if tag == _SDT else None
            if tag != _SDT or element.find(_PLACEHOLDER) is None:
                lists = gallery is not None and gallery.get(_VALUE) == "Table of Contents"
                yield from _unwrapped(element, contents or lists)
        elif tag == ALTERNATIVES:
            yield from _unwrapped(chosen(element), contents)


def _take(paragraph: Element, carried: _Carried, reading: Reading, fields: Fields) -> bool:
    """Add a paragraph to what is carried; False when its mark is gone, so that the next one joins it."""
    form = paragraph.find(_FORMAT)
    style = form.find(f"{W}pStyle") if form is not None else None
    style_id = style.get(_VALUE) if style is not None else reading.styles.default
    gone = form is not None and _mark_is_gone(form)
    empty_before = not "".join(carried.made.pieces).strip()
    gather(paragraph, style_id, reading.styles, fields, carried.made)
    if empty_before and (not gone or "".join(carried.made.pieces).strip()):
        own = numbering_ref(form.find(f"{W}numPr")) if form is not None else None
        carried.label = reading.numbering.label(style_id, own)
        carried.noise = _lists_contents(style_id, reading.styles)
    return not gone


def _mark_is_gone(form: Element) -> bool:
    mark = form.find(_MARK_FORMAT)
    return mark is not None and (
        any(mark.find(tag) is not None for tag in _GONE) or bool(is_on(mark.find(f"{W}vanish")))
    )


def _lists_contents(style_id: str | None, styles: Styles) -> bool:
    style = styles.by_id.get(style_id or "")
    words = style.name.lower().split() if style else []
    return len(words) == 2 and words[0] in ("toc", "目录") and words[1].isdigit()


def _finished(carried: _Carried, contents: bool, reading: Reading) -> Iterator[Item]:
    """The lines of the paragraphs carried, their text boxes before or behind them."""
    made = carried.made
    if not made.pieces and not carried.label and not made.boxes and not made.notes and not made.pictures:
        return
    reading.due += made.notes
    reading.pictures.update(made.pictures)
    boxes = [(list(_box(box, reading)), below) for box, below in made.boxes]
    for box, below in boxes:
        if not below:
            yield from box
    noise = contents or carried.noise or made.contents
    lines = "".join(made.pieces).split("\n")
    first = next((i for i, line in enumerate(lines) if line.strip()), 0)
    lines[first] = carried.label + lines[first].lstrip() if carried.label else lines[first]
    for line in lines:
        if line.strip():
            yield Paragraph(line, noise=noise)
    for box, below in boxes:
        if below:
            yield from box


def _box(box: Element, reading: Reading) -> Iterator[Item]:
    if box.tag == WORD_ART:
        yield Paragraph((box.get("string") or "").replace("\n", " "))
    elif box.tag == SHAPE_TEXT:
        for paragraph in box.iter(SHAPE_PARAGRAPH):
            yield Paragraph("".join(run.text or "" for run in paragraph.iter(SHAPE_RUN)).replace("\n", " "))
    else:
        yield from _blocks(box, reading, fields_of(box))


def _notes_due(reading: Reading) -> list[Item]:
    """The notes that the text since the last call named."""
    items: list[Item] = []
    while reading.due:
        note = reading.notes.pop(reading.due.pop(0), None)  # a note is printed once
        if note is not None:
            items += _blocks(note, reading, fields_of(note))
    return items


def _table(table: Element, reading: Reading, fields: Fields) -> Frame:
    cells: list[Cell] = []
    joined: dict[int, int] = {}
    rows = (row for row in _children(table, _ROW) if not _is_gone(row.find(_ROW_FORMAT)))
    for row, element in enumerate(rows):
        joined = _row(element, row, cells, joined, reading, fields)
    return Frame(cells)


def _is_gone(form: Element | None) -> bool:
    """Whether a row is deleted or hidden."""
    return form is not None and (form.find(f"{W}del") is not None or bool(is_on(form.find(f"{W}hidden"))))


def _row(
    element: Element, row: int, cells: list[Cell], joined: dict[int, int], reading: Reading, fields: Fields
) -> dict[int, int]:
    """Add a row's cells. ``joined``, also returned for the next row: by column, the cell that may go on below it."""
    going_on: dict[int, int] = {}
    column = _told_number(element.find(_ROW_FORMAT), "gridBefore")
    for cell in _children(element, _CELL):
        form = cell.find(_CELL_FORMAT)
        if form is not None and form.find(f"{W}cellDel") is not None:
            continue
        span = max(1, _told_number(form, "gridSpan", 1))
        merge = _merge(form, "vMerge")
        above = joined.get(column)
        if above is not None and span < cells[above].column_span:
            above = None  # it would leave part of the merged cell to its neighbour
        if merge == "continue" and above is not None:
            going_on[cells[above].column] = above
            cells[above] = replace(cells[above], row_span=row - cells[above].row + 1)
        elif _merge(form, "hMerge") == "continue" and cells and cells[-1].row == row:
            cells[-1] = replace(cells[-1], column_span=cells[-1].column_span + span)
        else:
            if merge:
                going_on[column] = len(cells)
            cells.append(Cell(row, column, _blocks(cell, reading, fields), 1, span))
        column += span
    return going_on


def _children(parent: Iterable[Element], tag: str) -> Iterator[Element]:
    """The rows of a table or the cells of a row, out of whatever wraps them."""
    for child in parent:
        if child.tag == tag:
            yield child
        elif child.tag in _WRAPPERS:
            yield from _children(child, tag)
        elif child.tag == ALTERNATIVES:
            yield from _children(chosen(child), tag)


def _merge(form: Element | None, name: str) -> str | None:
    """Whether a cell begins (``restart``) or goes on with (``continue``) a merged one."""
    merge = form.find(f"{W}{name}") if form is not None else None
    if merge is None and form is not None and name == "vMerge":
        changed = form.find(f"{W}cellMerge")  # as a tracked change
        told = changed.get(f"{W}vMerge") if changed is not None else None
        return {"cont": "continue", "rest": "restart"}.get(told or "")
    return merge.get(_VALUE, "continue") if merge is not None else None


def _told_number(form: Element | None, name: str, otherwise: int = 0) -> int:
    element = form.find(f"{W}{name}") if form is not None else None
    return min(number(element.get(_VALUE), otherwise), _WIDEST) if element is not None else otherwise
