# pyright: basic
"""Reports printed by real software: HTML, PDF by Chromium, DOCX, and what LibreOffice makes of it.

The programs are found on the path (``chromium`` or ``google-chrome``, ``soffice``); they get a profile of their own and
no network is needed.
"""

import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

import docx
import docx.document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Emu, Mm, Pt

from ...extraction.readers.assemble import Paragraph, Part, Table
from .report_parts import rows_of, width_of
from .web_pages import row_html

_SECONDS = 300
_WIDTHS = {10: (9, 13, 24, 7.5, 7.5, 7.5, 8, 8, 7.5, 8)}
"""Widths of the columns in per cent, by their number; equal ones for others."""


class RenderingError(Exception):
    """A program is missing or did not write its file; the message says which and what it said."""


@dataclass(frozen=True, slots=True)
class Design:
    """How a report is laid out on its pages.

    ``font`` is a CSS family, ``size`` in points. ``indented`` paragraphs begin two characters in, others are parted by
    space. ``ruled`` tables have lines around their cells. ``heads_again`` prints a table's head on each page. ``header``
    and ``footer`` are CSS content of the page's margins (``footer`` may count pages). ``table_size`` is the size of a
    table's print. ``columns`` of text stand side by side.
    """

    name: str
    font: str = "Noto Serif CJK SC"
    size: float = 12
    line_height: float = 1.6
    indented: bool = True
    ruled: bool = True
    heads_again: bool = False
    header: str = ""
    footer: str = ""
    table_size: float = 9
    columns: int = 1
    page: str = "A4"
    margin: str = "25mm 25mm"
    css: str = ""


PAGE_NUMBER = '"— " counter(page) " —"'

DESIGNS = (
    Design("web", "Noto Sans CJK SC", 10.5, 1.8, indented=False, margin="12mm 12mm"),
    Design("official", size=16, line_height=1.75, footer=PAGE_NUMBER, table_size=10.5, margin="37mm 26mm 35mm 28mm"),
    Design("headed", size=12, header='"政府信息公开工作年度报告"', footer='"第 " counter(page) " 页 共 " counter(pages) " 页"', heads_again=True),
    Design("unruled", "Noto Sans CJK SC", 10.5, ruled=False, footer="counter(page)", margin="20mm 15mm"),
)  # fmt: skip


def html_of(parts: Sequence[Part], design: Design) -> str:
    """Return a report as a web page to be printed."""
    body = "\n".join(
        f"<p>{escape(part.text)}</p>" if isinstance(part, Paragraph) else _html_table(part, design)
        for part in parts
    )
    return (
        '<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8"><title>report</title>'
        f"<style>{_css(design)}</style></head><body>\n{body}\n</body></html>\n"
    )


def _css(design: Design) -> str:
    border = "0.75pt solid black" if design.ruled else "none"
    margins = "".join(
        f"@{place}-center {{ content: {content}; font-size: 9pt; }}"
        for place, content in (("top", design.header), ("bottom", design.footer))
        if content
    )
    paragraph = "text-indent: 2em; margin: 0;" if design.indented else "margin: 0.8em 0;"
    return (
        f"@page {{ size: {design.page}; margin: {design.margin}; {margins} }}"
        f"body {{ font-family: '{design.font}'; font-size: {design.size}pt; line-height: {design.line_height};"
        f" margin: 0; text-align: justify; columns: {design.columns}; }}"
        f"p {{ {paragraph} }} p:first-child {{ text-align: center; text-indent: 0; font-size: 1.3em; }}"
        f"table {{ border-collapse: collapse; width: 100%; font-size: {design.table_size}pt; line-height: 1.3;"
        f" margin: 0.5em 0; }}"
        f"td {{ border: {border}; padding: 3pt; text-align: center; vertical-align: middle; }}{design.css}"
    )


def _html_table(table: Table, design: Design) -> str:
    width = width_of(table)
    columns = "".join(f'<col style="width:{share}%">' for share in _WIDTHS.get(width, (100 / width,) * width))
    lines = [row_html(cells) for cells in rows_of(table)]
    head = _head_rows(table) if design.heads_again else 0
    return (
        f"<table>{columns}<thead>{''.join(lines[:head])}</thead><tbody>{''.join(lines[head:])}</tbody></table>"
        if head
        else f"<table>{columns}{''.join(lines)}</table>"
    )


