"""What a file may demand: the limits as `docs/limits.md` tells them, and as a user changes them."""

import io
from pathlib import Path

import pytest
from gongkai.extraction.batch.settings import Settings, limits_of
from gongkai.extraction.readers import Limits, UnreadableFileError, read_document
from gongkai.extraction.readers.choose import MAX_BYTES
from gongkai.extraction.readers.html.parse import MOST_LEVELS, MOST_TAGS
from gongkai.extraction.readers.pdf.file import LIMITS as PDF
from gongkai.extraction.readers.scan.file import LIMITS as SCAN
from gongkai.extraction.readers.word import ooxml, soffice
from PIL import Image

from .pdf_pages import pdf, put

GUIDE = (Path(__file__).parents[1] / "docs" / "limits.md").read_text("utf-8")


@pytest.mark.parametrize(
    "told",
    [
        f"| time | {Settings().time_limit:g} s |",
        f"| memory, with the programs started for it | {Settings().memory_limit:,} MB |",
        f"| size of the file | {MAX_BYTES >> 20} MiB |",
        f"| pages | {PDF.pages} | {SCAN.pages} |",
        f"| pixels of an image | {PDF.pixels // 1_000_000} million | {SCAN.pixels // 1_000_000} million a page |",
        f"| seconds for all pages | {PDF.seconds:g} | {SCAN.seconds:g} |",
        f"{PDF.stream >> 20} MiB a stream and {PDF.unpacked >> 20} MiB all streams unpacked",
        f"{MOST_TAGS:,} tags; {MOST_LEVELS:,} elements inside each other",
        f"{ooxml.MAX_MEMBERS:,} parts; {ooxml.MAX_PART_BYTES >> 20} MiB a part",
        f"{soffice.TIME_LIMIT:g} s and {soffice.MEMORY_LIMIT >> 30} GiB",
    ],
)
def test_the_guide_tells_the_limits_that_hold(told: str):
    assert told in GUIDE


@pytest.fixture
def report(tmp_path: Path) -> Path:
    path = tmp_path / "report.pdf"
    path.write_bytes(pdf(*[lambda canvas: put(canvas, 90, 100, "政府信息公开工作年度报告")] * 3))
    return path


def test_pages_and_size_can_be_limited_otherwise(report: Path):
    size = report.stat().st_size
    assert len(read_document(report, Limits(pages=3, size=size)).pages) == 3
    with pytest.raises(UnreadableFileError, match="3 pages, more than the 2"):
        read_document(report, Limits(pages=2))
    with pytest.raises(UnreadableFileError, match="more than the"):
        read_document(report, Limits(size=size - 1))


def test_pages_for_which_no_time_is_left_are_told(report: Path):
    with pytest.raises(UnreadableFileError, match="no time left"):
        read_document(report, Limits(seconds=-1))


def test_pixels_can_be_limited_otherwise(tmp_path: Path):
    image = io.BytesIO()
    Image.new("L", (300, 400), 255).save(image, "PNG")
    path = tmp_path / "scan.png"
    path.write_bytes(image.getvalue())
    with pytest.raises(UnreadableFileError, match="million pixels"):
        read_document(path, Limits(pixels=100_000))


def test_the_time_for_pages_follows_the_time_limit_of_a_batch():
    seconds = limits_of(Settings(time_limit=3600)).seconds
    assert seconds is not None
    assert PDF.seconds < SCAN.seconds < seconds < 3600
