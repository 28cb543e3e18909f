"""Lines of text on a page put together to paragraphs; running heads, page numbers and stains told apart."""

import re
from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple
from unicodedata import east_asian_width

import numpy as np
from numpy.typing import NDArray

from .image import Edges, PageImage
from .recognition import Recogniser, Sign

_SAME_LINE = 0.5
"""Overlap of two pieces of a line, of the height of the lower one."""
_GAP = 1.5
"""Widest gap inside a line of prose, in heights."""
_COLUMN_GAP = "  "

# In heights of a line.
_INDENT = 1.2
_SHORT = 2.3
_LOOSE = 0.9
_CENTRED = 1.5

_FULL = 12

_FEWEST_LINES = 3
_LARGER, _ALIKE = 1.22, 1.4
_MARGIN = 0.12
"""Share of the page's height in which page numbers stand."""
_PAGE_NUMBER = re.compile(
    r"[\s\-—–一_~·•.]*(?:第?\s*\d{1,3}\s*页?(?:\s*[/共，,]\s*共?\s*\d{1,3}\s*页?)?|[Pp]age\s*\d{1,3})[\s\-—–一_~·•.]*"
)
_STAIN = 0.55
"""Mean certainty below which a line is a stain, a scribble or the rest of a seal."""
_ORDINAL = re.compile(
    r"[一二三四五六七八九十]{1,3}[、.]|[（(][一二三四五六七八九十\d]{1,3}[）)]|\d{1,2}[、.](?!\d)"
)
_WIDTHS = defaultdict(lambda: 0.5, W=1.0, F=1.0, A=1.0)
_ENDS = "。！？；：!?;:"


class TextLine(NamedTuple):
    """A line as printed: its characters with the places of each in pixels; ``edges`` are those of the whole."""

    signs: tuple[Sign, ...]
    places: tuple[Edges, ...]
    edges: Edges

    @property
    def text(self) -> str:
        return "".join(sign.text for sign in self.signs)

    @property
    def height(self) -> float:
        return self.edges[3] - self.edges[1]

    @property
    def size(self) -> float:
        """The room a full-width character takes; steadier than the height of a line, which depends on its strokes."""
        wide = sum(_WIDTHS[east_asian_width(sign.text[0])] for sign in self.signs)
        return (self.edges[2] - self.edges[0]) / max(wide, 1.0)


class Margins(NamedTuple):
    """Where most lines of a page begin and end, their height and size, and the room between two of them."""

    left: float
    right: float
    height: float
    size: float
    gap: float


def read_lines(page: PageImage, boxes: NDArray[np.float32], recogniser: Recogniser) -> list[TextLine]:
    """Return the lines of text in ``boxes`` (left, top, right, bottom in pixels), from the top of the page."""
    pieces: list[TextLine] = []
    for left, top, right, bottom in boxes.tolist():
        crop = page.grey[max(0, int(top)) : int(bottom) + 1, max(0, int(left)) : int(right) + 1]
        if min(crop.shape) < 4:
            continue
        signs = recogniser.read(crop)
        while signs and not signs[0].text.strip():
            del signs[0]
        while signs and not signs[-1].text.strip():
            del signs[-1]
        if signs:
            width = right - left
            places = tuple((left + s.left * width, top, left + s.right * width, bottom) for s in signs)
            pieces.append(TextLine(tuple(signs), places, (left, top, right, bottom)))
    return _joined(pieces)


def is_noise(line: TextLine, page_height: int) -> bool:
    """Whether a line is a page number in the margin, or too unsure to be print."""
    sure = sum(sign.certainty for sign in line.signs) / len(line.signs)
    in_margin = line.edges[3] < _MARGIN * page_height or line.edges[1] > (1 - _MARGIN) * page_height
    return sure < _STAIN or (in_margin and _PAGE_NUMBER.fullmatch(line.text) is not None)


def margins_of(lines: Sequence[TextLine], tables: Sequence[tuple[float, float]]) -> Margins:
    """Return the margins of a page with these lines and these left and right edges of tables."""
    height = float(np.median([line.height for line in lines])) if lines else 1.0
    full = [line for line in lines if line.edges[2] - line.edges[0] > _FULL * height]
    spans = [(line.edges[0], line.edges[2]) for line in full]
    if len(spans) < _FEWEST_LINES:
        spans += [*tables] or [(line.edges[0], line.edges[2]) for line in lines] or [(0.0, 0.0)]
    gaps = [b.edges[1] - a.edges[3] for a, b in pairwise(lines)]
    return Margins(
        sorted(left for left, _ in spans)[len(spans) // 8],
        float(np.quantile([right for _, right in spans], 0.9)),
        height,
        float(np.median([line.size for line in full or lines])) if lines else 1.0,
        float(np.median(gaps)) if gaps else 0.0,
    )


def paragraphs(lines: Sequence[TextLine], margins: Margins) -> list[list[TextLine]]:
    """Return the lines of each paragraph of a stretch of text, in order."""
    told: list[list[TextLine]] = []
    for line in lines:
        if told and _goes_on(told[-1][-1], line, margins):
            told[-1].append(line)
        else:
            told.append([line])
    return told


def _joined(pieces: Sequence[TextLine]) -> list[TextLine]:
    """Pieces side by side put together to lines."""
    lines: list[list[TextLine]] = []
    for piece in sorted(pieces, key=lambda piece: piece.edges[1]):
        for line in reversed(lines[-4:]):
            if _overlap(line[-1], piece) > _SAME_LINE:
                line.append(piece)
                break
        else:
            lines.append([piece])
    return [_one(sorted(line, key=lambda piece: piece.edges[0])) for line in lines]


def _overlap(first: TextLine, second: TextLine) -> float:
    common = min(first.edges[3], second.edges[3]) - max(first.edges[1], second.edges[1])
    return common / max(1.0, min(first.height, second.height))


def _one(pieces: Sequence[TextLine]) -> TextLine:
    signs: list[Sign] = []
    places: list[Edges] = []
    for i, piece in enumerate(pieces):
        if i and piece.edges[0] - pieces[i - 1].edges[2] > _GAP * piece.height:
            left, right = pieces[i - 1].edges[2], piece.edges[0]
            for blank in _COLUMN_GAP:
                signs.append(Sign(blank, 1.0, 0.0, 0.0))
                places.append((left, piece.edges[1], right, piece.edges[3]))
        signs += piece.signs
        places += piece.places
    every = np.array([piece.edges for piece in pieces])
    low, high = every.min(axis=0), every.max(axis=0)
    return TextLine(
        tuple(signs), tuple(places), (float(low[0]), float(low[1]), float(high[2]), float(high[3]))
    )


def _goes_on(before: TextLine, line: TextLine, margins: Margins) -> bool:
    """Whether a line goes on with the paragraph of the line before it."""
    em = margins.height
    if line.edges[1] - before.edges[3] > margins.gap + _LOOSE * em:
        return False
    large = min(line.size, before.size) > _LARGER * margins.size
    alike = 1 / _ALIKE < line.size / before.size < _ALIKE
    if large and alike and _is_centred(before, margins) and _is_centred(line, margins):
        return not _ORDINAL.match(line.text)
    if line.edges[0] > margins.left + _INDENT * em or before.edges[2] < margins.right - _SHORT * em:
        return False
    return not (before.text[-1] in _ENDS and _ORDINAL.match(line.text))


def _is_centred(line: TextLine, margins: Margins) -> bool:
    middle = (line.edges[0] + line.edges[2]) / 2
    return abs(middle - (margins.left + margins.right) / 2) < _CENTRED * margins.height
