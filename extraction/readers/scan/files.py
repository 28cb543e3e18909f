"""Opening image files within limits: their pages as arrays with the size of each in points."""

import io
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps, ImageSequence

from ..errors import UnreadableFileError
from .image import POINTS_PER_INCH


@dataclass(frozen=True, slots=True)
class ScanLimits:
    """What a file of images may ask for: pixels a page, pages, and seconds for all of them.

    80 million pixels are A4 in 900 dpi or A3 in 600 dpi; the longest real reports have 40 pages; a page takes 2 to 8
    seconds.
    """

    pixels: int = 80_000_000
    pages: int = 100
    seconds: float = 900.0


_FORMATS = ("PNG", "JPEG", "TIFF", "BMP", "GIF")
_LONGER_SIDE = 842.0
"""Points: that of A4, where the file does not tell its size."""
_LIKELY_DPI = (100, 1300)
_SMALLEST = 60
_DAMAGE = (OSError, SyntaxError, ValueError, EOFError, OverflowError, struct.error, zlib.error)
"""What Pillow raises at damaged files."""


def open_pages(raw: bytes, limits: ScanLimits) -> Iterator[tuple[NDArray[np.uint8], float, float]]:
    """Yield each page of an image file: its pixels (grey, or blue, green, red), its width and height in points.

    Raises `UnreadableFileError` when the file is damaged, or asks for more than ``limits``.
    """
    try:
        with Image.open(io.BytesIO(raw), formats=_FORMATS) as image:
            several = image.format == "TIFF"
            if several and _has_frame(image, limits.pages):
                raise UnreadableFileError(
                    f"the file has more than {limits.pages} pages; split it, one report a file"
                )
            for number, frame in enumerate(ImageSequence.Iterator(image), 1):
                _check_size(frame.size, number, limits)
                yield _page(frame)
                if not several:
                    return  # the other frames of a GIF are an animation
    except Image.DecompressionBombError:
        raise UnreadableFileError(_too_large("", limits)) from None
    except _DAMAGE as error:
        raise UnreadableFileError(
            f"the image is damaged or cut off and cannot be opened ({error}); copy or scan it again"
        ) from None


def _has_frame(image: Image.Image, index: int) -> bool:
    """Whether the file has so many frames before one more; the others are not counted, which takes time."""
    try:
        image.seek(index)
    except EOFError:
        return False
    finally:
        image.seek(0)
    return True


def _check_size(size: tuple[int, int], number: int, limits: ScanLimits) -> None:
    columns, rows = size
    if columns * rows > limits.pixels:
        raise UnreadableFileError(_too_large(f" ({columns} x {rows} on page {number})", limits))
    if min(columns, rows) < _SMALLEST:
        raise UnreadableFileError(
            f"the image has {columns} x {rows} pixels on page {number}, too few for a page of text"
        )


def _too_large(which: str, limits: ScanLimits) -> str:
    return (
        f"the image has more than the {limits.pixels / 1e6:.0f} million pixels a page may have{which}; "
        "save it in 300 dpi"
    )


def _page(frame: Image.Image) -> tuple[NDArray[np.uint8], float, float]:
    dpi = _dpi(frame)
    image = ImageOps.exif_transpose(frame)
    if image.mode.startswith("I;16") or image.mode in {"I", "F"}:
        deep = np.asarray(image, np.float64)
        pixels = (deep * (255 / max(float(deep.max()), 255.0))).astype(np.uint8)
    elif image.mode in {"1", "L"}:
        pixels = np.asarray(image.convert("L"), np.uint8)
    else:
        pixels = cv2.cvtColor(np.asarray(_on_paper(image), np.uint8), cv2.COLOR_RGB2BGR)
    rows, columns = pixels.shape[:2]
    points = POINTS_PER_INCH / dpi if dpi else _LONGER_SIDE / max(rows, columns)
    return np.asarray(pixels, np.uint8), columns * points, rows * points


def _on_paper(image: Image.Image) -> Image.Image:
    if "A" in image.getbands() or "transparency" in image.info:
        clear = image.convert("RGBA")
        return Image.alpha_composite(Image.new("RGBA", clear.size, "white"), clear).convert("RGB")
    return image.convert("RGB")


def _dpi(image: Image.Image) -> float | None:
    """The resolution the file tells, if it makes a sheet of paper of the image."""
    try:
        across, down = (float(value) for value in image.info.get("dpi", (0, 0)))
    except (TypeError, ValueError, ZeroDivisionError):
        return None
    low, high = _LIKELY_DPI
    return across if low <= across <= high and abs(across - down) < 2 else None
