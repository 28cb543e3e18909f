"""Reports taken apart into paragraphs and official tables, to be printed in other formats."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from typing import Literal

from ...annotations.corpus import read_corpus
from ...annotations.kinds import Number
from ...annotations.labelled import LabelledText, is_passage
from ...annotations.scheme import scheme
from ...annotations.section_spans import Sectioned
from ...extraction.components import RULES
from ...extraction.document import Document
from ...extraction.pipeline import extract_document
from ...extraction.readers import read_document
from ...extraction.readers.assemble import Paragraph, Part, Table, TableCell
from ...extraction.readers.text import text_blocks

Form = Literal["flat", "stacked"]
"""How the table of reviews and lawsuits is laid out: in one row, as the form has it, or with a row for each kind."""

Printed = Mapping[str, str]
"""Figures as printed by the id of their cell, empty for a blank."""

_OUTCOMES = ("upheld", "corrected", "other", "pending", "total")
_OUTCOME_WORDS = ("结果维持", "结果纠正", "其他结果", "尚未审结", "总计")
_PROCEEDINGS = {"review": "行政复议", "direct": "未经复议直接起诉", "after_review": "复议后起诉"}
_APPLICANTS = ("natural", "business", "research", "welfare", "legal_service", "other_org", "total")
_REMARK = "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）"
_BODIES = ("商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他")
_HEADINGS = {
    "disclosure_table": "二、主动公开政府信息情况",
    "applications_table": "三、收到和处理政府信息公开申请情况",
    "proceedings_table": "四、政府信息公开行政复议、行政诉讼情况",
}
_LONGEST_HEADING = 40
_OF_A_PAGE = re.compile(
    "位置|首页|字[号体]|打印|关闭|分享|浏览|阅读|点击|访问量|索引号|备案|ICP备|版权|扫一扫|上一篇|责任编辑|无障碍|主办|页码|"
    r"第\s*\d+\s*页|页\s*共|^[\s—－-]*[\d０-９]+[\s—－-]*$"
)
"""What lines hold that were printed around a report on the page where it was found."""

# The rows of the form: the item of the regulation, the columns' heads, and the rows with their names in the scheme.
_Block = tuple[str, tuple[str, ...], tuple[tuple[str, str], ...]]
_STOCK = ("上一年项目数量", "本年增/减", "处理决定数量")
_DISCLOSURE: dict[str, tuple[_Block, ...]] = {
    "disclosure": (
        ("第二十条第（一）项", ("本年制发件数", "本年废止件数", "现行有效件数"), (("规章", "rules"), ("行政规范性文件", "normative"))),
        ("第二十条第（五）项", ("本年处理决定数量",), (("行政许可", "licensing"),)),
        ("第二十条第（六）项", ("本年处理决定数量",), (("行政处罚", "penalties"), ("行政强制", "coercion"))),
        ("第二十条第（八）项", ("本年收费金额（单位：万元）",), (("行政事业性收费", "fees"),)),
    ),
    "disclosure_2019": (
        ("第二十条第（一）项", ("本年新制作数量", "本年新公开数量", "对外公开总数量"), (("规章", "rules"), ("规范性文件", "normative"))),
        ("第二十条第（五）项", _STOCK, (("行政许可", "licensing"), ("其他对外管理服务事项", "other_services"))),
        ("第二十条第（六）项", _STOCK, (("行政处罚", "penalties"), ("行政强制", "coercion"))),
        ("第二十条第（八）项", _STOCK[:2], (("行政事业性收费", "fees"),)),
        ("第二十条第（九）项", ("采购项目数量", "采购总金额（万元）"), (("政府集中采购", "procurement"),)),
    ),
}  # fmt: skip

_RESULTS: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = (
    ("（一）予以公开", (("granted", ""),)),
    ("（二）部分公开（区分处理的，只计这一情形，不计其他情形）", (("partly_granted", ""),)),
    ("（三）不予公开", (
        ("refused.state_secret", "1.属于国家秘密"), ("refused.law", "2.其他法律行政法规禁止公开"),
        ("refused.security", "3.危及“三安全一稳定”"), ("refused.third_party", "4.保护第三方合法权益"),
        ("refused.internal", "5.属于三类内部事务信息"), ("refused.process", "6.属于四类过程性信息"),
        ("refused.enforcement_file", "7.属于行政执法案卷"), ("refused.inquiry", "8.属于行政查询事项"))),
    ("（四）无法提供", (
        ("unavailable.not_held", "1.本机关不掌握相关政府信息"),
        ("unavailable.needs_creation", "2.没有现成信息需要另行制作"),
        ("unavailable.unclear", "3.补正后申请内容仍不明确"))),
    ("（五）不予处理", (
        ("unprocessed.petition", "1.信访举报投诉类申请"), ("unprocessed.repeat", "2.重复申请"),
        ("unprocessed.publication", "3.要求提供公开出版物"), ("unprocessed.excessive", "4.无正当理由大量反复申请"),
        ("unprocessed.confirmation", "5.要求行政机关确认或重新出具已获取信息"))),
    ("（六）其他处理", (
        ("other.no_correction", "1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请"),
        ("other.fee_unpaid", "2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请"),
        ("other.other", "3.其他"))),
    ("（七）总计", (("total", ""),)),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Report:
    """A report piece by piece, and the value of each cell of its tables; None for a blank one."""

    id: str
    parts: Sequence[Part]
    values: Mapping[str, Number | None]

    @property
    def text(self) -> str:
        """The report as plain text: a line for each paragraph and row, cells separated by tabs, blanks for merged ones."""
        lines: list[str] = []
        for part in self.parts:
            lines += [part.text] if isinstance(part, Paragraph) else tab_lines(part)
        return "\n".join(lines) + "\n"

    def document(self) -> Document:
        """Return the plain text as a document: tables as tabbed lines, without grids."""
        return Document(self.text, text_blocks(self.text), f"{self.id}.txt", "", "text")


def reports(examples: Path | None = None) -> Iterator[Report]:
    """Yield the reports in ``examples`` (text files, as the rules read them) and the whole reports of the corpus.

    Lines of the page that a report once stood on (breadcrumbs, share bars, page numbers) are left out. One report in two has its table of reviews and
    lawsuits in the one form, the other in the other.
    """
    forms: Iterator[Form] = cycle(("flat", "stacked"))
    for path in sorted(examples.glob("*.txt")) if examples else ():
        yield report_of_document(path.stem, read_document(path), next(forms))
    for text in read_corpus():
        if not is_passage(text):
            yield report_of_labelled(text, next(forms))


def report_of_labelled(text: LabelledText, form: Form = "flat") -> Report:
    """Return a labelled report with its tables in the official form, filled with the labelled figures."""
    assert text.text is not None
    printed = {cell: told.printed for cell, told in text.cells.items()}
    values = {cell: told.value for cell, told in text.cells.items()}
    return Report(text.id, _parts(text.text, text.sections, printed, form), values)


def report_of_document(name: str, document: Document, form: Form = "flat") -> Report:
    """Return a plain text report with its tables in the official form, filled with the figures that the rules read."""
    record = extract_document(document, RULES)
    values = {cell: told.value for cell, told in record.statistics.items() if told.status != "absent"}
    printed = {cell: _print(cell, value) for cell, value in values.items()}
    return Report(name, _parts(document.text, RULES.sections(document), printed, form), values)


def rows_of(table: Table) -> list[list[TableCell]]:
    """Return the cells that begin in each row, from the left."""
    rows: list[list[TableCell]] = [[] for _ in range(max(cell.row + cell.row_span for cell in table.cells))]
    for cell in sorted(table.cells, key=lambda cell: (cell.row, cell.column)):
        rows[cell.row].append(cell)
    return rows


def width_of(table: Table) -> int:
    """Return how many columns a table has."""
    return max(cell.column + cell.column_span for cell in table.cells)


def tab_lines(table: Table) -> list[str]:
    """Return a line for each row, with a cell for each column: merged cells stand at their upper left corner."""
    lines = [[""] * width_of(table) for _ in rows_of(table)]
    for cell in table.cells:
        lines[cell.row][cell.column] = cell.text
    return ["\t".join(line) for line in lines]


def _print(cell: str, value: Number | None) -> str:
    if value is None:
        return ""
    return f"{value / 10000:.4f}".rstrip("0").rstrip(".") if cell.endswith(".amount") else str(value)


def _parts(text: str, sections: Sequence[Sectioned], printed: Printed, form: Form) -> list[Part]:
    tables = official_tables(printed, form)
    parts: list[Part] = []
    last = 0
    for section in sorted(sections, key=lambda section: section.start):
        if section.label not in {*tables, "noise"} or section.start < last:
            continue
        parts += _paragraphs(text[last : section.start])
        last = section.end
        if section.label == "noise":
            lines = _paragraphs(text[section.start : section.end])
            parts += [line for line in lines if not _OF_A_PAGE.search(line.text)]
            continue
        heading = text[section.start : section.end].lstrip().split("\n", 1)[0].strip(" \t\r|")
        parts.append(Paragraph(heading if 0 < len(heading) <= _LONGEST_HEADING else _HEADINGS[section.label]))
        parts.append(tables.pop(section.label))
    return [*parts, *_paragraphs(text[last:])]


def _paragraphs(text: str) -> Iterator[Paragraph]:
    for line in text.splitlines():
        if line.strip(" \t|"):
            yield Paragraph(line.strip().replace("\t", " "))


def official_tables(printed: Printed, form: Form = "flat") -> dict[str, Table]:
    """Return the three tables of the form by the label of their section, as far as there are figures for them."""
    first = (
        "disclosure_2019" if any(cell.startswith("disclosure_2019.") for cell in printed) else "disclosure"
    )
    tables: dict[str, Table] = {}
    if any(cell.startswith("disclosure") for cell in printed):
        tables["disclosure_table"] = _disclosure(printed, first)
    if any(cell.startswith("applications.") for cell in printed):
        tables["applications_table"] = _applications(printed)
    if any(cell.startswith("proceedings.") for cell in printed):
        tables["proceedings_table"] = (_stacked if form == "stacked" else _flat)(printed)
    return tables


def _disclosure(printed: Printed, table: str) -> Table:
    cells: list[TableCell] = []
    row = 0
    for item, heads, rows in _DISCLOSURE[table]:
        cells.append(TableCell(row, 0, item, 1, 4))
        cells += _line(row + 1, ["信息内容", *heads])
        row += 2
        for label, name in rows:
            columns = [cell for cell in scheme().tables[table] if cell.split(".")[1] == name]
            cells += _line(row, [label, *(printed.get(cell, "") for cell in columns)])
            row += 1
    return Table(cells)


def _line(row: int, texts: Sequence[str]) -> Iterator[TableCell]:
    """A label and its values over four columns, the last value over what is left of them."""
    for column, text in enumerate(texts):
        yield TableCell(row, column, text, 1, 4 - column if column == len(texts) - 1 else 1)


def _applications(printed: Printed) -> Table:
    cells = [
        TableCell(0, 0, _REMARK, 3, 3), TableCell(0, 3, "申请人情况", 1, 7), TableCell(1, 3, "自然人", 2, 1),
        TableCell(1, 4, "法人或其他组织", 1, 5), TableCell(1, 9, "总计", 2, 1),
        *(TableCell(2, 4 + i, word) for i, word in enumerate(_BODIES)),
    ]  # fmt: skip
    row = 3
    for name, label in (
        ("new", "一、本年新收政府信息公开申请数量"),
        ("carried_in", "二、上年结转政府信息公开申请数量"),
    ):
        cells += [TableCell(row, 0, label, 1, 3), *_values(row, name, printed)]
        row += 1
    first = row
    for title, rows in _RESULTS:
        told = [(name, label) for name, label in rows if f"applications.{name}.total" in printed]
        if len(told) == 1:
            cells += [TableCell(row, 1, title, 1, 2), *_values(row, told[0][0], printed)]
            row += 1
        elif told:
            cells.append(TableCell(row, 1, title, len(told), 1))
            for name, label in told:
                cells += [TableCell(row, 2, label), *_values(row, name, printed)]
                row += 1
    cells.append(TableCell(first, 0, "三、本年度办理结果", row - first, 1))
    cells += [TableCell(row, 0, "四、结转下年度继续办理", 1, 3), *_values(row, "carried_out", printed)]
    return Table(cells)


def _values(row: int, name: str, printed: Printed) -> Iterator[TableCell]:
    for column, applicant in enumerate(_APPLICANTS):
        yield TableCell(row, 3 + column, printed.get(f"applications.{name}.{applicant}", ""))


def _flat(printed: Printed) -> Table:
    cells = [
        TableCell(0, 0, "行政复议", 1, 5), TableCell(0, 5, "行政诉讼", 1, 10),
        TableCell(1, 5, _PROCEEDINGS["direct"], 1, 5), TableCell(1, 10, _PROCEEDINGS["after_review"], 1, 5),
    ]  # fmt: skip
    for block, name in enumerate(_PROCEEDINGS):
        for column, (outcome, word) in enumerate(zip(_OUTCOMES, _OUTCOME_WORDS, strict=True)):
            top = 1 if name == "review" else 2
            cells.append(TableCell(top, 5 * block + column, word, 3 - top, 1))
            cells.append(TableCell(3, 5 * block + column, printed.get(f"proceedings.{name}.{outcome}", "")))
    return Table(cells)


def _stacked(printed: Printed) -> Table:
    cells = [TableCell(0, 0, "", 1, 2), *(TableCell(0, 2 + i, word) for i, word in enumerate(_OUTCOME_WORDS))]
    cells += [TableCell(1, 0, "行政复议", 1, 2), TableCell(2, 0, "行政诉讼", 2, 1)]
    cells += [TableCell(2, 1, _PROCEEDINGS["direct"]), TableCell(3, 1, _PROCEEDINGS["after_review"])]
    for row, name in enumerate(_PROCEEDINGS, 1):
        for column, outcome in enumerate(_OUTCOMES):
            cells.append(TableCell(row, 2 + column, printed.get(f"proceedings.{name}.{outcome}", "")))
    return Table(cells)
