"""The straight rules drawn on a page of a PDF, and the areas that may hide its print."""

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

from .geometry import Place, Rectangle
from .pdfium import Handle, pdfium

MOST_SEGMENTS = 100_000
"""Of all paths on a page; a page with tables has some hundreds, a map some ten thousands."""

_MOST_OBJECTS = 100_000
_DEEPEST = 6
_THICKEST = 3.0
"""Points; what is filled and thicker is an area and no rule."""
_SHORTEST = 3.0
_LEVEL = 0.7
"""A stroke is level or upright that strays no more than this many points."""
_FRAME = 6.0
"""Points between the outer and the inner edge of a frame that is drawn as an area with a hole."""
_WHITE = 250
_FAINT = 12
_COVER = 100.0
"""Square points; smaller areas cover no word."""

_MOST_CORNERS = 64
_EVERYWHERE = Rectangle(-1e9, -1e9, 1e9, 1e9)
_Matrix = tuple[float, float, float, float, float, float]
_IDENTITY: _Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


class Rule(NamedTuple):
    """A straight rule: ``at`` is its middle across, ``start`` and ``end`` its ends along (points, as displayed)."""

    at: float
    start: float
    end: float


@dataclass(slots=True)
class Drawing:
    """What is drawn on a page: rules, the areas of images, and whether an area was painted after text.

    ``pixels`` has its largest image, ``strokes`` counts the pieces of paths.
    ``clips`` has for text objects, by their address, the rectangle outside of which they are not shown.
    """

    level: list[Rule] = field(default_factory=list[Rule])
    upright: list[Rule] = field(default_factory=list[Rule])
    images: list[Rectangle] = field(default_factory=list[Rectangle])
    pixels: float = 0.0
    covers: bool = False
    strokes: int = 0
    clips: dict[int, Rectangle] = field(default_factory=dict[int, Rectangle])


def address_of(item: Handle) -> int:
    """Return what tells an object from others."""
    return ctypes.cast(item, ctypes.c_void_p).value or 0


class _Budget:
    """How much more may be looked at."""

    def __init__(self) -> None:
        self.segments = MOST_SEGMENTS
        self.objects = _MOST_OBJECTS
        self.text_seen = False

    def take(self, segments: int) -> None:
        self.segments -= segments
        self.objects -= 1
        if self.segments < 0 or self.objects < 0:
            raise ValueError(f"it is drawn of more than {MOST_SEGMENTS} strokes")


def read_drawing(page: Handle, place: Place) -> Drawing:
    """Return what is drawn on a pypdfium2 page.

    Raises `ValueError` when there is more than ``MOST_SEGMENTS``.
    """
    drawing = Drawing()
    budget = _Budget()
    for index in range(pdfium.FPDFPage_CountObjects(page.raw)):
        _add(drawing, pdfium.FPDFPage_GetObject(page.raw, index), _IDENTITY, place, budget, _DEEPEST)
    return drawing


def _add(drawing: Drawing, item: Handle, matrix: _Matrix, place: Place, budget: _Budget, depth: int) -> None:
    kind = pdfium.FPDFPageObj_GetType(item)
    budget.take(0)
    if kind == pdfium.FPDF_PAGEOBJ_PATH:
        _add_path(drawing, item, matrix, place, budget)
    elif kind == pdfium.FPDF_PAGEOBJ_TEXT:
        budget.text_seen = True
        clip = _clip(item, matrix, place)
        if clip:
            drawing.clips[address_of(item)] = clip
    elif kind == pdfium.FPDF_PAGEOBJ_IMAGE:
        area = place.shown(_bounds_of_unit(_times(_matrix_of(item), matrix)))
        if not _add_rule(drawing, area):
            drawing.images.append(area)
            drawing.pixels = max(drawing.pixels, _pixels(item))
            drawing.covers |= budget.text_seen
    elif kind == pdfium.FPDF_PAGEOBJ_FORM and depth:
        inner = _times(_matrix_of(item), matrix)
        for index in range(pdfium.FPDFFormObj_CountObjects(item)):
            _add(drawing, pdfium.FPDFFormObj_GetObject(item, index), inner, place, budget, depth - 1)


def _pixels(image: Handle) -> float:
    width, height = ctypes.c_uint(), ctypes.c_uint()
    pdfium.FPDFImageObj_GetImagePixelSize(image, width, height)
    return float(width.value) * height.value


def _matrix_of(item: Handle) -> _Matrix:
    matrix = pdfium.FS_MATRIX()
    if not pdfium.FPDFPageObj_GetMatrix(item, matrix):
        return _IDENTITY
    return matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f


def _times(first: _Matrix, then: _Matrix) -> _Matrix:
    a, b, c, d, e, f = first
    p, q, r, s, t, u = then
    return a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u


def _apply(matrix: _Matrix, x: float, y: float) -> tuple[float, float]:
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f


def _bounds_of_unit(matrix: _Matrix) -> Rectangle:
    corners = [_apply(matrix, x, y) for x in (0.0, 1.0) for y in (0.0, 1.0)]
    xs, ys = zip(*corners, strict=True)
    return Rectangle(min(xs), min(ys), max(xs), max(ys))


