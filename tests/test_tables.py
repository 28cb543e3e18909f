"""What users rely on in the reading of the statistics tables."""

from random import Random

import pytest
from gongkai.annotations.scheme import scheme
from gongkai.extraction.document import Document, Grid, GridCell
from gongkai.extraction.tables import Cell, TablesReading, check_tables, read_tables

from .table_layouts import LABELS, Figures, Noise, Printer, random_figures, render

FIRST_PART = """二、主动公开政府信息情况
第二十条第（一）项
信息内容\t本年制发件数\t本年废止件数\t现行有效件数
规章\t{rules}
行政规范性文件\t4\t0\t31
第二十条第（五）项
信息内容\t本年处理决定数量
行政许可\t{licensing}
第二十条第（六）项
信息内容\t本年处理决定数量
行政处罚\t8
行政强制\t0
第二十条第（八）项
信息内容\t本年收费金额（单位：{unit}）
行政事业性收费\t{fees}

三、收到和处理政府信息公开申请情况
"""


def read(text: str) -> TablesReading:
    return read_tables(Document(text, (), "", "", "text"), ())


def cells(text: str) -> dict[str, Cell]:
    return {cell.id: cell for cell in read(text).cells}


def first_part(
    rules: str = "0\t0\t0", licensing: str = "7", unit: str = "万元", fees: str = "0"
) -> dict[str, Cell]:
    return cells(FIRST_PART.format(rules=rules, licensing=licensing, unit=unit, fees=fees))


def small_figures() -> Figures:
    """A sound table: seven requests, five granted and two refused."""
    figures: Figures = dict.fromkeys(random_figures(Random(1)), 0)
    for row, natural, business in (
        ("new", 6, 1),
        ("granted", 4, 1),
        ("refused.internal", 2, 0),
        ("total", 6, 1),
    ):
        figures |= {
            f"applications.{row}.natural": natural,
            f"applications.{row}.business": business,
            f"applications.{row}.total": natural + business,
        }
    return figures


def table_without(*labels: str) -> str:
    text = render(small_figures())
    return "\n".join(line for line in text.split("\n") if not any(label in line for label in labels))


def large_figures() -> Figures:
    """A sound table with figures of thousands and no two columns alike."""
    return random_figures(Random(11), largest=9000)


def values(text: str) -> Figures:
    return {cell.id: cell.value for cell in read(text).cells if not isinstance(cell.value, float)}


def test_columns_printed_in_another_order_are_told_by_the_head():
    figures = large_figures()
    lines = render(figures).split("\n")
    start = next(i for i, line in enumerate(lines) if "申请人情况" in line)
    end = next(i for i, line in enumerate(lines) if "结转下年度" in line)
    for i in range(start, end + 1):
        cells_of_line = lines[i].split("\t")
        cells_of_line[4], cells_of_line[7] = cells_of_line[7], cells_of_line[4]
        lines[i] = "\t".join(cells_of_line)
    assert lines[start + 2].index("法律服务机构") < lines[start + 2].index("商业企业")
    assert values("\n".join(lines)) == figures


def test_a_report_printed_twice_is_read_once():
    text = render(large_figures())
    assert values(f"{text}\n{text}") == large_figures()


@pytest.mark.parametrize("layout", ["tabs", "bars", "tab_cells", "markdown", "lines"])
@pytest.mark.parametrize("sign", ["无", "/", "—", "-", "不适用"])
def test_a_table_of_signs_for_nothing_is_blank_throughout(layout: str, sign: str):
    figures = dict.fromkeys(large_figures()) | {"disclosure.fees.amount": 0}
    table = cells(render(figures, layout, printer=lambda _: sign))
    fee = table.pop("disclosure.fees.amount")
    assert (fee.status, fee.value) == ("read", 0)
    assert {(cell.status, cell.value, cell.printed) for cell in table.values()} == {("blank", None, sign)}


FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")


