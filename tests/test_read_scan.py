"""Scanned pages give the record that the text would, whichever way the paper lay."""

import io
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
from gongkai.annotations.scheme import scheme
from gongkai.extraction.components import RULES
from gongkai.extraction.document import Document
from gongkai.extraction.pipeline import extract_document
from gongkai.extraction.readers import read_document
from gongkai.extraction.tables import check_tables, read_tables
from numpy.typing import NDArray
from PIL import Image

Pixels = NDArray[np.uint8]
FIGURES = {
    "rules.issued": 0, "rules.repealed": 0, "rules.in_force": 0, "normative.issued": 4, "normative.repealed": 2,
    "normative.in_force": 27, "licensing.decisions": 1263418, "penalties.decisions": 872560, "coercion.decisions": 3214,
    "fees.amount": 41276000,
}  # fmt: skip
PARAGRAPH = "全年通过“云岭公安”门户网站发布各类政府信息1286条"


@pytest.fixture(scope="module")
def page() -> Pixels:
    return pixels("scanned_page.png")


@pytest.fixture(scope="module")
def table() -> Pixels:
    return pixels("scanned_table.png")


def pixels(name: str) -> Pixels:
    path = Path(__file__).parent / "data" / "formats" / name
    return np.asarray(Image.open(path).convert("L"), np.uint8)


def read(folder: Path, *pages: Pixels, kind: str = "PNG", dpi: int = 150) -> Document:
    images = [Image.fromarray(p[..., ::-1] if p.ndim == 3 else p) for p in pages]
    path = folder / f"scan.{kind.lower()}"
    more = {"save_all": True, "append_images": images[1:]} if len(images) > 1 else {}
    images[0].save(path, kind, dpi=(dpi, dpi), **({"quality": 40} if kind == "JPEG" else {}), **more)
    return read_document(path)


def figures(document: Document) -> dict[str, object]:
    told = extract_document(document, RULES).statistics
    return {name: told[f"disclosure.{name}"].value for name in FIGURES}


def spoiled(page: Pixels) -> Pixels:
    """Tilted by three degrees, grainy, and with a red seal over the table."""
    rows, columns = page.shape
    matrix = cv2.getRotationMatrix2D((columns / 2, rows / 2), 3, 1)
    tilted = cv2.warpAffine(page, matrix, (columns, rows), borderValue=(255, 255, 255))
    grain = np.random.default_rng(1).normal(0, 8, tilted.shape)
    grey = np.clip(tilted + grain, 0, 255).astype(np.uint8)
    colour = np.repeat(grey[..., None], 3, axis=2)
    seal = np.full_like(colour, 255)
    cv2.circle(seal, (600, 760), 120, (60, 60, 230), 5)
    return np.minimum(colour, seal)


TURNS: dict[str, Callable[[Pixels], Pixels]] = {
    "upright": lambda page: page,
    "on its left side": lambda page: np.rot90(page, 1),
    "upside down": lambda page: np.rot90(page, 2),
    "on its right side": lambda page: np.rot90(page, 3),
    "tilted, grainy and sealed": spoiled,
}


@pytest.mark.parametrize("way", TURNS)
def test_a_page_is_read_whichever_way_it_lies(tmp_path: Path, page: Pixels, way: str):
    document = read(tmp_path, np.ascontiguousarray(TURNS[way](page)), kind="JPEG")
    assert figures(document) == FIGURES
    text = document.text.replace('"', "“")
    assert text.startswith("云岭市公安局2022年政府信息公开工作年度报告\n一、总体情况\n")
    assert "信息1286条" in text
    assert document.blocks[-1].noise  # the page number
    assert document.pages[0].scanned


def test_every_figure_tells_where_it_is_printed_even_on_a_page_upside_down(tmp_path: Path, page: Pixels):
    upright = read(tmp_path, page)
    turned = read(tmp_path, np.ascontiguousarray(np.rot90(page, 2)))
    (width, height) = upright.pages[0].width, upright.pages[0].height
    for number in ("1263418", "872560"):
        (box,) = upright.boxes(at := upright.text.index(number), at + len(number))
        (other,) = turned.boxes(at := turned.text.index(number), at + len(number))
        assert (box.left, box.top) == pytest.approx((width - other.right, height - other.bottom), abs=4)
        x, y = (round(value * 150 / 72) for value in ((box.left + box.right) / 2, (box.top + box.bottom) / 2))
        assert page[y - 12 : y + 12, x - 30 : x + 30].min() < 100  # ink is there
        assert 8 < box.right - box.left < 60