def _add_path(drawing: Drawing, item: Handle, outer: _Matrix, place: Place, budget: _Budget) -> None:
    matrix = _times(_matrix_of(item), outer)
    count = pdfium.FPDFPath_CountSegments(item)
    budget.take(count)
    drawing.strokes += count
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDFPath_GetDrawMode(item, fill, stroke)
    stroked = stroke.value and _is_seen(item, pdfium.FPDFPageObj_GetStrokeColor)
    filled = fill.value and _is_seen(item, pdfium.FPDFPageObj_GetFillColor)
    shapes = list(_shapes(item, count, matrix, place)) if stroked or fill.value else []
    clip = _clip(item, outer, place) or _EVERYWHERE
    if stroked:
        for shape in shapes:
            for (x0, y0), (x1, y1) in pairwise(shape):
                _add_stroke(drawing, _within(_bounds([(x0, y0), (x1, y1)]), clip))
    if fill.value:
        _add_fill(drawing, [_within(_bounds(shape), clip) for shape in shapes], bool(filled), budget)


def _is_seen(item: Handle, colour: Handle) -> bool:
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    if not colour(item, red, green, blue, alpha):
        return True
    return alpha.value >= _FAINT and min(red.value, green.value, blue.value) < _WHITE


_Shape = list[tuple[float, float]]


def _shapes(item: Handle, count: int, matrix: _Matrix, place: Place) -> Iterator[_Shape]:
    """The corners of each of a path's pieces, as displayed; curves go straight to their end."""
    x, y = ctypes.c_float(), ctypes.c_float()
    shape: _Shape = []
    curve = 0
    for index in range(count):
        segment = pdfium.FPDFPath_GetPathSegment(item, index)
        kind = pdfium.FPDFPathSegment_GetType(segment)
        pdfium.FPDFPathSegment_GetPoint(segment, x, y)
        point = place.point(*_apply(matrix, x.value, y.value))
        if kind == pdfium.FPDF_SEGMENT_MOVETO:
            if len(shape) > 1:
                yield shape
            shape = [point]
            curve = 0
        elif kind == pdfium.FPDF_SEGMENT_BEZIERTO:
            curve = (curve + 1) % 3
            if not curve:
                shape.append(point)
        else:
            shape.append(point)
        if pdfium.FPDFPathSegment_GetClose(segment) and shape:
            shape.append(shape[0])
    if len(shape) > 1:
        yield shape


def _bounds(shape: _Shape) -> Rectangle:
    xs, ys = zip(*shape, strict=True)
    return Rectangle(min(xs), min(ys), max(xs), max(ys))


def _clip(item: Handle, matrix: _Matrix, place: Place) -> Rectangle | None:
    """The rectangle around what an object's clipping path shows of it; None where nothing is clipped."""
    clip = pdfium.FPDFPageObj_GetClipPath(item)
    paths = pdfium.FPDFClipPath_CountPaths(clip) if clip else 0
    shown: Rectangle | None = None
    x, y = ctypes.c_float(), ctypes.c_float()
    for path in range(max(paths, 0)):
        corners: _Shape = []
        for index in range(min(pdfium.FPDFClipPath_CountPathSegments(clip, path), _MOST_CORNERS)):
            pdfium.FPDFPathSegment_GetPoint(pdfium.FPDFClipPath_GetPathSegment(clip, path, index), x, y)
            corners.append(place.point(*_apply(matrix, x.value, y.value)))
        if corners:
            shown = _within(_bounds(corners), shown or _EVERYWHERE)
    return shown


def _within(area: Rectangle, clip: Rectangle) -> Rectangle:
    """What is seen of an area; a rectangle turned inside out where that is nothing."""
    return Rectangle(
        max(area.left, clip.left), max(area.top, clip.top), min(area.right, clip.right), min(area.bottom, clip.bottom)
    )  # fmt: skip


def _add_stroke(drawing: Drawing, stroke: Rectangle) -> None:
    width, height = stroke.right - stroke.left, stroke.bottom - stroke.top
    if 0 <= height <= _LEVEL < width:
        drawing.level.append(Rule((stroke.top + stroke.bottom) / 2, stroke.left, stroke.right))
    elif 0 <= width <= _LEVEL < height:
        drawing.upright.append(Rule((stroke.left + stroke.right) / 2, stroke.top, stroke.bottom))


def _add_rule(drawing: Drawing, area: Rectangle) -> bool:
    """Add an area as a rule if it is as thin as one, and tell whether it is dealt with."""
    width, height = area.right - area.left, area.bottom - area.top
    if min(width, height) < 0:
        return True
    if height <= _THICKEST and width > max(_SHORTEST, height):
        drawing.level.append(Rule((area.top + area.bottom) / 2, area.left, area.right))
    elif width <= _THICKEST and height > max(_SHORTEST, width):
        drawing.upright.append(Rule((area.left + area.right) / 2, area.top, area.bottom))
    else:
        return False
    return True


def _add_fill(drawing: Drawing, areas: list[Rectangle], seen: bool, budget: _Budget) -> None:
    for area in areas:
        if seen and _add_rule(drawing, area):
            continue
        hole = next((other for other in areas if other is not area and _is_frame(area, other)), None)
        if hole and seen:
            for left, top, right, bottom in (
                (area.left, area.top, area.right, hole.top), (area.left, hole.bottom, area.right, area.bottom),
                (area.left, area.top, hole.left, area.bottom), (hole.right, area.top, area.right, area.bottom),
            ):  # fmt: skip
                _add_rule(drawing, Rectangle(left, top, right, bottom))
        elif (area.right - area.left) * (area.bottom - area.top) > _COVER:
            drawing.covers |= budget.text_seen


def _is_frame(outer: Rectangle, inner: Rectangle) -> bool:
    """Whether ``inner`` leaves but a thin frame of ``outer``."""
    edges = (
        inner.left - outer.left, inner.top - outer.top, outer.right - inner.right, outer.bottom - inner.bottom
    )  # fmt: skip
    return all(0 <= edge <= _FRAME for edge in edges) and any(edge > 0 for edge in edges)
