"""The files of a data set: Parquet, CSV, Excel, plots and the page."""

import csv
import re
import warnings
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import get_args
from xml.etree import ElementTree

import duckdb
import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from fontTools.ttLib import TTFont
from gongkai import Record
from gongkai.annotations.scheme import scheme
from gongkai.panel.build import add_records, codebook_of
from gongkai.panel.database import open_database
from gongkai.panel.decisions import Outcome, Verdict
from gongkai.panel.exports import write_codebook, write_csv, write_excel, write_parquet
from gongkai.panel.figures import figures_of
from gongkai.panel.knowledge import panel_knowledge
from gongkai.panel.page import write_page
from gongkai.panel.plots import draw, save_figure
from gongkai.panel.standing import Status
from gongkai.panel.tidy_tables import PARTS
from gongkai.panel.wording import in_chinese
from PIL import Image
from pylopdf_fonts_zh_cn import sans_path

from .panel_records import examples, lines, report

NANJING = ("江苏省", "南京市", None)
HOSTILE = '=HYPERLINK("http://x.example","<script>alert(1)</script>")'


@pytest.fixture(scope="module")
def database() -> Iterator[duckdb.DuckDBPyConnection]:
    """The examples, three more years of one agency, and words that would do harm where they are not just text."""
    hostile = report("南京市公安局", 2023, region=NANJING)
    info = hostile.report.model_copy(update={"title": HOSTILE, "source": HOSTILE})
    years = [report("南京市公安局", year, region=NANJING) for year in (2020, 2021)]
    with open_database(None) as connection:
        hostile = hostile.model_copy(update={"report": info})
        add_records(connection, lines(*examples(), *years, hostile, report(HOSTILE, 2023)))
        yield connection


def test_parquet_holds_the_whole_records_nested_and_typed(database, tmp_path: Path):
    path = tmp_path / "new" / "records.parquet"
    write_parquet(database, path)
    schema = pq.read_schema(path)
    assert schema.names == list(Record.model_fields)
    assert pa.types.is_map(schema.field("statistics").type)
    assert pa.types.is_struct(schema.field("report").type)
    assert schema.field("facts").type.value_type.field("value").type == pa.float64()
    assert schema.field("report").type.field("period_start").type == pa.date32()
    table = pq.read_table(path)
    assert table.num_rows == len(examples()) + 4
    found = {}
    for row in table.to_pylist():
        for part in PARTS:
            row[part.field] = dict(row[part.field]) if part.key else row[part.field]
        record = Record.model_validate(row)
        found[record.report.sha256] = record
    assert all(found[record.report.sha256] == record for record in examples())
    assert [p.name for p in path.parent.iterdir()] == ["records.parquet"]


def test_parquet_has_the_same_schema_whatever_the_records_hold(database, tmp_path: Path):
    write_parquet(database, tmp_path / "full.parquet")
    bare = Record(status="failed", report=type(examples()[0].report)(source="x"))
    with open_database(None) as connection:
        add_records(connection, lines(bare))
        write_parquet(connection, tmp_path / "bare.parquet")
    assert pq.read_schema(tmp_path / "bare.parquet") == pq.read_schema(tmp_path / "full.parquet")