def _head_rows(table: Table) -> int:
    """How many rows the merged cell in the upper left corner makes a head of."""
    corner = min(table.cells, key=lambda cell: (cell.row, cell.column))
    return corner.row_span


def write_docx(parts: Sequence[Part], design: Design, path: Path) -> None:
    """Write a report as DOCX (python-docx), its merged cells merged; headers and page numbers are left out."""
    document = docx.Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    sides = [Mm(float(side.removesuffix("mm"))) for side in design.margin.split()]
    section.top_margin, section.right_margin = sides[0], sides[1]
    section.bottom_margin, section.left_margin = sides[2 % len(sides)], sides[-1]
    style: Any = document.styles["Normal"]
    style.font.name, style.font.size = design.font, Pt(design.size)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), design.font)
    for index, part in enumerate(parts):
        if isinstance(part, Paragraph):
            paragraph = document.add_paragraph(part.text)
            paragraph.paragraph_format.line_spacing = design.line_height
            paragraph.paragraph_format.space_after = Pt(0 if design.indented else design.size)
            if not index:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
            elif design.indented:
                paragraph.paragraph_format.first_line_indent = Pt(2 * design.size)
        else:
            _add_table(document, part, design)
    document.save(str(path))


def _add_table(document: docx.document.Document, table: Table, design: Design) -> None:
    width = width_of(table)
    made = document.add_table(len(rows_of(table)), width)
    if design.ruled:
        made.style = "Table Grid"
    page: Any = document.sections[0]
    room = page.page_width - page.left_margin - page.right_margin
    cells = [list(row.cells) for row in made.rows]
    for row in cells:
        for cell, share in zip(row, _WIDTHS.get(width, (100 / width,) * width), strict=True):
            cell.width = Emu(room * share / 100)
    for cell in table.cells:
        merged = cells[cell.row][cell.column].merge(
            cells[cell.row + cell.row_span - 1][cell.column + cell.column_span - 1]
        )
        merged.text = cell.text
        merged.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.CENTER
        for run in merged.paragraphs[0].runs:
            run.font.size = Pt(design.table_size)
    for row in range(_head_rows(table) if design.heads_again else 0):
        element: Any = made.rows[row]._tr
        element.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def pdf_of_html(html: str, path: Path) -> None:
    """Print a web page to ``path`` with Chromium. Raises `RenderingError`."""
    browser = shutil.which("chromium") or shutil.which("google-chrome")
    if browser is None:
        raise RenderingError(
            "neither 'chromium' nor 'google-chrome' is on the path; Debian: apt-get install chromium fonts-noto-cjk"
        )
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "report.html"
        page.write_text(html, "utf-8")
        _run(
            [
                browser, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
                f"--user-data-dir={folder}/profile", "--no-pdf-header-footer", f"--print-to-pdf={path.resolve()}",
                page.as_uri(),
            ]
        )  # fmt: skip
    _demand(path, browser)


def convert(files: Iterable[Path], kind: str, folder: Path, *, reader: str = "") -> list[Path]:
    """Convert files to ``kind`` (``pdf``, ``docx``, ``doc``, ``rtf``, ``odt``, ``html``) in ``folder`` with LibreOffice.

    ``reader`` is the filter by which LibreOffice shall read the files, where it is not the usual one.

    Raises `RenderingError`.
    """
    office = shutil.which("soffice")
    if office is None:
        raise RenderingError(
            "'soffice' (LibreOffice) is not on the path; Debian: apt-get install libreoffice-writer"
        )
    files = list(files)
    with tempfile.TemporaryDirectory() as profile:
        _run(
            [
                office, "--headless", f"-env:UserInstallation={Path(profile).as_uri()}",
                *([f"--infilter={reader}"] if reader else []), "--convert-to", kind, "--outdir", str(folder), *map(str, files),
            ]
        )  # fmt: skip
    made = [folder / f"{file.stem}.{kind}" for file in files]
    for path in made:
        _demand(path, office)
    return made


def _run(command: Sequence[str]) -> None:
    try:
        subprocess.run(command, check=True, capture_output=True, timeout=_SECONDS)
    except subprocess.CalledProcessError as error:
        raise RenderingError(f"{command[0]} failed: {error.stderr.decode(errors='replace')[-500:]}") from None
    except subprocess.TimeoutExpired:
        raise RenderingError(f"{command[0]} took more than {_SECONDS} seconds") from None


def _demand(path: Path, program: str) -> None:
    if not path.exists():
        raise RenderingError(f"{program} did not write {path.name}")
