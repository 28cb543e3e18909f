"""The picture of a page: of a PDF as pdfium shows it, of a scan as it was scanned."""

from dataclasses import dataclass
from itertools import islice

import numpy as np
from PIL import Image

from ..extraction.document import Page
from ..extraction.readers.kinds import kind_of
from ..extraction.readers.pdf.file import LIMITS as PDF_LIMITS
from ..extraction.readers.pdf.opening import open_pdf
from ..extraction.readers.pdf.pdfium import LOCK, Handle

_DOTS_PER_INCH = 150
_LONGEST_SIDE = 4000
_POINTS_PER_INCH = 72


@dataclass(frozen=True, slots=True)
class Picture:
    """The picture of a page in colours; ``scale`` is in pixels a point."""

    image: Image.Image
    scale: float


def picture_of(raw: bytes, page: Page) -> Picture:
    """Return the picture of a page of the PDF or image file ``raw``, which has been read before.

    Raises `UnreadableFileError` when it cannot be opened.
    """
    scale = min(_DOTS_PER_INCH / _POINTS_PER_INCH, _LONGEST_SIDE / max(page.width, page.height))
    size = (max(1, round(page.width * scale)), max(1, round(page.height * scale)))
    image = _of_pdf(raw, page.number, scale) if kind_of(raw) == "pdf" else _of_scan(raw, page.number)
    return Picture(image.convert("RGB").resize(size, Image.Resampling.LANCZOS), scale)


def _of_pdf(raw: bytes, number: int, scale: float) -> Image.Image:
    with LOCK:
        document: Handle = open_pdf(raw, PDF_LIMITS)
        try:
            return document[number - 1].render(scale=scale, draw_annots=False).to_pil()
        finally:
            document.close()


def _of_scan(raw: bytes, number: int) -> Image.Image:
    from ..extraction.readers.scan.file import LIMITS  # noqa: PLC0415  # only there when the extra is
    from ..extraction.readers.scan.files import open_pages  # noqa: PLC0415

    pixels, _, _ = next(islice(open_pages(raw, LIMITS), number - 1, None))
    return Image.fromarray(np.ascontiguousarray(pixels[..., ::-1]) if pixels.ndim == 3 else pixels)