@pytest.mark.parametrize("layout", ["tabs", "bars", "tab_cells", "markdown", "lines", "spaces"])
@pytest.mark.parametrize(
    "printer",
    [
        lambda value: f"{value:,}",
        lambda value: f"{value:,}".replace(",", "，"),
        lambda value: str(value).translate(FULL_WIDTH),
        lambda value: f"{value}件",
        lambda value: f"{value}（其中网络申请1件）",
    ],
    ids=["thousands", "wide_thousands", "full_width", "units", "remarks"],
)
def test_odd_prints_in_every_cell(layout: str, printer: Printer):
    reading = read(render(large_figures(), layout, printer=printer))
    assert {cell.id: cell.value for cell in reading.cells} == large_figures()
    assert {cell.status for cell in reading.cells} == {"read"}


@pytest.mark.parametrize("layout", ["tabs", "bars", "tab_cells", "markdown", "lines", "spaces"])
def test_a_page_break_with_the_head_repeated_hides_no_cell(layout: str):
    row = "refused.internal"
    noise = Noise(before={row: ["— 5 —", "", "第 6 页"]}, head_again=frozenset({row}))
    reading = read(render(large_figures(), layout, noise))
    assert {cell.id: cell.value for cell in reading.cells} == large_figures()


def test_a_damaged_row_is_not_repaired_from_sums_that_fail():
    """One figure of the row is lost, another is wrong in the report: no sum can tell what was lost."""
    slip = small_figures() | {"applications.granted.business": 3}
    table = cells(render(slip, "tabs", Noise(debris=frozenset({("granted", 0)}))))
    assert table["applications.granted.natural"].status == "unreadable"
    assert table["applications.granted.business"].value == 3
    elsewhere = small_figures() | {"applications.granted.business": 3}
    noise = Noise(debris=frozenset({("refused.internal", 0)}))
    cell = cells(render(elsewhere, "tabs", noise))["applications.refused.internal.natural"]
    assert (cell.status, cell.value) == ("repaired", 2)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("3\tÜ\t0\t0\t3", ("repaired", 0)),
        ("3\tÜ\t0\t0\t5", ("unreadable", None)),
        ("3\tÜ\t0\t0\t2", ("unreadable", None)),
    ],
)
def test_debris_among_the_proceedings_is_repaired_only_to_nothing(
    line: str, expected: tuple[str, int | None]
):
    text = render(small_figures(), proceedings="three")
    first = "\t".join("0" * 5)
    at = text.index(first, text.index("行政复议\t"))
    cell = cells(text[:at] + line + text[at + len(first) :])["proceedings.review.corrected"]
    assert (cell.status, cell.value) == expected


def test_a_text_without_tables_has_every_cell_absent():
    reading = read(
        "二、主动公开政府信息情况\n三、收到和处理政府信息公开申请情况\n四、政府信息公开行政复议、行政诉讼情况\n"
    )
    assert reading.edition == "none"
    assert len(reading.cells) == 200
    assert {(cell.status, cell.value, cell.printed) for cell in reading.cells} == {("absent", None, "")}


@pytest.mark.parametrize(
    ("printed", "unit", "value"),
    [
        ("10267.34", "万元", 102673400),
        ("0.0137", "万元", 137),
        ("1.47万元", "元", 14700),
        ("1.47 万元", "万元", 14700),
        ("3500", "元", 3500),
        ("3500元", "万元", 3500),
        ("0.00001", "万元", 0.1),
        ("0.2亿元", "万元", 20000000),
        ("１，２３４．５", "万元", 12345000),
        ("0", "万元，保留4位小数", 0),
    ],
)
def test_fees_are_stored_in_yuan(printed: str, unit: str, value: float):
    fee = first_part(fees=printed, unit=unit)["disclosure.fees.amount"]
    assert (fee.status, fee.value) == ("read", value)
    assert isinstance(fee.value, type(value))


@pytest.mark.parametrize("sign", ["", "/", "—", "-", "无", "不适用", "N/A", "——", "\u00a0"])
def test_signs_for_nothing_are_blank_and_kept_as_printed(sign: str):
    cell = first_part(rules=f"1\t{sign}\t2")["disclosure.rules.repealed"]
    assert (cell.status, cell.value, cell.printed) == ("blank", None, sign.strip())


