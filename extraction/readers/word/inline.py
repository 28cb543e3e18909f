"""What a Word paragraph prints: its text, and the text boxes and notes that hang on it.

Tracked changes are read as if accepted, hidden text and comments are left out.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from .fields import Fields
from .ooxml import Element, W
from .styles import Styles, is_on, number

MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
_V = "{urn:schemas-microsoft-com:vml}"
_O = "{urn:schemas-microsoft-com:office:office}"
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"

TEXT_BOX, WORD_ART, SHAPE_TEXT = f"{W}txbxContent", f"{_V}textpath", f"{_A}txBody"
SHAPE_PARAGRAPH, SHAPE_RUN = f"{_A}p", f"{_A}t"
_BOXES = (TEXT_BOX, WORD_ART, SHAPE_TEXT)

_SIGNS = {
    f"{W}tab": "\t",
    f"{W}ptab": "\t",
    f"{W}br": "\n",
    f"{W}cr": "\n",
    f"{W}noBreakHyphen": "-",
}
_WRAPPERS = frozenset(
    f"{W}{name}"
    for name in (
        "hyperlink", "smartTag", "customXml", "sdt", "sdtContent", "ins", "moveTo", "dir", "bdo", "fldSimple", "ruby",
        "rubyBase",
    )
) | {f"{_M}oMath", f"{_M}oMathPara"}  # fmt: skip
_NOTES = {f"{W}footnoteReference": "footnote", f"{W}endnoteReference": "endnote"}
_DRAWN = frozenset({f"{W}drawing", f"{W}pict", f"{W}object"})
_RUN, _TEXT, _FORMAT, _FIELD_MARK = f"{W}r", f"{W}t", f"{W}rPr", f"{W}fldChar"
_INSTRUCTION, _SYMBOL, _SDT, _RUBY = f"{W}instrText", f"{W}sym", f"{W}sdt", f"{W}ruby"
_VANISH, _RUN_STYLE, _VERTICAL, _VALUE = f"{W}vanish", f"{W}rStyle", f"{W}vertAlign", f"{W}val"
_PLACEHOLDER = f"{W}sdtPr/{W}showingPlcHdr"
_CUSTOM_MARK = f"{W}customMarkFollows"
ALTERNATIVES = f"{MC}AlternateContent"
_BRANCHES = (f"{MC}Choice", f"{MC}Fallback")

_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_LOWERED = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_BREAKS = str.maketrans("\t\r\n", "   ")

_WINGDINGS = (
    {
        0x6C: "●",
        0x6E: "■",
        0x6F: "□",
        0xA7: "▪",
        0xA8: "□",
        0xD8: "➢",
        0xFB: "✗",
        0xFC: "✓",
        0xFE: "☑",
        0x80: "⓪",
    }
    | {0x81 + i: chr(0x2460 + i) for i in range(10)}  # ①
    | {0x8C + i: chr(0x2776 + i) for i in range(10)}  # ❶
)
_SYMBOL_FONT = range(0xF020, 0xF100)

_SMALLEST_PICTURE = 85
"""In points (3 cm). Smaller ones on either side are seals, signs and QR codes."""
_EMU, _POINTS = 12_700, {"pt": 1.0, "in": 72.0, "cm": 28.35, "mm": 2.835, "px": 0.75, "": 0.75}
_EDGE = re.compile(r"(?:^|;)\s*(width|height|margin-top):\s*(-?[\d.]+)(pt|in|cm|mm|px|)")
_KINDS = {"chart": "chart", "chartex": "chart", "diagram": "diagram", "picture": "picture"}
"""What DrawingML draws, by the last word of the address that names it."""


@dataclass(slots=True)
class Gathered:
    """What a paragraph prints.

    ``pieces`` make up its text, ``\\n`` where a line ends. ``boxes`` are text boxes (`TEXT_BOX`, `WORD_ART`,
    `SHAPE_TEXT`), each with whether it stands below the paragraph's text. ``notes`` are kinds and ids. ``pictures`` are
    the kinds of things whose content is no text. ``contents`` tells that it is part of a table of contents.
    """

    pieces: list[str] = field(default_factory=list[str])
    boxes: list[tuple[Element, bool]] = field(default_factory=list[tuple[Element, bool]])
    notes: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    pictures: list[str] = field(default_factory=list[str])
    contents: bool = False


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a paragraph is read: the styles, whether its style hides it, the open fields, what was gathered."""

    styles: Styles
    hidden: bool
    fields: Fields
    made: Gathered

    def print(self, text: str) -> None:
        if self.fields.shown:
            self.made.pieces.append(text)
            self.made.contents |= self.fields.lists_contents


def gather(paragraph: Element, style_id: str | None, styles: Styles, fields: Fields, made: Gathered) -> None:
    """Add to ``made`` what a ``w:p`` of this style prints."""
    _walk(paragraph, _Place(styles, styles.hides(style_id), fields, made))


def chosen(alternatives: Element) -> Iterable[Element]:
    """Return the content of the branch of an ``mc:AlternateContent`` to read: the first with text, or else the first."""
    branches = list(alternatives.iterchildren(*_BRANCHES))
    told = (branch for branch in branches if next(branch.iter(_TEXT, *_BOXES), None) is not None)
    return next(told, branches[0] if branches else ())


def _walk(elements: Iterable[Element], place: _Place) -> None:
    for element in elements:
        tag = element.tag
        if tag == _RUN:
            _run(element, place)
        elif tag in _WRAPPERS:
            if tag != _SDT or element.find(_PLACEHOLDER) is None:
                _walk(element, place)
        elif tag == ALTERNATIVES:
            _walk(chosen(element), place)
        elif tag in _DRAWN:
            _drawn(element, element, place)
        elif isinstance(tag, str) and tag.startswith(_M):
            _math(element, place)


