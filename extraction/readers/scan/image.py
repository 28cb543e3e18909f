"""The image of a page made ready for recognition: no seals, even paper, set straight, and the way back to the page."""

from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

Grey = NDArray[np.uint8]
"""``[rows, columns]``: 0 black, 255 paper; in masks 255 is set."""
Affine = NDArray[np.float64]
"""``[2, 3]``: maps ``(x, y, 1)``."""
Edges = tuple[float, float, float, float]
"""Left, top, right, bottom."""

POINTS_PER_INCH = 72
FINEST = 300
"""Dots per inch; finer scans are reduced to this, which the recogniser reads as well."""
COARSEST = 130
"""Coarser scans are enlarged to this, so that rules and digits are wider than the noise."""

_LONGEST_SIDE = 6000
_REDNESS = 40
_SEAL = (80, 200)
"""Red light that black print sends back at most, and that a seal on paper sends back at least."""
_DARKEST_PAPER, _LIGHTEST_INK = 190, 100
_GRAINY = 24.0
_NORMAL_QUANTILE = 1.81
"""Four fifths of the differences between values of standard deviation 1 are smaller."""
_SMOOTHING, _SMOOTHEST = 0.05, 1.2
"""Pixels for each grey value of noise, and at most."""
_FULL_CONTRAST = 0.6
_FAINTEST = 0.4
"""Of full contrast; fainter print is not made darker than this allows."""
_MOST_INK = 0.3
"""Of a page; a page of text and tables has less than 0.15."""
_SKEW_REACH = 8.0
"""Degrees to either side."""
_SKEW_SIDE = 900
_STRAIGHT = 0.04


@dataclass(frozen=True, slots=True)
class PageImage:
    """A page's image set straight. ``ink`` marks what is printed, ``to_page`` leads from its pixels to points."""

    grey: Grey
    ink: Grey
    dpi: float
    to_page: Affine

    def edges_on_page(self, edges: Edges) -> Edges:
        """Return the rectangle around ``edges`` (pixels) on the page, in points."""
        left, top, right, bottom = edges
        corners = np.array([(left, top, 1), (right, top, 1), (left, bottom, 1), (right, bottom, 1)])
        x, y = self.to_page @ corners.T
        return float(x.min()), float(y.min()), float(x.max()), float(y.max())

    @property
    def is_noise(self) -> bool:
        """Whether more is dark than any print makes dark."""
        return float(np.count_nonzero(self.ink)) > _MOST_INK * self.ink.size


def prepare(image: NDArray[np.uint8], width: float, height: float, *, finest: float = FINEST) -> PageImage:
    """Return a page's image (grey, or blue, green, red) without red seals, evened out and set straight.

    ``width`` and ``height`` are the page's size in points; what is finer than ``finest`` dots per inch is reduced. A tilt of up to 8 degrees is taken out; whether the page
    lies on its side is not looked at.
    """
    grey = _without_red(image) if image.ndim == 3 else image
    rows, columns = grey.shape
    native = POINTS_PER_INCH * columns / width
    wanted = min(max(native, COARSEST), finest, native * _LONGEST_SIDE / max(rows, columns))
    if abs(wanted - native) > 1:
        size = (max(1, round(columns * wanted / native)), max(1, round(rows * wanted / native)))
        grey = np.asarray(
            cv2.resize(grey, size, interpolation=cv2.INTER_AREA if wanted < native else cv2.INTER_CUBIC),
            np.uint8,
        )
    to_page = np.array([[width / grey.shape[1], 0, 0], [0, height / grey.shape[0], 0]], np.float64)
    flat = _even(grey)
    page = PageImage(flat, _ink(flat), POINTS_PER_INCH * grey.shape[1] / width, to_page)
    if page.is_noise:
        return page
    angle = _skew(page.ink)
    return _rotated(page, angle) if abs(angle) > _STRAIGHT else page


def scaled(edges: Edges, scale: float) -> Edges:
    """Return ``edges`` in units so many times smaller."""
    left, top, right, bottom = edges
    return left * scale, top * scale, right * scale, bottom * scale


def turned(page: PageImage, quarters: int) -> PageImage:
    """Return the page turned against the clock by so many quarters."""
    rows, columns = page.grey.shape
    back: Affine = np.eye(3)
    for _ in range(quarters % 4):
        # A point (x, y) of the turned image was at (columns - y, x).
        back = back @ np.array([[0, -1, columns], [1, 0, 0], [0, 0, 1]], np.float64)
        rows, columns = columns, rows
    return replace(
        page,
        grey=np.ascontiguousarray(np.rot90(page.grey, quarters)),
        ink=np.ascontiguousarray(np.rot90(page.ink, quarters)),
        to_page=page.to_page @ back,
    )