@pytest.mark.parametrize(
    ("printed", "value"),
    [
        ("1,234", 1234),
        ("1，234，567", 1234567),
        ("５６", 56),
        ("5 件", 5),
        ("12（含上年结转2件）", 12),
        ("[bookmark: _GoBack]9", 9),
    ],
)
def test_odd_prints_of_a_number(printed: str, value: int):
    assert first_part(licensing=printed)["disclosure.licensing.decisions"].value == value


@pytest.mark.parametrize("rules", ["0\t5", "5", "12\t3", "1\t2\t3\t4", "1200"])
def test_what_no_sum_decides_is_unreadable(rules: str):
    table = first_part(rules=rules)
    found = {table[f"disclosure.rules.{c}"].status for c in ("issued", "repealed", "in_force")}
    assert found == {"unreadable"}


def test_glued_single_figures_are_cut():
    table = cells("信息内容 本年制发件数 本年废止件数 现行有效件数\n规章000\n行政规范性文件325\n行政许可7\n")
    assert [table[f"disclosure.normative.{c}"].value for c in ("issued", "repealed", "in_force")] == [3, 2, 5]


def test_a_lost_cell_is_filled_by_the_sums_and_says_by_which():
    noise = Noise(dropped=frozenset({("granted", 1)}))
    cell = cells(render(small_figures(), "tabs", noise))["applications.granted.business"]
    assert (cell.status, cell.value, cell.repair) == ("repaired", 1, "row total: applications.granted")


def test_a_number_in_two_cells_is_joined_by_the_sums():
    figures = small_figures()
    for row in ("new", "granted", "total"):
        figures[f"applications.{row}.natural"] = (figures[f"applications.{row}.natural"] or 0) + 10
        figures[f"applications.{row}.total"] = (figures[f"applications.{row}.total"] or 0) + 10
    table = cells(render(figures, "tabs", Noise(split=frozenset({("granted", 0)}))))
    assert table["applications.granted.natural"].value == 14
    assert table["applications.granted.natural"].status == "repaired"
    assert table["applications.granted.business"].value == 1


def test_debris_is_repaired_only_as_the_sums_force():
    both = Noise(debris=frozenset({("granted", 0), ("granted", 1)}))
    table = cells(render(small_figures(), "tabs", both))
    assert [table[f"applications.granted.{c}"].value for c in ("natural", "business")] == [4, 1]
    four = Noise(debris=frozenset({(row, c) for row in ("granted", "refused.internal") for c in (0, 1)}))
    table = cells(render(small_figures(), "tabs", four))
    assert table["applications.granted.natural"].status == "unreadable"
    assert table["applications.granted.total"].value == 5


def test_a_wrong_sum_of_the_report_is_kept_and_fails_the_check():
    figures = small_figures() | {"applications.granted.total": 9}
    reading = read(render(figures))
    assert {c.id: c.value for c in reading.cells} == figures
    failed = {
        check.id: (check.left, check.right)
        for check in check_tables(reading.cells)
        if check.outcome == "fail"
    }
    assert failed == {"applications.row_total.granted": (9, 5), "applications.outcomes.total": (7, 11)}


def test_checks_count_blanks_as_nothing_and_skip_what_is_not_known():
    figures = small_figures() | {f"applications.carried_out.{c}": None for c in ("natural", "business")}
    figures |= {i: None for i in figures if i.startswith("proceedings.direct.")}
    reading = read(render(figures, "tab_cells"))
    outcomes = {check.id: check.outcome for check in check_tables(reading.cells)}
    assert outcomes["applications.balance.natural"] == "pass"
    assert outcomes["proceedings.row_total.direct"] == "not_assessable"
    missing = read(table_without("5.属于三类"))
    assert {c.status for c in missing.cells if "refused.internal" in c.id} == {"absent"}
    outcomes = {check.id: check.outcome for check in check_tables(missing.cells)}
    assert outcomes["applications.outcomes.natural"] == "not_assessable"
    assert outcomes["applications.balance.natural"] == "pass"