def _run(run: Element, place: _Place) -> None:
    form = run.find(_FORMAT)
    hidden = place.hidden if form is None else _is_hidden(form, place)
    height = None if form is None else form.find(_VERTICAL)
    custom_mark = False
    for child in run:
        tag = child.tag
        if tag == _FIELD_MARK:
            place.fields.pass_mark(child)
        elif tag == _INSTRUCTION:
            place.fields.instruct(child.text or "")
        elif hidden:
            continue
        elif tag == _TEXT:
            if not custom_mark:
                place.print(_shifted(_text(child), height, place.made))
        elif tag in _SIGNS:
            place.print(_SIGNS[str(tag)])
        elif tag == _SYMBOL:
            place.print(_symbol(child))
        elif tag in _NOTES:
            place.made.notes.append((_NOTES[str(tag)], child.get(f"{W}id", "")))
            custom_mark = child.get(_CUSTOM_MARK) is not None
        elif tag in _DRAWN:
            _drawn(child, child, place)
        elif tag in (_RUBY, ALTERNATIVES):
            _walk([child], place)


def _is_hidden(form: Element, place: _Place) -> bool:
    own = is_on(form.find(_VANISH))
    if own is not None:
        return own
    style = form.find(_RUN_STYLE)
    return place.hidden or (style is not None and place.styles.hides(style.get(_VALUE)))


def _text(element: Element) -> str:
    text = element.text or ""
    if element.get(_SPACE) != "preserve":
        text = text.strip(" \t\r\n")
    return text.translate(_BREAKS)


def _shifted(text: str, height: Element | None, made: Gathered) -> str:
    """Digits printed raised or lowered behind other text stay so, lest the mark of a note lengthens a number."""
    shift = height.get(_VALUE) if height is not None else None
    if not any(piece.strip() for piece in made.pieces) or not text.strip("[]()*- ").isdecimal():
        return text
    if shift == "superscript":
        return text.translate(_RAISED)
    return text.translate(_LOWERED) if shift == "subscript" else text


def _symbol(element: Element) -> str:
    """The character that a code of a font of symbols stands for; an unknown one stays for private use."""
    code = int(element.get(f"{W}char") or "0", 16) if _is_hex(element.get(f"{W}char")) else 0
    font = (element.get(f"{W}font") or "").lower()
    if code in _SYMBOL_FONT:
        low = code - _SYMBOL_FONT.start + 0x20
        if font == "wingdings" and low in _WINGDINGS:
            return _WINGDINGS[low]
        if font == "symbol" and not chr(low).isalpha() and low < 0x7F:
            return chr(low)
    return chr(code) if 0x20 <= code < 0xD800 or 0xE000 <= code <= 0xFFFD else ""


def _is_hex(text: str | None) -> bool:
    return (
        bool(text) and len(text or "") <= 6 and all(char in "0123456789abcdefABCDEF" for char in text or "")
    )


def _math(element: Element, place: _Place) -> None:
    """A formula on one line: a/b for a fraction, a^b for a power."""
    tag = str(element.tag).removeprefix(_M)
    if tag == "t":
        place.print(element.text or "")
        return
    for child in element:
        name = str(child.tag).removeprefix(_M) if isinstance(child.tag, str) else ""
        if name in ("den", "sup"):
            place.print("/" if name == "den" else "^")
        if str(child.tag).startswith(_M):
            _math(child, place)


def _drawn(element: Element, whole: Element, place: _Place) -> None:
    """The text boxes and pictures in ``element``, which is part of the ``whole`` drawing."""
    for child in chosen(element) if element.tag == ALTERNATIVES else element:
        if child.tag in _BOXES:
            place.made.boxes.append((child, _is_below(whole) or bool("".join(place.made.pieces).strip())))
            continue
        kind = _picture_kind(child, whole)
        if kind and not _is_small(whole):
            place.made.pictures.append(kind)
        if len(child):
            _drawn(child, whole, place)


def _picture_kind(element: Element, whole: Element) -> str | None:
    if element.tag == f"{_A}graphicData":
        return _KINDS.get((element.get("uri") or "").rpartition("/")[2])
    if element.tag != f"{_V}imagedata":
        return None
    embedded = whole.find(f".//{_O}OLEObject")
    program = (embedded.get("ProgID") or "") if embedded is not None else ""
    return None if "Equation" in program else "sheet" if "Excel" in program or ".ET" in program else "picture"


def _is_small(whole: Element) -> bool:
    extent = whole.find(f"*/{_WP}extent")
    if extent is not None:
        sides = [number(extent.get(side)) / _EMU for side in ("cx", "cy")]
    else:
        edges = _vml_edges(whole)
        sides = [edges[side] for side in ("width", "height") if side in edges]
    return bool(sides) and min(sides) < _SMALLEST_PICTURE


def _is_below(whole: Element) -> bool:
    """Whether a floating drawing says that it stands below the top of its paragraph."""
    position = whole.find(f"*/{_WP}positionV")
    if position is not None:
        offset = position.findtext(f"{_WP}posOffset")
        return position.get("relativeFrom") in ("paragraph", "line") and number(offset) > 0
    return _vml_edges(whole).get("margin-top", 0.0) > 0


def _vml_edges(whole: Element) -> dict[str, float]:
    """Width, height and upper margin in points of a drawing in VML."""
    style = next((shape.get("style") for shape in whole.iter() if shape.get("style")), None) or ""
    return {
        name: float(size) * _POINTS[unit]
        for name, size, unit in _EDGE.findall(style)
        if size.replace(".", "", 1).lstrip("-").isdigit()
    }
