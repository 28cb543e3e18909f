"""A second, closer look at single cells of a scan: at a higher resolution, in several frames and treatments."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

import cv2
import numpy as np
from numpy.typing import NDArray

from ...document import Box, Candidate, Reread
from .cells import CellImage, cut_cells, digit_pieces, framed_reading, is_blank, line_height, lines_of
from .image import POINTS_PER_INCH, Edges, Grey, prepare, scaled
from .lines import find_rules, find_tables
from .orientation import set_upright
from .recognition import Recogniser, recogniser

ImageOf = Callable[[int], tuple[NDArray[np.uint8], float, float]]
"""Takes a page's number; returns its image as for `recognise_page`, its width and height in points."""

_FINEST = 450
"""Dots per inch: half as fine again as at first sight."""
_FRAMES = ((0.1, 0.25), (0.22, 0.5), (0.4, 0.8))
_SAME_CELL = 0.6
"""Common area of two outlines of a cell, of the area of both."""
_DOUBTED = 0.5


def rereader(image_of: ImageOf) -> Reread:
    """Return what reads single cells of the pages again; `Document.reread` has it."""

    @lru_cache(maxsize=1)
    def page_of(number: int) -> _Page:
        return _open(image_of(number), recogniser())

    def reread(boxes: Sequence[Box]) -> Sequence[Sequence[Candidate]]:
        found: dict[Box, Sequence[Candidate]] = {}
        for box in sorted(set(boxes)):
            found[box] = page_of(box.page).candidates(box, recogniser())
        return [found[box] for box in boxes]

    return reread


@dataclass(frozen=True, slots=True)
class _Page:
    """The cells of a page: where each lies on it in points, and its image; the height of a line in them."""

    outlines: Sequence[Edges]
    images: Sequence[CellImage]
    height: float

    def candidates(self, box: Box, reader: Recogniser) -> Sequence[Candidate]:
        shared = [_shared(box[1:], outline) for outline in self.outlines]
        best = int(np.argmax(shared)) if shared else -1
        return (
            _candidates(self.images[best], self.height, reader)
            if best >= 0 and shared[best] > _SAME_CELL
            else ()
        )


def _open(page: tuple[NDArray[np.uint8], float, float], reader: Recogniser) -> _Page:
    straight, _ = set_upright(prepare(*page, finest=_FINEST), reader)
    level, upright = find_rules(straight)
    cells = [cell for table in find_tables(level, upright, straight.dpi) for cell in table.cells]
    scale = straight.dpi / POINTS_PER_INCH
    outlines = [straight.edges_on_page(scaled(cell.edges, scale)) for cell in cells]
    images = cut_cells(straight, level | upright, cells)
    return _Page(outlines, images, line_height(images))


def _shared(one: Edges, other: Edges) -> float:
    width = min(one[2], other[2]) - max(one[0], other[0])
    height = min(one[3], other[3]) - max(one[1], other[1])
    if width <= 0 or height <= 0:
        return 0.0
    both = sum((right - left) * (bottom - top) for left, top, right, bottom in (one, other))
    return width * height / (both - width * height)


def _candidates(cell: CellImage, height: float, reader: Recogniser) -> Sequence[Candidate]:
    """What a cell of one line may print, by the mean certainty of all looks at it, the likeliest first."""
    if is_blank(cell):
        return [Candidate("", 1.0)]
    lines = lines_of(cell.ink, height)
    if len(lines) != 1:
        return []
    (top, bottom), columns = lines[0], np.flatnonzero(cell.ink.any(axis=0))
    place = (int(columns[0]), top, int(columns[-1]) + 1, bottom)
    looks = list(product(_treatments(cell.grey), _FRAMES))
    votes: defaultdict[str, float] = defaultdict(float)
    for grey, frame in looks:
        signs = framed_reading(grey, place, frame, reader)
        votes["".join(sign.text for sign in signs)] += min((sign.certainty for sign in signs), default=0.0)
    pieces = digit_pieces(cell.ink[top:bottom, place[0] : place[2]])
    ranked = sorted(votes.items(), key=lambda vote: -vote[1])
    told = [Candidate(text, vote / len(looks)) for text, vote in ranked if text]
    return [
        candidate._replace(certainty=min(candidate.certainty, _DOUBTED))
        if pieces > len(candidate.text)
        else candidate
        for candidate in told
    ]


def _treatments(grey: Grey) -> list[Grey]:
    """The cell as it is, smoothed, and sharpened."""
    smooth = np.asarray(cv2.GaussianBlur(grey, (0, 0), 1.0), np.uint8)
    sharp = np.asarray(cv2.addWeighted(grey, 2.0, smooth, -1.0, 0), np.uint8)
    return [grey, smooth, sharp]
