"""Rectangles on a page of a PDF: as the file measures them, as the page is displayed, and as it is read."""

from ctypes import c_int
from dataclasses import dataclass
from math import atan2, cos, sin
from typing import NamedTuple

from ...document import Box
from .pdfium import Handle, pdfium

_FINE = 1000
"""Device pixels in a point when pdfium is asked where a place of the page is displayed."""


class Rectangle(NamedTuple):
    """Left, top, right, bottom; in page space, whose y grows upwards, bottom and top change places."""

    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Place:
    """A page's size in points as it is displayed, and how places of the file's page space get there."""

    width: float
    height: float
    xx: float
    xy: float
    x: float
    yx: float
    yy: float
    y: float

    def shown(self, rectangle: Rectangle) -> Rectangle:
        """Return where a rectangle of page space is displayed, from the upper left corner."""
        x0, y0 = self.point(rectangle[0], rectangle[1])
        x1, y1 = self.point(rectangle[2], rectangle[3])
        return Rectangle(min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))

    def point(self, x: float, y: float) -> tuple[float, float]:
        """Return where a point of page space is displayed."""
        return self.xx * x + self.xy * y + self.x, self.yx * x + self.yy * y + self.y

    def shown_angle(self, angle: float) -> float:
        """Return a direction of page space (radians against the clock) as displayed, in radians with the clock."""
        right, up = cos(angle), sin(angle)
        return atan2(self.yx * right + self.yy * up, self.xx * right + self.xy * up)


def place_of(page: Handle) -> Place:
    """Return the size of a pypdfium2 page, its rotation and crop box taken into account."""
    width, height = pdfium.FPDF_GetPageWidthF(page.raw), pdfium.FPDF_GetPageHeightF(page.raw)
    size = (round(width * _FINE), round(height * _FINE))
    points: list[tuple[float, float]] = []
    for at in ((0.0, 0.0), (100.0, 0.0), (0.0, 100.0)):
        x, y = c_int(), c_int()
        pdfium.FPDF_PageToDevice(page.raw, 0, 0, *size, 0, *at, x, y)
        points.append((x.value / _FINE, y.value / _FINE))
    (x0, y0), (x1, y1), (x2, y2) = points
    return Place(width, height, (x1 - x0) / 100, (x2 - x0) / 100, x0, (y1 - y0) / 100, (y2 - y0) / 100, y0)


def turned(box: tuple[float, float, float, float], quarters: int, width: float, height: float) -> Rectangle:
    """Return a rectangle of a page of this size after the page is turned against the clock by so many quarters."""
    left, top, right, bottom = box
    for _ in range(quarters % 4):
        left, top, right, bottom = top, width - right, bottom, width - left
        width, height = height, width
    return Rectangle(left, top, right, bottom)


def on_page(
    box: tuple[float, float, float, float], quarters: int, width: float, height: float, number: int
) -> Box:
    """Return where a rectangle of a page turned by `turned` lies on the page (of this size) as displayed."""
    size = (width, height) if quarters % 2 == 0 else (height, width)
    return Box(number, *turned(box, -quarters, *size))
