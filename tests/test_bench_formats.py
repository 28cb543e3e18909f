"""The bench of formats: what it counts, the files it makes, and the tables it writes."""

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pypdfium2
import pytest
from gongkai.eval.baselines.results import NoPlaceError
from gongkai.eval.bench import formats, formats_files
from gongkai.eval.bench.formats import Format, choose_reports
from gongkai.eval.bench.formats_files import FILES, scans
from gongkai.eval.bench.formats_finders import match_rows, recovered
from gongkai.eval.bench.formats_marks import Marks, Truth, differences, marks_of, read_record, truth_of
from gongkai.eval.bench.formats_stages import staged
from gongkai.eval.bench.rendering import RenderingError, convert, pdf_of_html
from gongkai.eval.bench.report_parts import Report, reports, rows_of, tab_lines
from gongkai.eval.bench.scanning import POOR, USUAL, write_scan
from gongkai.extraction.components import RULES
from gongkai.extraction.pipeline import extract_document
from gongkai.extraction.readers.assemble import Paragraph, Table, TableCell
from gongkai.extraction.record import FactRecord, Record, Statistic
from typer import Exit

from .pdf_pages import pdf, put


@pytest.fixture(scope="module")
def everything(examples: Path) -> list[Report]:
    return list(reports(examples))


@pytest.fixture(scope="module")
def report(examples: Path) -> Report:
    return next(reports(examples))


@pytest.fixture(scope="module")
def record(report: Report) -> Record:
    return extract_document(report.document(), RULES)


@pytest.fixture(scope="module")
def truth(report: Report) -> Truth:
    return truth_of(report)


def test_the_record_of_the_plain_text_itself_has_full_marks(record: Record, truth: Truth):
    assert differences(record, truth) == []
    assert marks_of(record, truth) == Marks(
        reports=1, cells=200, right=200, facts=len(record.facts), found=len(record.facts),
        statements=6, kept=6, sections=1, heads=1,
    )  # fmt: skip


def test_a_cell_told_as_blank_or_otherwise_is_wrong_and_one_said_to_be_unreadable_is_not(
    record: Record, truth: Truth
):
    def told(**cells: Statistic) -> Marks:
        changed = {name.replace("__", "."): cell for name, cell in cells.items()}
        return marks_of(record.model_copy(update={"statistics": {**record.statistics, **changed}}), truth)

    assert truth.values["applications.new.natural"] == 46
    other = told(applications__new__natural=Statistic(value=48, printed="48", status="read"))
    blank = told(applications__new__natural=Statistic(value=None, printed="", status="blank"))
    repaired = told(applications__new__natural=Statistic(value=45, printed="4□", status="repaired"))
    unreadable = told(applications__new__natural=Statistic(value=None, printed="4□", status="unreadable"))
    more = told(disclosure_2019__fees__change=Statistic(value=1, printed="1", status="read"))
    assert [(m.right, m.unreadable, m.wrong) for m in (other, blank, repaired, unreadable, more)] == [
        (199, 0, 1), (199, 0, 1), (199, 0, 1), (199, 1, 0), (200, 0, 1),
    ]  # fmt: skip


def test_facts_and_statements_told_otherwise_are_missing_and_added(record: Record, truth: Truth):
    first: FactRecord = record.facts[0]
    problem = record.problems[0]
    other = record.model_copy(
        update={
            "facts": [first.model_copy(update={"value": first.value + 1}), *record.facts[1:]],
            "problems": [problem.model_copy(update={"text": problem.text[:-2]}), *record.problems[1:]],
            "sections": record.sections[1:],
        }
    )
    marks = marks_of(other, truth)
    assert (marks.found, marks.added) == (marks.facts - 1, 1)
    assert (marks.kept, marks.invented, marks.sections) == (5, 1, 0)
    assert [line.split(":")[0] for line in differences(other, truth)] == ["sections", "facts", "statements"]


