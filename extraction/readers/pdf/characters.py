# pyright: basic
"""The characters printed on a page of a PDF: which, where, how large, and whether the page shows them."""

import ctypes
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from ...document import Box
from .geometry import Place, Rectangle
from .pdfium import Handle, pdfium
from .rules import address_of

MISSING = "□"
"""Stands for a glyph whose character the file does not tell."""

MOST_CHARACTERS = 50_000
"""On a page; a page full of small print has 8,000."""

_ASCENT = 0.88
_DESCENT = 0.12
"""Of the em: the square that a hanzi is drawn in stands so far above and below the base line."""

_SMALLEST = 1.5
_SAME_PLACE = 0.15
"""Of the em: a character printed again so near is the same one, made bold or given a shadow."""

_LIGATURES = {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
_UNSEEN_MODES = frozenset({3, 7})
"""Text rendering modes that leave no ink (ISO 32000-1, table 106)."""
_SEEN = 0.3
"""Of a character's width and height."""
_WHITE = 245
_FAINT = 12
_UPRIGHT = math.pi / 2
_TILT = 0.1


class Character(NamedTuple):
    """A character as printed. ``left`` to ``bottom`` are its em square as the page is read (`pdf_sheet.Sheet`).

    ``turn`` counts the quarters by which it is turned clockwise against the page as read, -1 for a slant. ``box`` lies
    on the page as displayed. ``told`` is False for a glyph whose character the file does not tell.
    """

    text: str
    left: float
    top: float
    right: float
    bottom: float
    size: float
    turn: int
    box: Box
    told: bool = True

    @property
    def middle(self) -> tuple[float, float]:
        """The middle of the em square."""
        return (self.left + self.right) / 2, (self.top + self.bottom) / 2


@dataclass(slots=True)
class PagePrint:
    """What stands on a page, before it is told where. ``doubtful`` characters (white, or on a layer) may not be seen,
    ``invisible`` ones never are."""

    characters: list[Character] = field(default_factory=list[Character])
    doubtful: list[Character] = field(default_factory=list[Character])
    invisible: list[Character] = field(default_factory=list[Character])


class _Style(NamedTuple):
    """What the characters of a text object share."""

    size: float
    angle: float
    unseen: bool
    doubtful: bool


def read_characters(page: Handle, place: Place, number: int, clips: Mapping[int, Rectangle]) -> PagePrint:
    """Return what a pypdfium2 page prints, in the order of its content; ``clips`` as in `pdf_rules.Drawing`.

    Raises `ValueError` when there are more than ``MOST_CHARACTERS``.
    """
    text_page = pdfium.FPDFText_LoadPage(page.raw)
    if not text_page:
        return PagePrint()
    try:
        if pdfium.FPDFText_CountChars(text_page) > MOST_CHARACTERS:
            raise ValueError(f"it holds more than {MOST_CHARACTERS} characters")
        return _without_doubles(_shown(text_page, place, number, clips))
    finally:
        pdfium.FPDFText_ClosePage(text_page)


class _Raw(NamedTuple):
    text: str
    box: Box
    angle: float
    style: _Style
    told: bool
    owner: int


def _shown(text_page: Handle, place: Place, number: int, clips: Mapping[int, Rectangle]) -> Iterator[_Raw]:
    """Every character inside the page and what clips it, generated blanks left out."""
    x, y, loose = ctypes.c_double(), ctypes.c_double(), pdfium.FS_RECTF()
    page = Rectangle(0, 0, place.width, place.height)
    styles: dict[int, _Style] = {}
    for index in range(pdfium.FPDFText_CountChars(text_page)):
        if pdfium.FPDFText_IsGenerated(text_page, index) == 1:
            continue
        code = pdfium.FPDFText_GetUnicode(text_page, index)
        text = chr(code)
        if text.isspace() and text not in {" ", "\u3000"}:
            continue
        owner = pdfium.FPDFText_GetTextObject(text_page, index)
        key = address_of(owner)
        style = styles.get(key)
        if style is None:
            style = styles[key] = _style(text_page, index, owner)
        if style.size < _SMALLEST:
            continue
        pdfium.FPDFText_GetLooseCharBox(text_page, index, loose)
        pdfium.FPDFText_GetCharOrigin(text_page, index, x, y)
        told = code >= 32 and code != 0xFFFD and pdfium.FPDFText_HasUnicodeMapError(text_page, index) != 1
        rectangle = _em_square((loose.left, loose.bottom, loose.right, loose.top), x.value, y.value, style)
        shown = place.shown(rectangle)
        if not _is_seen(shown, clips.get(key, page), page):
            continue
        angle = place.shown_angle(style.angle)
        yield _Raw(text if told else MISSING, Box(number, *shown), angle, style, told, key)


def _style(text_page: Handle, index: int, owner: Handle) -> _Style:
    matrix = pdfium.FS_MATRIX()
    pdfium.FPDFText_GetMatrix(text_page, index, matrix)
    size = pdfium.FPDFText_GetFontSize(text_page, index) * math.hypot(matrix.c, matrix.d)
    angle = math.atan2(matrix.b, matrix.a)
    mode = pdfium.FPDFTextObj_GetTextRenderMode(owner)
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    pdfium.FPDFText_GetFillColor(text_page, index, red, green, blue, alpha)
    white = min(red.value, green.value, blue.value) > _WHITE
    unseen = mode in _UNSEEN_MODES or alpha.value < _FAINT
    return _Style(abs(size), angle, unseen, white or _is_optional(owner))


def _is_optional(owner: Handle) -> bool:
    """Whether the object stands in content that a layer switches on and off."""
    name, length = ctypes.create_string_buffer(16), ctypes.c_ulong()
    for index in range(max(pdfium.FPDFPageObj_CountMarks(owner), 0)):
        mark = pdfium.FPDFPageObj_GetMark(owner, index)
        wide = ctypes.cast(name, ctypes.POINTER(pdfium.FPDF_WCHAR))
        if pdfium.FPDFPageObjMark_GetName(mark, wide, 16, length) and name.raw[:4] == b"O\0C\0":
            return True
    return False


def _is_seen(square: Rectangle, clip: Rectangle, page: Rectangle) -> bool:
    """Whether enough of a character lies inside what clips it and on the page; commas at the margin are half blank."""
    width = min(square.right, clip.right, page.right) - max(square.left, clip.left, page.left)
    height = min(square.bottom, clip.bottom, page.bottom) - max(square.top, clip.top, page.top)
    return width >= _SEEN * (square.right - square.left) and height >= _SEEN * (square.bottom - square.top)


def _em_square(loose: tuple[float, float, float, float], x: float, y: float, style: _Style) -> Rectangle:
    """The square that a character is drawn in (page space, y upwards): its advance, and the em around the base line."""
    left, bottom, right, top = loose
    up, down = _ASCENT * style.size, _DESCENT * style.size
    quarter = round(style.angle / _UPRIGHT) % 4
    if quarter == 0:
        return Rectangle(min(left, x), y - down, max(right, x + 0.1), y + up)
    if quarter == 1:
        return Rectangle(x - up, min(bottom, y), x + down, max(top, y + 0.1))
    if quarter == 2:
        return Rectangle(min(left, x - 0.1), y - up, max(right, x), y + down)
    return Rectangle(x - down, min(bottom, y - 0.1), x + up, max(top, y))


def _without_doubles(raws: Iterator[_Raw]) -> PagePrint:
    """Leave out characters printed again in their place, and give ligatures their letters."""
    found = PagePrint()
    seen: dict[tuple[str, int, int], list[Box]] = {}
    before: _Raw | None = None
    for raw in raws:
        box, size = raw.box, raw.style.size
        near = _SAME_PLACE * size
        column, row = round(box.left / 2), round(box.top / 2)
        one_glyph = (
            before is not None and before.owner == raw.owner and before.box == box
        )  # a ligature's letters
        before = raw
        if (
            raw.text.strip()
            and not one_glyph
            and any(
                abs(other.left - box.left) < near and abs(other.top - box.top) < near
                for i in (-1, 0, 1)
                for j in (-1, 0, 1)
                for other in seen.get((raw.text, column + i, row + j), ())
            )
        ):
            continue
        seen.setdefault((raw.text, column, row), []).append(box)
        quarter = round(raw.angle / _UPRIGHT)
        turn = quarter % 4 if abs(raw.angle - quarter * _UPRIGHT) < _TILT else -1
        kind = (
            found.invisible
            if raw.style.unseen
            else found.doubtful
            if raw.style.doubtful
            else found.characters
        )
        for letter in _LIGATURES.get(raw.text, raw.text):
            kind.append(Character(letter, *box[1:], size, turn, box, raw.told))
    return found
