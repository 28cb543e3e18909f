"""Images that cannot be read: a clear message, quickly, and without unpacking what is too large."""

import io
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from gongkai.extraction.readers import UnreadableFileError, read_document
from gongkai.extraction.readers.scan import recognition
from gongkai.extraction.readers.scan.files import ScanLimits, open_pages
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image


def saved(image: Image.Image, kind: str, **options: object) -> bytes:
    raw = io.BytesIO()
    image.save(raw, kind, **options)  # type: ignore[arg-type]
    return raw.getvalue()


def refuse(folder: Path, raw: bytes, message: str) -> None:
    path = folder / "scan"
    path.write_bytes(raw)
    with pytest.raises(UnreadableFileError, match=message):
        read_document(path)


def huge_png(side: int) -> bytes:
    """A PNG that says it has so many pixels a side, and holds none."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("side", [10_000, 40_000, 2_000_000_000])
def test_images_of_too_many_pixels_are_refused_unopened(tmp_path: Path, side: int):
    refuse(tmp_path, huge_png(side), "million pixels")


def test_a_truncated_image(tmp_path: Path):
    noise = np.random.default_rng(0).integers(0, 255, (400, 300), np.uint8)
    for kind in ("PNG", "JPEG", "TIFF", "GIF"):
        raw = saved(Image.fromarray(noise), kind)
        refuse(tmp_path, raw[: len(raw) // 3], "damaged or cut off")


def test_a_page_of_noise_a_blank_page_and_a_black_one_hold_no_text(tmp_path: Path):
    random = np.random.default_rng(1)
    for page in (
        random.integers(0, 256, (1200, 900)),
        np.full((1200, 900), 255),
        np.zeros((1200, 900)),
        (random.random((1200, 900)) > 0.5) * 255,
    ):
        refuse(tmp_path, saved(Image.fromarray(page.astype(np.uint8)), "PNG"), "no text was recognised")


def test_a_thumbnail(tmp_path: Path):
    refuse(tmp_path, saved(Image.new("L", (40, 30), 255), "PNG"), "too few")


def test_a_tiff_of_thousands_of_pages_is_refused_before_one_is_read():
    page = Image.new("1", (80, 80), 1)
    raw = saved(page, "TIFF", save_all=True, append_images=[page] * 2000)
    with pytest.raises(UnreadableFileError, match="split it"):
        next(open_pages(raw, ScanLimits()))
    whole = saved(page, "TIFF", save_all=True, append_images=[page])
    assert len(list(open_pages(whole, ScanLimits(pages=2)))) == 2


def test_limits_can_be_changed():
    raw = saved(Image.new("L", (300, 200), 255), "PNG")
    assert len(list(open_pages(raw, ScanLimits(pixels=60_000)))) == 1
    with pytest.raises(UnreadableFileError, match="300 x 200 on page 1"):
        list(open_pages(raw, ScanLimits(pixels=59_999)))


@given(st.sampled_from(["PNG", "JPEG", "TIFF", "BMP", "GIF"]), st.data())
def test_any_damage_gives_pages_or_a_clear_error(kind: str, data: st.DataObject):
    raw = bytearray(saved(Image.new("L", (90, 70), 200), kind))
    for _ in range(data.draw(st.integers(1, 6))):
        raw[data.draw(st.integers(4, len(raw) - 1))] = data.draw(st.integers(0, 255))
    try:
        pages = list(open_pages(bytes(raw), ScanLimits()))
    except UnreadableFileError as error:
        assert str(error)
    else:
        assert all(width > 0 and height > 0 and pixels.size for pixels, width, height in pages)


def test_without_the_recogniser_the_message_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    recognition.recogniser.cache_clear()
    monkeypatch.setattr(recognition, "find_spec", lambda name: None)
    refuse(tmp_path, saved(Image.new("L", (900, 1200), 255), "PNG"), r'pip install "gongkai\[scan\]"')


def test_a_rapidocr_without_its_networks_is_told_and_nothing_is_fetched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    recognition.recogniser.cache_clear()
    monkeypatch.setattr(recognition, "_READER", "another_version.onnx")
    refuse(tmp_path, saved(Image.new("L", (900, 1200), 255), "PNG"), "has no another_version.onnx")
