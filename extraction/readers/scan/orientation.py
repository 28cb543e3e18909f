"""Which way up a page stands, told by its lines of text."""

import numpy as np
from numpy.typing import NDArray

from .image import PageImage, turned
from .recognition import Recogniser
from .text import read_lines

_TALL = 1.5
_TRIED_LINES = 3
_UPRIGHT = 0.85
"""Mean certainty of lines that stand upright; upside down it stays below 0.7."""


def set_upright(page: PageImage, reader: Recogniser) -> tuple[PageImage, NDArray[np.float32]]:
    """Return the page with its lines level and not upside down, and the boxes of its lines in pixels."""
    boxes = reader.detect(page.grey)
    widths, heights = boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1]
    if (widths * heights)[heights > _TALL * widths].sum() > (widths * heights)[
        widths > _TALL * heights
    ].sum():
        page = turned(page, 1)
        boxes = reader.detect(page.grey)
    if not len(boxes):
        return page, boxes
    longest = boxes[np.argsort(boxes[:, 0] - boxes[:, 2])[:_TRIED_LINES]]
    sure = _certainty(page, longest, reader)
    if sure < _UPRIGHT:
        over = turned(page, 2)
        rows, columns = page.grey.shape
        if _certainty(over, _turned_over(longest, rows, columns), reader) > sure:
            return over, _turned_over(boxes, rows, columns)
    return page, boxes


def _turned_over(boxes: NDArray[np.float32], rows: int, columns: int) -> NDArray[np.float32]:
    left, top, right, bottom = boxes.T
    return np.stack([columns - right, rows - bottom, columns - left, rows - top], axis=1)


def _certainty(page: PageImage, boxes: NDArray[np.float32], reader: Recogniser) -> float:
    signs = [sign for line in read_lines(page, boxes, reader) for sign in line.signs]
    return sum(sign.certainty for sign in signs) / len(signs) if signs else 0.0
