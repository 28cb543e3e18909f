"""Scans of printed pages: the pages of a PDF as images, set askew, grainy, blurred and packed as JPEG."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pypdfium2
from numpy.typing import NDArray
from PIL import Image

Grey = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Wear:
    """What a scanner does to a page.

    ``skew``: degrees to either side at most. ``noise``: standard deviation of the grain, of 255. ``blur``: standard
    deviation in pixels at 200 dpi. ``quality`` of JPEG. ``shade``: share of the light that is lost at the darkest edge.
    """

    name: str
    skew: float
    noise: float
    blur: float
    quality: int
    shade: float


USUAL = Wear("usual", 1.5, 8, 0.5, 50, 0.1)
POOR = Wear("poor", 3.0, 18, 0.8, 35, 0.25)


def write_scan(pdf: Path, dpi: int, wear: Wear, seed: int, path: Path) -> None:
    """Write the pages of a PDF as a PDF of images, the same ones for the same ``seed``."""
    random = np.random.default_rng(seed)
    images = [Image.fromarray(_worn(page, dpi, wear, random)) for page in _pages(pdf, dpi)]
    images[0].save(path, "PDF", save_all=True, append_images=images[1:], resolution=dpi, quality=wear.quality)


def _pages(pdf: Path, dpi: int) -> Iterator[Grey]:
    with pypdfium2.PdfDocument(pdf) as document:
        page: Any
        for page in document:
            yield np.asarray(page.render(scale=dpi / 72, grayscale=True).to_numpy(), np.uint8).squeeze()


def _worn(page: Grey, dpi: int, wear: Wear, random: np.random.Generator) -> Grey:
    rows, columns = page.shape
    turn = cv2.getRotationMatrix2D((columns / 2, rows / 2), random.uniform(-wear.skew, wear.skew), 1)
    tilted = cv2.warpAffine(page, turn, (columns, rows), flags=cv2.INTER_CUBIC, borderValue=(255, 255, 255))
    blurred = np.asarray(cv2.GaussianBlur(tilted, (0, 0), wear.blur * dpi / 200), np.float32)
    across = np.linspace(1.0, 1 - wear.shade, columns, dtype=np.float32)
    across = across if random.random() < 0.5 else across[::-1]
    grain = random.normal(0, wear.noise, page.shape).astype(np.float32)
    return np.clip(blurred * 0.94 * across + 8 + grain, 0, 255).astype(np.uint8)
