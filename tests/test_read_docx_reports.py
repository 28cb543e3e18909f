"""A report as a Word document gives the record that its plain text gives."""

import io
from pathlib import Path

import docx as python_docx
import pytest
from gongkai.extraction.readers import read_document
from gongkai.extraction.readers.docx import read_docx

from .official_tables import FormTable
from .rendered_reports import Report, differences, record_of, reports
from .word_designs import DESIGNS

_CORPUS = 4


@pytest.mark.parametrize("design", sorted(DESIGNS))
def test_examples_and_corpus_reports_give_the_same_record_in_every_design(
    design: str, examples: Path
) -> None:
    for report in reports(examples, _CORPUS):
        document = read_docx(DESIGNS[design](report), f"{report.id}.docx", "0" * 64)
        assert not differences(record_of(document), report.record()), report.id
        assert not document.gaps


def test_a_report_written_by_python_docx_gives_the_same_record(examples: Path) -> None:
    report = next(reports(examples, 0))
    document = read_docx(_by_python_docx(report), "report.docx", "0" * 64)
    assert not differences(record_of(document), report.record())


def test_the_reader_is_chosen_by_what_the_file_holds(examples: Path, tmp_path: Path) -> None:
    path = tmp_path / "年报.txt"
    path.write_bytes(DESIGNS["plain"](next(reports(examples, 0))))
    document = read_document(path)
    assert (document.reader, len(document.grids)) == ("docx", 3)


def test_each_row_is_a_block_and_each_cell_lies_in_its_grid(examples: Path) -> None:
    document = read_docx(DESIGNS["plain"](next(reports(examples, 0))), "report.docx", "0" * 64)
    assert [document.text[block.start : block.end] for block in document.blocks] == document.text.split("\n")
    for grid in document.grids:
        assert all(grid.start <= cell.start <= cell.end <= grid.end for cell in grid.cells)


def _by_python_docx(report: Report) -> bytes:
    made = python_docx.Document()
    for piece in report.pieces:
        if isinstance(piece, str):
            made.add_paragraph(piece)
        else:
            _add_table(made.add_table(*_size(piece)), piece)
    content = io.BytesIO()
    made.save(content)
    return content.getvalue()


def _size(cells: FormTable) -> tuple[int, int]:
    return max(one.row + one.row_span for one in cells), max(one.column + one.column_span for one in cells)


def _add_table(table, cells: FormTable) -> None:
    for one in cells:
        first = table.cell(one.row, one.column)
        if one.row_span * one.column_span > 1:
            first = first.merge(table.cell(one.row + one.row_span - 1, one.column + one.column_span - 1))
        first.text = one.text
