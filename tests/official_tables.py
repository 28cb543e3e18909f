"""The statistics tables of the official form with their merged cells, for formats that have such."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from .table_layouts import (
    APPLICANTS,
    AROUND,
    HEAD_WORDS,
    LABELS,
    OUTCOME_WORDS,
    OUTCOMES,
    PROCEEDINGS,
    REMARK,
    SECOND_EDITION_LACKS,
)


class FormCell(NamedTuple):
    """A cell of the form; ``row`` and ``column`` are those of its upper left corner."""

    row: int
    column: int
    text: str
    row_span: int = 1
    column_span: int = 1


FormTable = Sequence[FormCell]
Prints = Mapping[str, str]
"""What is printed for each cell of the scheme."""

_TWENTIETH = {
    "2021": (
        ("一", ("本年制发件数", "本年废止件数", "现行有效件数"), {
            "规章": ("rules", "issued", "repealed", "in_force"),
            "行政规范性文件": ("normative", "issued", "repealed", "in_force")}),
        ("五", ("本年处理决定数量",), {"行政许可": ("licensing", "decisions")}),
        ("六", ("本年处理决定数量",), {
            "行政处罚": ("penalties", "decisions"), "行政强制": ("coercion", "decisions")}),
        ("八", ("本年收费金额（单位：万元）",), {"行政事业性收费": ("fees", "amount")}),
    ),
    "2019": (
        ("一", ("本年新制作数量", "本年新公开数量", "对外公开总数量"), {
            "规章": ("rules", "made", "published", "total_public"),
            "规范性文件": ("normative", "made", "published", "total_public")}),
        ("五", ("上一年项目数量", "本年增/减", "处理决定数量"), {
            "行政许可": ("licensing", "previous_items", "change", "decisions"),
            "其他对外管理服务事项": ("other_services", "previous_items", "change", "decisions")}),
        ("六", ("上一年项目数量", "本年增/减", "处理决定数量"), {
            "行政处罚": ("penalties", "previous_items", "change", "decisions"),
            "行政强制": ("coercion", "previous_items", "change", "decisions")}),
        ("八", ("上一年项目数量", "本年增/减"), {"行政事业性收费": ("fees", "previous_items", "change")}),
        ("九", ("采购项目数量", "采购总金额（单位：万元）"), {"政府集中采购": ("procurement", "projects", "amount")}),
    ),
}  # fmt: skip


def disclosure(prints: Prints, edition: str) -> list[FormCell]:
    """Return the table of part 二: four columns, those of the shorter blocks merged."""
    table = "disclosure_2019" if edition == "2019" else "disclosure"
    cells: list[FormCell] = []
    row = 0
    for item, heads, rows in _TWENTIETH[edition]:
        cells.append(FormCell(row, 0, f"第二十条第（{item}）项", 1, 4))
        lines = [("信息内容", *heads)]
        lines += [
            (label, *(prints[f"{table}.{name}.{column}"] for column in columns))
            for label, (name, *columns) in rows.items()
        ]
        for below, line in enumerate(lines, row + 1):
            last = len(line) - 1
            cells += [
                FormCell(below, column, text, 1, 4 - last if column == last else 1)
                for column, text in enumerate(line)
            ]
        row += 1 + len(lines)
    return cells


def applications(prints: Prints, edition: str) -> list[FormCell]:
    """Return the table of part 三: three columns of labels and seven of figures."""
    cells = [
        FormCell(0, 0, REMARK, 3, 3), FormCell(0, 3, "申请人情况", 1, 7), FormCell(1, 3, "自然人", 2, 1),
        FormCell(1, 4, "法人或其他组织", 1, 5), FormCell(1, 9, "总计", 2, 1),
        *(FormCell(2, 4 + i, word) for i, word in enumerate(HEAD_WORDS[1:6])),
    ]  # fmt: skip
    rows = [name for name in LABELS if not (edition == "2019" and name in SECOND_EDITION_LACKS)]
    groups = [name.split(".")[0] if "." in name else "" for name in rows]
    outcomes = [name for name in rows if name not in ("new", "carried_in", "carried_out")]
    for row, name in enumerate(rows, 3):
        first, second, third = LABELS[name]
        group = groups[row - 3]
        single = edition == "2019" and name == "other.other"
        if name in AROUND and name != "total":
            cells.append(FormCell(row, 0, first, 1, 3))
        elif first:
            cells.append(FormCell(row, 0, first, len(outcomes), 1))
        if single:
            cells.append(FormCell(row, 1, "（六）其他处理", 1, 2))
        elif second and third:
            cells += [FormCell(row, 1, second, groups.count(group), 1), FormCell(row, 2, third)]
        elif second:
            cells.append(FormCell(row, 1, second, 1, 2))
        elif third:
            cells.append(FormCell(row, 2, third))
        cells += [
            FormCell(row, 3 + i, prints[f"applications.{name}.{column}"])
            for i, column in enumerate(APPLICANTS)
        ]
    return cells


def proceedings(prints: Prints) -> list[FormCell]:
    """Return the table of part 四: fifteen figures in one row."""
    return [
        FormCell(0, 0, "行政复议", 1, 5), FormCell(0, 5, "行政诉讼", 1, 10),
        FormCell(1, 5, "未经复议直接起诉", 1, 5), FormCell(1, 10, "复议后起诉", 1, 5),
        *(FormCell(1, i, word, 2, 1) for i, word in enumerate(OUTCOME_WORDS)),
        *(FormCell(2, 5 + i, word) for i, word in enumerate(OUTCOME_WORDS * 2)),
        *(
            FormCell(3, 5 * block + i, prints[f"proceedings.{name}.{outcome}"])
            for block, name in enumerate(PROCEEDINGS)
            for i, outcome in enumerate(OUTCOMES)
        ),
    ]  # fmt: skip


def as_lines(cells: FormTable) -> list[str]:
    """Return the rows as plain text prints them: tabs between cells, a merged cell at its upper left corner."""
    width = max(cell.column + cell.column_span for cell in cells)
    rows = [[""] * width for _ in range(1 + max(cell.row for cell in cells))]
    for cell in cells:
        rows[cell.row][cell.column] = cell.text
    return ["\t".join(row) for row in rows]
