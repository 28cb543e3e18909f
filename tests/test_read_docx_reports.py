"""A report as a Word document gives the record that its plain text gives."""

import io
from itertools import islice
from pathlib import Path

import docx as python_docx
import pytest
from gongkai.eval.bench.formats_marks import differences, truth_of
from gongkai.eval.bench.report_parts import Report, reports, rows_of, width_of
from gongkai.extraction.components import RULES
from gongkai.extraction.pipeline import extract_document
from gongkai.extraction.readers import read_document
from gongkai.extraction.readers.assemble import Paragraph, Table
from gongkai.extraction.readers.word.docx import read_docx

from .word_designs import DESIGNS

_REPORTS = 13


@pytest.mark.parametrize("design", sorted(DESIGNS))
def test_examples_and_corpus_reports_give_the_same_record_in_every_design(
    design: str, examples: Path
) -> None:
    for report in islice(reports(examples), _REPORTS):
        document = read_docx(DESIGNS[design](report), f"{report.id}.docx", "0" * 64)
        assert not differences(extract_document(document, RULES), truth_of(report)), report.id
        assert not document.gaps


def test_a_report_written_by_python_docx_gives_the_same_record(examples: Path) -> None:
    report = next(reports(examples))
    document = read_docx(_by_python_docx(report), "report.docx", "0" * 64)
    assert not differences(extract_document(document, RULES), truth_of(report))


def test_the_reader_is_chosen_by_what_the_file_holds(examples: Path, tmp_path: Path) -> None:
    path = tmp_path / "年报.txt"
    path.write_bytes(DESIGNS["plain"](next(reports(examples))))
    document = read_document(path)
    assert (document.reader, len(document.grids)) == ("docx", 3)


def test_each_row_is_a_block_and_each_cell_lies_in_its_grid(examples: Path) -> None:
    document = read_docx(DESIGNS["plain"](next(reports(examples))), "report.docx", "0" * 64)
    assert [document.text[block.start : block.end] for block in document.blocks] == document.text.split("\n")
    for grid in document.grids:
        assert all(grid.start <= cell.start <= cell.end <= grid.end for cell in grid.cells)


def _by_python_docx(report: Report) -> bytes:
    made = python_docx.Document()
    for part in report.parts:
        if isinstance(part, Paragraph):
            made.add_paragraph(part.text)
        else:
            _add_table(made.add_table(len(rows_of(part)), width_of(part)), part)
    content = io.BytesIO()
    made.save(content)
    return content.getvalue()


def _add_table(table, told: Table) -> None:
    for one in told.cells:
        first = table.cell(one.row, one.column)
        if one.row_span * one.column_span > 1:
            first = first.merge(table.cell(one.row + one.row_span - 1, one.column + one.column_span - 1))
        first.text = one.text
