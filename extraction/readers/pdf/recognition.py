"""Pages of a PDF that have to be recognised from their image: which, and by what."""

from collections.abc import Callable, Sequence
from functools import cache
from importlib import import_module
from typing import cast

import numpy as np
from numpy.typing import NDArray

from ..assemble import Part
from .characters import Character
from .pdfium import Handle
from .sheet import Sheet

RecognisePage = Callable[[NDArray[np.uint8], int, float, float], Sequence[Part]]
"""Takes a page's image (blue, green, red), its number, and its width and height in points."""

REMEDY = 'pip install "gongkai[scan]" reads it'

_STAMP = 30
"""Characters; a scanned page may have so many printed on it by the scanner or the office."""
_FEWEST = 20
_PLAUSIBLE = 0.7
_MOST_UNTOLD = 0.02
_DPI = (150, 300)
_USUAL_DPI = 200
_LONGEST_SIDE = 6000
_PUNCTUATION = frozenset(
    "，。、；：！？“”‘’（）《》〈〉【】〔〕「」『』—…·～％＋－／＝×○●□■◆★①②③④⑤⑥⑦⑧⑨⑩,.;:!?\"'()[]%+-/=<>&@#*_|~•"
)


def fault_of(sheet: Sheet) -> str | None:
    """Return why the text of a page cannot be used, None where it can or where the page is empty."""
    printed = [c for c in sheet.characters if c.text.strip()]
    if not printed:
        return "it has no text, only an image" if sheet.drawn else None
    if sheet.recognised:
        return "it is a scan whose text another program recognised"
    if sheet.is_scan and len(printed) < _STAMP:
        return "it is a scan"
    untold = sum(not c.told for c in printed)
    if untold > max(2, _MOST_UNTOLD * len(printed)):
        return f"its fonts do not tell which characters {untold} of its {len(printed)} signs are"
    if len(printed) >= _FEWEST and sum(_is_plausible(c) for c in printed) < _PLAUSIBLE * len(printed):
        return "its text is garbled: the fonts tell wrong characters"
    return None


def is_readable(sheet: Sheet) -> bool:
    """Whether a page with a fault has text that is better than none."""
    printed = [c for c in sheet.characters if c.text.strip()]
    good = sum(c.told and _is_plausible(c) for c in printed)
    return good >= _PLAUSIBLE * len(printed) and len(printed) > 0


def page_recogniser() -> RecognisePage | None:
    """Return what recognises a page, None where the extra ``scan`` is not installed."""
    try:
        return cast(RecognisePage, import_module("..scan.file", __package__).recognise_page)
    except ImportError:
        return None


def image_of(page: Handle, sheet: Sheet) -> NDArray[np.uint8]:
    """Return the image of a pypdfium2 page, as fine as its largest image is but within reason."""
    area = sheet.width * sheet.height / 72**2
    dpi = min(max((sheet.pixels / area) ** 0.5, _DPI[0]), _DPI[1]) if sheet.is_scan else _USUAL_DPI
    scale = min(dpi / 72, _LONGEST_SIDE / max(sheet.width, sheet.height))
    return np.asarray(page.render(scale=scale, draw_annots=False).to_numpy(), np.uint8)[..., :3]


def _is_plausible(character: Character) -> bool:
    text = character.text
    return (text.isascii() and text.isalnum()) or text in _PUNCTUATION or _is_common(text)


@cache
def _is_common(character: str) -> bool:
    """Whether a character is one of the common hanzi, simplified or traditional, or a form of one, or full-width."""
    if (
        "\uff01" <= character <= "\uff5e"
        or "\u2e80" <= character <= "\u2fdf"
        or "\u3000" <= character <= "\u3029"
    ):
        return True
    simplified = character.encode("gb2312", "ignore")
    traditional = character.encode("big5", "ignore")
    return (len(simplified) == 2 and 0xB0 <= simplified[0] <= 0xD7) or (
        len(traditional) == 2 and 0xA4 <= traditional[0] <= 0xC6
    )
