"""A page of a PDF made ready to be read: upright, with the print it shows and the rules on it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...document import Box
from .characters import Character, PagePrint, read_characters
from .geometry import Place, Rectangle, on_page, place_of, turned
from .pdfium import Handle
from .rules import Drawing, Rule, read_drawing

LARGEST_SIDE = 14400.0
"""Points: the limit of the format itself (ISO 32000-1, annex C), 5 metres."""

_INK_SIDE = 1200
"""Pixels of the longer side of the picture that ink is looked for in."""
_CONTRAST = 24
_FEW = 20
_MOSTLY = 0.5
_SCAN_COVERS = 0.5
"""Of the page; an image that large is the page itself."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page as it is read: the places of characters and rules are those of the page turned upright.

    ``width`` and ``height`` are the page's as displayed; ``turn`` is by how many quarters against the clock it was turned.
    ``recognised`` says that the print is an invisible layer over the page's image, made by another program,
    ``drawn`` that the page holds more than characters; ``pixels`` is the size of its largest image.
    """

    number: int
    width: float
    height: float
    turn: int
    characters: tuple[Character, ...]
    slanted: tuple[Character, ...]
    level: tuple[Rule, ...]
    upright: tuple[Rule, ...]
    is_scan: bool
    recognised: bool
    drawn: bool
    pixels: float

    @property
    def size(self) -> tuple[float, float]:
        """Width and height as read."""
        return (self.width, self.height) if self.turn % 2 == 0 else (self.height, self.width)

    def box(self, edges: Rectangle) -> Box:
        """Return where a rectangle of the page as read lies on the page as displayed."""
        return on_page(edges, self.turn, self.width, self.height, self.number)


def read_sheet(page: Handle, number: int) -> Sheet:
    """Return a pypdfium2 page made ready.

    Raises `ValueError` when it is too large or too much is drawn on it; the message completes "the page ...".
    """
    place = place_of(page)
    if not (0 < place.width <= LARGEST_SIDE and 0 < place.height <= LARGEST_SIDE):
        raise ValueError(f"its size is {place.width:.0f} by {place.height:.0f} points")
    drawing = read_drawing(page, place)
    told = read_characters(page, place, number, drawing.clips)
    is_scan = _is_scan(drawing.images, place)
    shown = told.characters
    recognised = is_scan and len(told.invisible) > len(shown)
    if recognised:
        shown = told.invisible + shown
    elif told.doubtful or drawing.covers:
        shown = _with_ink(page, place, told, drawing.covers)
    turn = Counter(c.turn for c in shown if c.turn >= 0 and c.text.strip()).most_common(1)
    return _sheet(place, number, turn[0][0] if turn else 0, shown, drawing, is_scan, recognised)


def _sheet(
    place: Place,
    number: int,
    turn: int,
    shown: Sequence[Character],
    drawing: Drawing,
    is_scan: bool,
    recognised: bool,
) -> Sheet:
    width, height = place.width, place.height
    level, upright = drawing.level, drawing.upright
    if turn:
        shown = [
            c._replace(
                **turned(c.box[1:], turn, width, height)._asdict(),
                turn=(c.turn - turn) % 4 if c.turn >= 0 else -1,
            )
            for c in shown
        ]
        level, upright = _turned_rules(drawing, turn, width, height)
    return Sheet(
        number,
        width,
        height,
        turn,
        tuple(c for c in shown if c.turn >= 0),
        tuple(c for c in shown if c.turn < 0),
        tuple(level),
        tuple(upright),
        is_scan,
        recognised,
        bool(drawing.images or drawing.strokes),
        drawing.pixels,
    )


def _turned_rules(drawing: Drawing, turn: int, width: float, height: float) -> tuple[list[Rule], list[Rule]]:
    level: list[Rule] = []
    upright: list[Rule] = []
    boxes = [(rule.start, rule.at, rule.end, rule.at) for rule in drawing.level]
    boxes += [(rule.at, rule.start, rule.at, rule.end) for rule in drawing.upright]
    for box in boxes:
        left, top, right, bottom = turned(box, turn, width, height)
        if right - left > bottom - top:
            level.append(Rule(top, left, right))
        else:
            upright.append(Rule(left, top, bottom))
    return level, upright


def _is_scan(images: Sequence[Rectangle], place: Place) -> bool:
    """Whether images cover most of the page."""
    covered = sum(
        max(0.0, min(i.right, place.width) - max(i.left, 0))
        * max(0.0, min(i.bottom, place.height) - max(i.top, 0))
        for i in images
    )
    return covered > _SCAN_COVERS * place.width * place.height


def _with_ink(page: Handle, place: Place, told: PagePrint, covered: bool) -> list[Character]:
    """The characters that are seen on the page as displayed, where white ones, layers or covers make that doubtful.

    A font that the file does not hold may leave no ink where it is not installed either; if most of the print that
    needs no ink seems to have none, the picture proves nothing and only doubtful characters are left out.
    """
    scale = _INK_SIDE / max(place.width, place.height)
    image = page.render(scale=scale, grayscale=True, draw_annots=False).to_numpy()
    edges = _edges(np.asarray(image, np.int16).reshape(image.shape[0], image.shape[1]))

    def seen(character: Character) -> bool:
        return not character.text.strip() or _has_ink(edges, character.box, scale)

    doubtful = [c for c in told.doubtful if seen(c)]
    sure = told.characters
    if covered:
        with_ink = [c for c in sure if seen(c)]
        if len(with_ink) > _MOSTLY * len(sure) or len(sure) < _FEW:
            sure = with_ink
    return sure + doubtful


def _edges(image: NDArray[np.int16]) -> NDArray[np.int32]:
    """Summed area of the pixels that differ from the pixel before them."""
    differs = np.zeros(image.shape, np.int32)
    differs[:, 1:] |= np.abs(np.diff(image, axis=1)) > _CONTRAST
    differs[1:, :] |= np.abs(np.diff(image, axis=0)) > _CONTRAST
    summed = np.zeros((image.shape[0] + 1, image.shape[1] + 1), np.int32)
    summed[1:, 1:] = differs.cumsum(0).cumsum(1)
    return summed


def _has_ink(summed: NDArray[np.int32], box: Box, scale: float) -> bool:
    rows, columns = summed.shape
    left, right = (min(max(round(x * scale), 0), columns - 1) for x in (box.left, box.right))
    top, bottom = (min(max(round(y * scale), 0), rows - 1) for y in (box.top, box.bottom))
    return bool(summed[bottom, right] - summed[top, right] - summed[bottom, left] + summed[top, left])