def test_white_space_and_the_form_of_quotation_marks_make_no_other_statement(record: Record, truth: Truth):
    problem = record.problems[0]
    text = problem.text.replace("“", '"').replace("，", ", ")
    marks = marks_of(
        record.model_copy(
            update={"problems": [problem.model_copy(update={"text": text}), *record.problems[1:]]}
        ),
        truth,
    )
    assert (marks.kept, marks.invented) == (6, 0)


def test_a_file_that_is_refused_counts_in_full(truth: Truth, tmp_path: Path):
    marks = marks_of(read_record(tmp_path / "missing.docx", RULES), truth)
    assert (marks.refused, marks.right, marks.unreadable, marks.found) == (1, 0, 200, 0)


def test_known_figures_come_back_from_the_tables_printed_with_them(everything: list[Report]):
    for report in everything[8:24]:
        record = extract_document(report.document(), RULES)
        told = {name: record.statistics[name].value for name in report.values}
        assert told == dict(report.values), report.id


def test_lines_of_the_page_are_left_out_and_the_signature_is_not(everything: list[Report]):
    texts = {report.id: report.text for report in everything}
    assert "分享到" not in texts["huabei-r001"]
    assert texts["huabei-r001"].endswith("额仁图市公安局\n2022年1月18日\n")
    assert texts["01_yunling_2022"].endswith("云岭市公安局\n2023年1月18日\n")


def test_merged_cells_stand_at_their_upper_left_corner():
    table = Table(
        [TableCell(0, 0, "甲", 2, 1), TableCell(0, 1, "乙", 1, 2), TableCell(1, 1, "1"), TableCell(1, 2, "2")]
    )
    assert tab_lines(table) == ["甲\t乙\t", "\t1\t2"]
    assert [[cell.text for cell in row] for row in rows_of(table)] == [["甲", "乙"], ["1", "2"]]


def test_a_few_reports_are_the_examples_and_some_from_all_over_the_corpus(
    everything: list[Report], examples: Path
):
    assert [one.id for one in choose_reports(examples, 3)] == [one.id for one in everything[:3]]
    chosen = [one.id for one in choose_reports(examples, 15)]
    assert chosen[:9] == [one.id for one in everything[:9]]
    assert len({name.split("-")[0] for name in chosen[9:]}) >= 4


def test_files_are_made_once_and_anew_when_the_report_changes(report: Report, tmp_path: Path):
    make = FILES["docx"]["official"]
    (first,) = make([report], tmp_path)
    before = first.stat().st_mtime_ns
    assert make([report], tmp_path) == [first]
    assert first.stat().st_mtime_ns == before
    changed = Report(report.id, [*report.parts, Paragraph("附注")], report.values)
    assert make([changed], tmp_path) != [first]


def test_a_scan_is_the_same_for_the_same_seed_and_has_no_text(tmp_path: Path):
    (tmp_path / "one.pdf").write_bytes(pdf(lambda canvas: put(canvas, 90, 100, "全年公开信息12条。")))
    for name, wear, seed in (("a", USUAL, 1), ("b", USUAL, 1), ("c", USUAL, 2), ("d", POOR, 1)):
        write_scan(tmp_path / "one.pdf", 100, wear, seed, tmp_path / f"{name}.pdf")
    images = {name: _pixels(tmp_path / f"{name}.pdf") for name in "abcd"}
    assert np.array_equal(images["a"], images["b"])
    assert not np.array_equal(images["a"], images["c"])
    assert images["d"].std() > images["a"].std()  # more grain
    document = pypdfium2.PdfDocument(tmp_path / "a.pdf")
    assert document[0].get_textpage().get_text_range() == ""
    assert document[0].get_size() == pytest.approx((595, 842), abs=1)


def _pixels(path: Path) -> np.ndarray:
    return np.asarray(pypdfium2.PdfDocument(path)[0].render(scale=100 / 72, grayscale=True).to_numpy())[
        ..., 0
    ]


def test_scans_are_made_of_two_designs_at_each_resolution():
    assert set(scans([150])) == {
        "chromium official, 150 dpi",
        "chromium web, 150 dpi",
        "libreoffice official, 150 dpi",
    }
    assert "chromium web, 200 dpi, poor" in scans([200])


