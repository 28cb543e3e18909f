"""Records put back on the text they were read from."""

from pathlib import Path

import numpy as np
import pytest
from gongkai.extraction.components import RULES
from gongkai.extraction.document import UNREAD
from gongkai.extraction.labelling import labelled_record, reread
from gongkai.extraction.pipeline import extract
from gongkai.extraction.readers import UnreadableFileError
from PIL import Image

SCAN = Path(__file__).parent / "data" / "formats" / "scanned_page.png"
FIGURE = (slice(766, 786), slice(518, 561))
"""Rows and columns of the page's image that hold the figure 3214."""


@pytest.fixture
def doubtful(tmp_path: Path) -> Path:
    """A scan of which one figure lies under so much grain that a closer look gives it up."""
    page = np.asarray(Image.open(SCAN).convert("L")).copy()
    grain = np.random.default_rng(5).normal(0, 110, page[FIGURE].shape)
    page[FIGURE] = np.clip(page[FIGURE] + grain, 0, 255)
    path = tmp_path / "scan.png"
    Image.fromarray(page).save(path, dpi=(150, 150))
    return path


def test_the_text_of_a_scan_is_that_of_its_record_doubtful_figures_and_all(doubtful: Path):
    record = extract(doubtful, RULES)
    again = reread(record)
    assert UNREAD in again.text
    for item in (*record.facts, *record.channels):
        assert again.text[item.start : item.end] == item.text
    for cell in record.statistics.values():
        if cell.start is not None:
            assert again.text[cell.start : cell.end] == cell.printed
    assert labelled_record(record, again).text == again.text


def test_a_file_that_changed_is_not_taken_for_the_one_that_was_read(tmp_path: Path):
    path = tmp_path / "report.txt"
    path.write_text("云岭市水务局2022年政府信息公开工作年度报告\n一、总体情况\n公开信息40条。", "utf-8")
    record = extract(path, RULES)
    assert reread(record).text == path.read_text("utf-8")
    path.write_text("云岭市水务局2022年政府信息公开工作年度报告\n一、总体情况\n公开信息41条。", "utf-8")
    with pytest.raises(UnreadableFileError, match="changed"):
        reread(record)