def test_csv_has_chinese_heads_and_the_figures_as_printed(database, tmp_path: Path):
    write_csv(database, tmp_path / "panel.csv")
    assert (tmp_path / "panel.csv").read_bytes().startswith("\ufeff机构编号,机构,年份,".encode())
    with (tmp_path / "panel.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == len(examples()) + 3
    first = next(row for row in rows if row["报告编号"] == examples()[0].report.sha256)
    received = examples()[0].statistics["applications.new.total"].value
    assert first["依申请公开·本年新收政府信息公开申请数量·总计"] == str(received)  # no decimals
    assert [p.name for p in tmp_path.iterdir()] == ["panel.csv"]


def test_the_code_book_is_a_row_for_each_column(database, tmp_path: Path):
    write_codebook(database, tmp_path / "codebook.csv")
    with (tmp_path / "codebook.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    panel = [row for row in rows if row["表"] == "面板"]
    assert [row["列名"] for row in panel] == [column.column for column in codebook_of(database)]
    assert all(row["中文名称"] for row in rows)
    assert {row["类别"] for row in panel} == {"报告", "统计表", "叙述"}
    units = {row["列名"]: row["单位"] for row in panel}
    assert (units["told_reply_rate"], units["pass_rate"], units["told_info_published"]) == (
        "比例",
        "比例",
        "条",
    )
    assert {row["表"] for row in rows} == {"面板", *(sheet["name"] for sheet in panel_knowledge()["sheets"])}


def test_excel_holds_the_panel_the_code_book_and_the_lists(database, tmp_path: Path):
    write_excel(database, tmp_path / "panel.xlsx")
    book = openpyxl.load_workbook(tmp_path / "panel.xlsx")
    sheets = ["存疑机构", "人工决定", "机构名称", "同年多份", "缺失年份", "不符项", "报告质量"]
    assert book.sheetnames == ["面板", "代码本", *sheets]
    heads, *rows = book["面板"].iter_rows(values_only=True)
    found = database.execute("SELECT * FROM panel ORDER BY agency_id, year").fetchall()
    assert heads == tuple(column.name_zh for column in codebook_of(database))
    assert rows == [tuple(None if value == "" else value for value in row) for row in found]
    title = book["面板"].cell(row=1 + _row_of(rows, HOSTILE) + 1, column=heads.index("标题") + 1)
    assert (title.value, title.data_type) == (HOSTILE, "s")  # text, not a formula
    assert book["面板"].freeze_panes == "D2"


def test_every_sheet_of_the_workbook_speaks_chinese(database, tmp_path: Path):
    write_excel(database, tmp_path / "panel.xlsx")
    book = openpyxl.load_workbook(tmp_path / "panel.xlsx", read_only=True)
    known = {row[4]: row[1] for row in book["代码本"].iter_rows(min_row=2, values_only=True)}
    for sheet in book.worksheets:
        heads = next(sheet.iter_rows(max_row=1, values_only=True))
        assert all(re.search("[㐀-鿿]", str(head)) for head in heads), sheet.title
        assert sheet.title == "代码本" or set(heads) <= known.keys()
    failed = list(book["不符项"].iter_rows(min_row=2, values_only=True))
    assert failed and all(re.search("[㐀-鿿]", row[2]) for row in failed)
    assert all(row[5] in ("不符", "提示") and row[6] in ("是", "否") for row in failed)


def test_all_that_the_database_says_in_english_has_words_in_chinese(database):
    checks = [
        check
        for (check,) in database.execute(
            "SELECT DISTINCT id FROM checks UNION SELECT id FROM cross_year_checks"
        ).fetchall()
    ]
    assert len(checks) > 30
    told = [
        *get_args(Outcome),
        *get_args(Status),
        *get_args(Verdict)[:2],
        *checks,
        "unknown",
        "ambiguous",
        "nationwide",
    ]
    assert [words for words in told if not re.search("[㐀-鿿]", in_chinese(words))] == []
    assert in_chinese("applications.balance.natural") == "新收＋上年结转＝办理总计＋结转下年（自然人）"
    assert in_chinese("told.reviews.2") == "正文所述“行政复议”＝统计表"


def _row_of(rows: list[tuple], value: str) -> int:
    return next(place for place, row in enumerate(rows) if value in row)


def test_every_character_of_the_plots_is_in_the_font(database):
    font = TTFont(sans_path())
    drawn = {char for figure in figures_of(database) for char in figure.title + figure.note}
    drawn |= {
        char for figure in figures_of(database) for row in figure.rows for cell in row for char in str(cell)
    }
    drawn |= {char for name in scheme().names["themes"].values() for char in name}
    assert not {char for char in drawn if ord(char) not in font.getBestCmap()}


def test_plots_are_drawn_with_their_type_as_shapes_and_their_numbers_beside(database, tmp_path: Path):
    figures = figures_of(database)
    assert {figure.name for figure in figures if figure.rows} == {figure.name for figure in figures}
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # matplotlib warns of a glyph that a font lacks
        for figure in figures:
            save_figure(figure, tmp_path)
    for figure in figures:
        svg = ElementTree.parse(tmp_path / f"{figure.name}.svg")
        tags = {element.tag.rpartition("}")[2] for element in svg.iter()}
        assert "text" not in tags and "use" in tags
        with Image.open(tmp_path / f"{figure.name}.png") as image:
            assert image.width > 1200
            assert len(image.convert("L").getcolors()) > 20
        with (tmp_path / f"{figure.name}.csv").open(encoding="utf-8-sig", newline="") as file:
            heads, *rows = csv.reader(file)
        assert heads == list(figure.heads)
        assert len(rows) == len(figure.rows)


def test_plots_are_the_same_bytes_each_time(database, tmp_path: Path):
    figure = figures_of(database)[0]
    for folder in ("a", "b"):
        save_figure(figure, tmp_path / folder)
    for suffix in ("svg", "png"):
        assert (tmp_path / f"a/reports.{suffix}").read_bytes() == (
            tmp_path / f"b/reports.{suffix}"
        ).read_bytes()


def test_the_bars_of_a_plot_are_its_numbers(database):
    figure = next(f for f in figures_of(database) if f.name == "reports")
    bars = draw(figure).axes[0].patches
    assert [bar.get_height() for bar in bars] == figure.column("报告数")
    assert sum(figure.column("报告数")) == len(examples()) + 3


def test_a_line_is_broken_where_years_are_missing_and_has_a_band_only_over_several_reports(database):
    figure = next(f for f in figures_of(database) if f.name == "channels")
    row = dict.fromkeys(figure.heads, 1.0) | {"指标": "微博发布（条）"}
    years = {2016: 5, 2017: 5, 2020: 2}
    rows = [tuple((row | {"年份": year, "n": count}).values()) for year, count in years.items()]
    (axes,) = draw(replace(figure, rows=tuple(rows))).axes
    drawn = dict(zip(*axes.lines[0].get_data(), strict=True))
    assert [year for year, value in drawn.items() if value == value] == [2016, 2017, 2020]
    assert set(drawn) == {2016, 2017, 2018, 2019, 2020}
    corners = {x for path in axes.collections[0].get_paths() for x, _ in path.vertices}
    assert corners == {2016, 2017}
    assert [text.get_text() for text in axes.texts] == ["5", "5", "2"]


class _Links(HTMLParser):
    """All addresses that a page asks for, and its elements."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.tags: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [
            value or "" for name, value in attrs if name in ("src", "href", "srcset", "action", "data")
        ]


def test_the_page_asks_for_nothing_outside_itself_and_shows_text_as_text(database, tmp_path: Path):
    path = tmp_path / "report.html"
    write_page(database, figures_of(database), path)
    page = path.read_text("utf-8")
    seen = _Links()
    seen.feed(page)
    assert seen.links
    assert all(link.startswith(("#", "data:image/svg+xml;base64,")) for link in seen.links)
    assert not re.search(r"@import|url\(|fetch\(|XMLHttpRequest", page)
    assert seen.tags.count("script") == 1  # the page's own, not the one in a title
    assert seen.tags.count("img") == len(figures_of(database))
    assert "南京市公安局" in page and "&lt;script&gt;" in page
    assert "没有需要核看的：未读成的文件、" in page


def test_a_page_of_reports_without_a_panel_says_so(tmp_path: Path):
    with open_database(None) as connection:
        add_records(connection, lines(report("当前位置:首页>>", 2022)))
        write_page(connection, figures_of(connection), tmp_path / "report.html")
    page = (tmp_path / "report.html").read_text("utf-8")
    assert page.count("没有数据") == len(figures_of_empty())
    assert "<img" not in page


def figures_of_empty() -> list:
    with open_database(None) as connection:
        add_records(connection, lines(report(None, None)))
        return [figure for figure in figures_of(connection) if not figure.rows]