def _without_red(image: NDArray[np.uint8]) -> Grey:
    """Grey values in which red print (seals, red heads) is as light as paper."""
    blue, green, red = (image[..., channel] for channel in range(3))
    others = np.maximum(blue, green)
    is_red = (red > np.minimum(others, 255 - _REDNESS) + _REDNESS).astype(np.uint8)
    near = cv2.dilate(is_red, np.ones((5, 5), np.uint8)) > 0
    grey = np.asarray(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), np.uint8)
    low, high = _SEAL
    without = np.clip((red.astype(np.float32) - low) * (255 / (high - low)), 0, 255).astype(np.uint8)
    return np.where(near, np.maximum(without, grey), grey)


def _even(grey: Grey) -> Grey:
    """The image with its paper made evenly white, shadows and all."""
    rows, columns = grey.shape
    small = cv2.resize(grey, (max(1, columns // 8), max(1, rows // 8)), interpolation=cv2.INTER_AREA)
    paper = cv2.GaussianBlur(cv2.dilate(small, np.ones((9, 9), np.uint8)), (0, 0), 6)
    paper = np.maximum(np.asarray(cv2.resize(paper, (columns, rows)), np.float32), 64)
    flat = np.clip(grey * (255 / paper), 0, 255).astype(np.uint8)
    contrast = 1 - float(np.quantile(cv2.GaussianBlur(flat[::2], (0, 0), 1), 0.005)) / 255
    if contrast >= _FULL_CONTRAST:
        return flat
    gain = 1 / max(contrast, _FAINTEST)
    return np.clip(255 - (255 - flat.astype(np.float32)) * gain, 0, 255).astype(np.uint8)


def _ink(grey: Grey) -> Grey:
    grain = _grain(grey)
    smooth = grey
    if grain > _GRAINY:
        smooth = cv2.GaussianBlur(grey, (0, 0), min(grain * _SMOOTHING, _SMOOTHEST))
    threshold, _ = cv2.threshold(smooth, 0, 255, cv2.THRESH_BINARY_INV + cv2.THRESH_OTSU)
    threshold = min(max(threshold, _LIGHTEST_INK), _DARKEST_PAPER)
    return np.asarray(cv2.threshold(smooth, threshold, 255, cv2.THRESH_BINARY_INV)[1], np.uint8)


def _grain(grey: Grey) -> float:
    """The standard deviation of the noise: by how much neighbouring pixels differ, four fifths of them less."""
    step = np.abs(np.diff(grey[::7].astype(np.int16), axis=1))
    return float(np.quantile(step, 0.8)) / _NORMAL_QUANTILE if step.size else 0.0


def _skew(ink: Grey) -> float:
    """By how many degrees the print is turned against the clock: where its rows (or columns) stand out most."""
    scale = min(1.0, _SKEW_SIDE / max(ink.shape))
    small = np.asarray(cv2.resize(ink, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.float32)
    best = 0.0
    for reach, step in ((_SKEW_REACH, 0.5), (0.5, 0.1), (0.1, 0.02)):
        angles = np.arange(best - reach, best + reach + step / 2, step)
        scores = [_sharpness(small, angle) for angle in angles]
        best = float(angles[int(np.argmax(scores))])
    return best


def _sharpness(ink: NDArray[np.float32], angle: float) -> float:
    rows, columns = ink.shape
    matrix = cv2.getRotationMatrix2D((columns / 2, rows / 2), -angle, 1)
    straight = np.asarray(cv2.warpAffine(ink, matrix, (columns, rows), flags=cv2.INTER_LINEAR))
    return max(float(np.square(np.diff(straight.sum(axis))).sum()) for axis in (0, 1))


def _rotated(page: PageImage, angle: float) -> PageImage:
    """The page turned with the clock by so many degrees, on paper that holds all of it."""
    rows, columns = page.grey.shape
    matrix = np.asarray(cv2.getRotationMatrix2D((columns / 2, rows / 2), -angle, 1), np.float64)
    size = np.abs(matrix[:, :2]) @ np.array([columns, rows])
    matrix[:, 2] += (size - np.array([columns, rows])) / 2
    target = (round(float(size[0])), round(float(size[1])))
    grey = np.asarray(
        cv2.warpAffine(page.grey, matrix, target, flags=cv2.INTER_CUBIC, borderValue=(255, 255, 255)),
        np.uint8,
    )
    back = np.linalg.inv(np.vstack([matrix, [0, 0, 1]]))
    return replace(page, grey=grey, ink=_ink(grey), to_page=page.to_page @ back)