def test_the_small_print_of_the_table_of_requests_is_read_cell_by_cell(tmp_path: Path, table: Pixels):
    told = read_tables(read(tmp_path, table, dpi=200), ()).cells
    cells = {cell.id: cell for cell in told if cell.id.startswith("applications.")}
    assert set(cells) == set(scheme().tables["applications"])
    assert {cell.status for cell in cells.values()} == {"read"}  # the very last figure as well
    assert cells["applications.refused.enforcement_file.total"].value == 5  # printed in pieces
    assert cells["applications.new.natural"].value == 46
    assert cells["applications.total.total"].value == 54
    assert all(check.outcome != "fail" for check in check_tables(told))


def test_cells_without_ink_are_blank_and_cells_of_scribble_are_not(tmp_path: Path, page: Pixels):
    spoilt = page.copy()
    document = read(tmp_path, page)
    for number, paint in (("27", 255), ("3214", 0)):
        (box,) = document.boxes(at := document.text.index(f"\t{number}") + 1, at + len(number))
        left, top, right, bottom = (round(value * 150 / 72) for value in box[1:])
        spoilt[top - 2 : bottom + 2, left - 2 : right + 2] = 255
        if not paint:
            scribble = np.random.default_rng(5).integers(0, 2, (5, (right - left) // 4)) * 255
            size = (right - left, bottom - top)
            spoilt[top:bottom, left:right] = cv2.resize(
                scribble.astype(np.uint8), size, interpolation=cv2.INTER_NEAREST
            )
    told = extract_document(read(tmp_path, spoilt), RULES).statistics
    assert told["disclosure.normative.in_force"].status == "blank"
    assert told["disclosure.coercion.decisions"].status == "unreadable"
    assert told["disclosure.penalties.decisions"].value == 872560


def test_the_pages_of_a_tiff_are_one_report(tmp_path: Path, page: Pixels, table: Pixels):
    small = np.asarray(cv2.resize(table, page.shape[::-1], interpolation=cv2.INTER_AREA), np.uint8)
    document = read(tmp_path, page, small, kind="TIFF")
    assert [p.number for p in document.pages] == [1, 2]
    told = extract_document(document, RULES)
    assert told.report.pages == 2
    assert told.statistics["disclosure.licensing.decisions"].places[0].page == 1
    assert told.statistics["applications.new.natural"].places[0].page == 2


def test_sixteen_bits_transparency_and_palettes_are_read_alike(tmp_path: Path, page: Pixels):
    clear = Image.fromarray(np.dstack([np.zeros((*page.shape, 3), np.uint8), 255 - page]), "RGBA")
    deep = Image.fromarray(page.astype(np.uint16) * 257)
    for name, image in (("clear.png", clear), ("deep.png", deep), ("palette.gif", Image.fromarray(page))):
        image.save(tmp_path / name)
        assert figures(read_document(tmp_path / name)) == FIGURES


def test_a_scan_inside_a_pdf_is_read_and_its_cells_can_be_looked_at_again(tmp_path: Path, page: Pixels):
    path = tmp_path / "scan.pdf"
    Image.fromarray(page).save(path, resolution=150)
    document = read_document(path)
    assert document.reader == "scan"
    assert figures(document) == FIGURES
    cells = [cell for cell in document.grids[0].cells if document.text[cell.start : cell.end].isdigit()]
    assert document.reread is not None
    seen = document.reread([cell.box for cell in cells if cell.box])
    assert [told[0].text for told in seen] == [document.text[cell.start : cell.end] for cell in cells]


def test_bytes_say_what_the_file_is_not_its_name(tmp_path: Path, page: Pixels):
    raw = io.BytesIO()
    Image.fromarray(page).save(raw, "BMP")
    path = tmp_path / "report.txt"
    path.write_bytes(raw.getvalue())
    assert read_document(path).reader == "scan"
