"""A page drawn with what was read on it: sections at its left, marks on it, what they say at its right, a legend above."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from PIL import Image, ImageDraw, ImageFont
from pylopdf_fonts_zh_cn import sans_path

from .page_marks import NOISE, Edges, Kind, Mark, Note, PageMarks, Stretch
from .page_picture import Picture

Colour = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Heading:
    """The lines above a page: what it is of, and what went wrong in reading it."""

    lines: Sequence[str]
    errors: Sequence[str] = ()


# Okabe and Ito's colours, told apart by the colour-blind too; the opacity of a mark's inside, and its outline's width.
_LOOKS: dict[Kind, tuple[Colour, int, int]] = {
    "grid": ((150, 90, 180), 0, 1),
    "read": ((0, 158, 115), 45, 0),
    "blank": ((120, 120, 120), 45, 0),
    "repaired": ((230, 159, 0), 110, 0),
    "unreadable": ((213, 60, 0), 110, 0),
    "failed": ((200, 0, 0), 0, 3),
    "fact": ((0, 70, 178), 25, 2),
    "problem": ((204, 121, 167), 70, 0),
    "improvement": ((86, 180, 233), 70, 0),
}
_NAMES: dict[Kind, str] = {
    "grid": "cell borders",
    "read": "figure read",
    "blank": "printed blank (–)",
    "repaired": "repaired by a sum (*)",
    "unreadable": "unreadable (?)",
    "failed": "in a sum that fails",
    "fact": "fact (f0 = facts[0])",
    "problem": "problem (p0)",
    "improvement": "improvement (i0)",
}
_SECTIONS: tuple[Colour, ...] = ((0, 114, 178), (213, 94, 0), (0, 140, 100), (150, 90, 180), (160, 120, 0))
_GREY: Colour = (130, 130, 130)
_INK: Colour = (30, 34, 40)
_RED: Colour = (190, 0, 0)
_LEFT, _RIGHT = 190, 680
_EDGE = 10
_SIZE, _SMALL = 16, 13
_LINE = 21
_BAR = 5
_STROKE = 24
_NARROWEST = 38.0
_DARKER = 0.65


def draw_page(picture: Picture, marks: PageMarks, heading: Heading) -> bytes:
    """Return a PNG of a page with what was read on it."""
    wide, high = picture.image.size
    told = _spread([note.top * picture.scale for note in marks.notes], high)
    body = max(high, round(told[-1]) + _LINE if told else 0)
    lines = [(line, _INK) for line in heading.lines] + [(line, _RED) for line in heading.errors]
    top = 2 * _EDGE + _LINE * (len(lines) + 2)
    canvas = Image.new("RGB", (_LEFT + wide + _RIGHT, top + body + _EDGE), "white")
    canvas.paste(picture.image, (_LEFT, top))
    drawn = _with_marks(canvas, marks, picture.scale, (_LEFT, top))
    pen = ImageDraw.Draw(drawn)
    pen.rectangle((_LEFT - 1, top - 1, _LEFT + wide, top + high), outline=_GREY)
    for index, (line, colour) in enumerate(lines):
        place = (_EDGE, _EDGE + _LINE * index)
        pen.text(place, _fitted(line, drawn.width - 2 * _EDGE), fill=colour, font=_font(_SIZE))
    _legend(pen, marks, _EDGE + _LINE * len(lines))
    _section_names(pen, marks.stretches, picture.scale, top, high)
    _notes(pen, marks.notes, told, picture.scale, (_LEFT + wide, top))
    out = io.BytesIO()
    drawn.save(out, "PNG", optimize=True)
    return out.getvalue()


@cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(sans_path()), size)


def _with_marks(canvas: Image.Image, marks: PageMarks, scale: float, origin: tuple[int, int]) -> Image.Image:
    """The canvas with all rectangles, which let the print through."""
    layer = Image.new("RGBA", canvas.size, (255, 255, 255, 0))
    pen = ImageDraw.Draw(layer)
    colours = _section_colours(marks.stretches)
    for stretch in marks.stretches:
        left, top, right, bottom = _placed(stretch.edges, scale, origin)
        colour = colours[stretch.section]
        pen.rectangle((left - 2, top - 2, right + 2, bottom + 2), outline=(*colour, 90))
        pen.rectangle((left - 4 - _BAR, top - 2, left - 4, bottom + 2), fill=(*colour, 255))
    for mark in marks.marks:
        colour, opacity, width = _LOOKS[mark.kind]
        edges = _placed(mark.edges, scale, origin)
        if opacity:
            layer.alpha_composite(_tint(edges, (*colour, opacity)), (int(edges[0]), int(edges[1])))
        if width:
            pen.rectangle(edges, outline=(*colour, 255), width=width)
    drawn = Image.alpha_composite(canvas.convert("RGBA"), layer).convert("RGB")
    _tags(ImageDraw.Draw(drawn), marks.marks, scale, origin)
    return drawn


def _tint(edges: Edges, colour: tuple[int, int, int, int]) -> Image.Image:
    left, top, right, bottom = edges
    return Image.new("RGBA", (max(1, round(right - left)), max(1, round(bottom - top))), colour)


def _tags(pen: ImageDraw.ImageDraw, marks: Sequence[Mark], scale: float, origin: tuple[int, int]) -> None:
    """The names of facts and statements at the upper left of their print."""
    for mark in marks:
        if not mark.tag:
            continue
        left, top, _, _ = _placed(mark.edges, scale, origin)
        wide = _font(_SMALL).getlength(mark.tag)
        pen.rectangle((left, top - _SMALL + 2, left + wide, top - 1), fill="white")
        colour = _darker(_LOOKS[mark.kind][0])
        pen.text((left, top - 2), mark.tag, fill=colour, font=_font(_SMALL), anchor="ls")


def _legend(pen: ImageDraw.ImageDraw, marks: PageMarks, top: float) -> None:
    """What the colours stand for, with how many there are on the page."""
    x = float(_EDGE)
    for kind, name in _NAMES.items():
        colour, opacity, width = _LOOKS[kind]
        count = sum(mark.kind == kind and (bool(mark.tag) or kind not in _TAGGED) for mark in marks.marks)
        inside = tuple(255 - round((255 - part) * opacity / 255) for part in colour)
        box = (x, top + 5, x + 18, top + 19)
        pen.rectangle(box, fill=(inside[0], inside[1], inside[2]), outline=colour, width=max(1, width))
        text = f"{name}: {count}"
        pen.text((x + 24, top), text, fill=_INK, font=_font(_SMALL + 1))
        x += 24 + _font(_SMALL + 1).getlength(text) + 16


_TAGGED = ("fact", "problem", "improvement")


def _section_names(
    pen: ImageDraw.ImageDraw, stretches: Sequence[Stretch], scale: float, top: int, high: int
) -> None:
    """The label of each section beside the first of its paragraphs in a row."""
    colours = _section_colours(stretches)
    ordered = sorted(stretches, key=lambda stretch: stretch.edges[1])
    firsts = [
        stretch
        for index, stretch in enumerate(ordered)
        if not index or stretch.section != ordered[index - 1].section
    ]
    places = _spread([(stretch.edges[1] * scale) + _LINE / 2 for stretch in firsts], high)
    for stretch, place in zip(firsts, places, strict=True):
        name = _fitted(stretch.section or "(no section)", _LEFT - 2 * _EDGE)
        at = (_LEFT - _EDGE - _font(_SIZE).getlength(name), top + place)
        pen.text(at, name, fill=colours[stretch.section], font=_font(_SIZE))


def _section_colours(stretches: Sequence[Stretch]) -> dict[str, Colour]:
    """A colour for each section; neighbours differ, what is noise or in none is grey."""
    labels = dict.fromkeys(stretch.section for stretch in sorted(stretches, key=lambda s: s.edges[1]))
    told = [label for label in labels if label not in ("", NOISE)]
    return {"": _GREY, NOISE: _GREY} | {label: _SECTIONS[i % len(_SECTIONS)] for i, label in enumerate(told)}


def _notes(
    pen: ImageDraw.ImageDraw,
    notes: Sequence[Note],
    places: Sequence[float],
    scale: float,
    origin: tuple[int, int],
) -> None:
    """What was read, each line at the height of its place as near as there is room, joined to it by a stroke."""
    x, top = origin
    font = _font(_SIZE)
    names, columns = _table_widths(notes)
    for note, place in zip(notes, places, strict=True):
        colour = _darker(_LOOKS[note.kind][0])
        middle = top + place + _LINE / 2
        pen.line((x, top + note.top * scale, x + _STROKE, middle), fill=colour)
        at = (x + _STROKE + 4, top + place - 1)
        room = names if note.values else _RIGHT - _STROKE - 2 * _EDGE
        pen.text(at, _fitted(note.text, room), fill=colour, font=font)
        for column, value in enumerate(note.values, 1):
            right = at[0] + names + column * columns[_table_of(note)]
            pen.text((right - font.getlength(value), at[1]), value, fill=colour, font=font)


def _table_widths(notes: Sequence[Note]) -> tuple[float, dict[str, float]]:
    """The width of the names of rows, and for each table that of its columns."""
    font = _font(_SIZE)
    rows = [note for note in notes if note.values]
    names = max((font.getlength(note.text) for note in rows), default=0.0)
    columns: dict[str, float] = {}
    for note in rows:
        widest = max(font.getlength(value) for value in note.values) + _EDGE
        columns[_table_of(note)] = max(widest, columns.get(_table_of(note), _NARROWEST))
    return names, columns


def _table_of(note: Note) -> str:
    return note.text.partition(".")[0]


def _spread(middles: Sequence[float], high: float) -> list[float]:
    """The upper edges of lines as near to their middles as can be without one lying over another."""
    places: list[float] = []
    for middle in middles:
        places.append(max(middle - _LINE / 2, places[-1] + _LINE if places else 0.0))
    room = high
    for index in range(len(places) - 1, -1, -1):
        room -= _LINE
        places[index] = max(min(places[index], room), _LINE * index)
        room = places[index]
    return places


def _placed(edges: Edges, scale: float, origin: tuple[int, int]) -> Edges:
    x, y = origin
    left, top, right, bottom = (edge * scale for edge in edges)
    return x + left, y + top, x + max(right, left + 1), y + max(bottom, top + 1)


def _fitted(text: str, room: float) -> str:
    """The text, its end left out where it is too long for a line."""
    font = _font(_SIZE)
    if font.getlength(text) <= room:
        return text
    while text and font.getlength(text + "…") > room:
        text = text[:-1]
    return text + "…"


def _darker(colour: Colour) -> Colour:
    red, green, blue = (round(part * _DARKER) for part in colour)
    return red, green, blue