def test_rows_are_matched_by_their_last_label_and_figures_by_their_place():
    known = dict.fromkeys(
        [f"applications.new.{who}" for who in ("natural", "business", "research", "welfare", "legal_service", "other_org", "total")]
        + ["disclosure.fees.amount", "disclosure.rules.issued", "disclosure.rules.repealed", "disclosure.rules.in_force"]
    )  # fmt: skip
    told = match_rows(
        [
            ["⼀、本年新收政府\n信息公开申请数里", "", "", "5", "0", "", "0", "0", "0", "5"],
            ["行政事业性收费", "1.25", "", ""],
            ["规 章", "3", "0", "12"],
            ["无此行", "1", "2", "3"],
            ["", "", "", "结果维持", "结果纠正", "其他结果", "尚未审结", "总计"],
        ],
        known,
    )
    assert told == {
        "applications.new.natural": 5, "applications.new.business": 0, "applications.new.research": None,
        "applications.new.welfare": 0, "applications.new.legal_service": 0, "applications.new.other_org": 0,
        "applications.new.total": 5, "disclosure.fees.amount": None, "disclosure.rules.issued": 3,
        "disclosure.rules.repealed": 0, "disclosure.rules.in_force": 12,
    }  # fmt: skip


def test_a_finder_that_is_not_installed_is_named_with_the_remedy(
    report: Report, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    monkeypatch.setitem(__import__("sys").modules, "pdfplumber", None)
    assert "pip install pdfplumber" in recovered("pdfplumber", [report], [tmp_path / "x.pdf"]).failure


def test_missing_programs_are_named_with_the_remedy(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setattr(shutil, "which", lambda _: None)
    with pytest.raises(RenderingError, match=r"chromium.*apt-get install chromium"):
        pdf_of_html("<p>1</p>", tmp_path / "x.pdf")
    with pytest.raises(RenderingError, match=r"soffice.*apt-get install libreoffice-writer"):
        convert([], "doc", tmp_path)


def test_the_command_prints_the_table_and_puts_it_in_its_place(
    examples: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    place = tmp_path / "FORMATS.md"
    place.write_text("before\n<!-- html -->\nold\n<!-- /html -->\nafter\n", "utf-8")
    formats.main([Format.HTML], reports=1, design=["portal"], folder=tmp_path, examples=examples, write=place)
    written = place.read_text("utf-8")
    assert "old" not in written and written.startswith("before") and written.endswith("after\n")
    assert "| portal | 1 | 200 | 200 | 0 | 0 |" in written
    assert "| portal | 1 | 200 | 200 | 0 | 0 |" in capsys.readouterr().out
    with pytest.raises(NoPlaceError):
        formats.main([Format.TEXT], reports=1, folder=tmp_path, examples=examples, write=place)


def test_without_the_programs_the_command_says_so_and_ends_with_two(
    examples: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setattr(shutil, "which", lambda _: None)
    with pytest.raises(Exit) as ended:
        formats.main([Format.DOC], reports=1, folder=tmp_path, examples=examples)
    assert ended.value.exit_code == 2
    assert "libreoffice-writer" in capsys.readouterr().err


def test_the_stages_of_a_scan_are_told_by_what_its_reader_calls():
    code = """
def work(): sum(range(300_000))
def prepare(): work()
def read_lines(): work(); work(); work()
def recognise_page(): prepare(); read_lines(); work()
def reread_tables(): read_lines()
"""
    reader: dict[str, Callable[[], None]] = {}
    exec(compile(code, "scan/file.py", "exec"), reader)
    with staged() as stages:
        reader["recognise_page"]()
        reader["reread_tables"]()
    assert {name for name, seconds in stages.items() if seconds > 0} == {
        "evening out, setting straight", "reading lines", "reading doubtful cells again", "all else",
    }  # fmt: skip


def test_every_format_of_the_issue_has_files():
    assert set(formats_files.FILES) == {"text", "html", "docx", "doc", "pdf"}