def test_the_edition_of_2019_has_its_own_cells_and_one_row_of_other_handling():
    figures = random_figures(Random(3), "2019")
    reading = read(render(figures, edition="2019"))
    assert reading.edition == "2019"
    assert {c.id: c.value for c in reading.cells if c.status != "absent"} == figures
    absent = {c.id.rpartition(".")[0] for c in reading.cells if c.status == "absent"}
    assert absent == {"applications.other.no_correction", "applications.other.fee_unpaid"}
    assert {check.outcome for check in check_tables(reading.cells)} <= {"pass", "not_assessable"}


def test_a_mixture_of_editions_is_told_by_the_heads():
    text = FIRST_PART.format(rules="1\t2\t3", licensing="7", unit="万元", fees="0")
    text = text.replace(
        "本年制发件数\t本年废止件数\t现行有效件数", "本年新制作数量\t本年新公开数量\t对外公开总数量"
    )
    reading = read(text)
    table = {cell.id: cell for cell in reading.cells}
    assert reading.edition == "2021"
    assert table["disclosure_2019.rules.published"].value == 2
    assert table["disclosure.rules.issued"].status == "absent"
    assert table["disclosure.licensing.decisions"].value == 7


def test_figures_of_the_narrative_are_no_cells():
    text = (
        "一、总体情况\n全年发布行政处罚信息12条、行政许可信息30条，新收申请9件，予以公开4件，部分公开2件，"
        "不予公开1件，涉及国家秘密的0件，重复申请2件，结转下年度1件。\n"
    )
    assert cells(text + render(small_figures())) == {
        cell_id: shifted(cell, len(text)) for cell_id, cell in cells(render(small_figures())).items()
    }
    assert read(text).edition == "none"


def shifted(cell: Cell, by: int) -> Cell:
    if cell.start is None or cell.end is None:
        return cell
    return Cell(cell.id, cell.value, cell.printed, cell.status, cell.start + by, cell.end + by, cell.repair)


def test_spans_point_at_the_printed_figures():
    text = render(random_figures(Random(5)), "markdown")
    for cell in read(text).cells:
        assert cell.start is not None
        assert text[cell.start : cell.end] == cell.printed
        if "amount" not in cell.id:
            assert cell.printed == str(cell.value)


def test_the_cells_of_a_reader_are_taken_as_they_are():
    figures = random_figures(Random(8), blanks="some")
    text = render(figures)
    grids: list[Grid] = []
    start = 0
    for part in text.split("\n\n"):
        offset, grid_cells = start, list[GridCell]()
        for row, line in enumerate(part.split("\n")):
            for column, cell in enumerate(line.split("\t")):
                grid_cells.append(GridCell(row, column, 1, 1, offset, offset + len(cell)))
                offset += len(cell) + 1
        grids.append(Grid(start, start + len(part), tuple(grid_cells)))
        start += len(part) + 2
    # With the tabs gone, only the grids tell the cells apart.
    document = Document(text.replace("\t", " "), (), "", "", "html", tuple(grids))
    first = [cell for cell in read_tables(document, ()).cells if not cell.id.startswith("proceedings")]
    assert {c.id: c.value for c in first} == {i: v for i, v in figures.items() if "proceedings" not in i}


def test_cells_come_in_the_order_of_the_scheme():
    tables = scheme().tables
    ids = [*tables["disclosure"], *tables["applications"], *tables["proceedings"]]
    assert [cell.id for cell in read(render(small_figures())).cells] == ids
    assert len(LABELS) * 7 == len(tables["applications"])


@pytest.mark.parametrize(
    "text",
    [
        "0 " * 200_000,
        "重复申请属于国家秘密予以公开本年新收结转下年1\t" * 20_000,
        "本年制发件数 规章 " + "(" * 300_000,
        "结果维持" * 100_000,
        "新收政府信息公开申请 予以公开 部分公开 重复申请 " + "12345678901 " * 500,
        "|\n" * 100_000,
    ],
)
def test_hostile_texts_are_read_without_a_crash(text: str):
    assert read(text).cells
