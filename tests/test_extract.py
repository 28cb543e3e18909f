"""From a file to its record: what may come in, and what must come out."""

import json
import time
from pathlib import Path

import jsonschema
import pytest
from gongkai import Record, extract
from gongkai.annotations.scheme import scheme
from gongkai.extraction import pipeline
from gongkai.extraction.components import RULES
from gongkai.extraction.schema import SCHEMA_FILE, schema_text

TITLE = "青屏县公安局2023年政府信息公开工作年度报告\n"


def written(folder: Path, text: str) -> Path:
    path = folder / "report.txt"
    path.write_text(text, encoding="utf-8", newline="")
    return path


def test_the_schema_in_the_repository_is_the_models():
    assert SCHEMA_FILE.read_text("utf-8") == schema_text(), "run python -m gongkai.extraction.schema"


def test_records_keep_the_schema_and_come_back_from_json(examples: Path):
    validator = jsonschema.Draft202012Validator(json.loads(SCHEMA_FILE.read_text("utf-8")))
    for path in sorted(examples.glob("*.txt")):
        record = extract(path)
        text = record.model_dump_json()
        assert list(validator.iter_errors(json.loads(text))) == []
        assert Record.model_validate_json(text) == record


def test_every_value_stands_where_it_says(examples: Path):
    for path in sorted(examples.glob("*.txt")):
        record = extract(path)
        text = pipeline.read_document(path).text
        marks = [*record.facts, *record.problems, *record.improvements]
        assert [text[mark.start : mark.end] for mark in marks] == [mark.text for mark in marks]
        for section in record.sections:
            assert text[section.start : section.end].strip() == text[section.start : section.end] != ""
        for flat in record.metrics.values():
            assert record.facts[flat.fact].value == flat.value


def test_labels_are_those_of_the_scheme(examples: Path):
    known = scheme()
    cells = {cell for table in known.tables.values() for cell in table}
    for path in sorted(examples.glob("*.txt")):
        record = extract(path)
        assert {section.label for section in record.sections} <= set(known.sections)
        assert set(record.statistics) <= cells
        assert {fact.metric for fact in record.facts} <= set(known.metrics)
        assert {fact.channel for fact in record.facts} <= {None, *known.channels}
        themes = {theme for item in (*record.problems, *record.improvements) for theme in item.themes}
        assert themes <= set(known.themes)


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("", "failed"),
        ("关于做好2023年防汛工作的通知\n各街道办事处：请于5月10日前报送方案。\n", "not_a_report"),
        (
            "青屏县公安局政府信息公开指南\n为了便于公民获取政府信息，编制本指南。\n一、公开范围\n",
            "not_a_report",
        ),
        ("青屏县公安局举办警营开放日活动\n1月10日，30余名市民走进警营。\n", "not_a_report"),
        (TITLE, "ok"),
        (TITLE + "一、总体情况\n2023年，共收到申请1", "ok"),
    ],
    ids=["empty", "notice", "guide", "news", "title only", "truncated"],
)
def test_what_is_no_report_is_said_and_what_is_left_of_one_is_read(tmp_path: Path, text: str, status: str):
    record = extract(written(tmp_path, text))
    assert record.status == status
    assert bool(record.errors) == (status != "ok")


def test_missing_tables_are_absent_not_zero(tmp_path: Path):
    record = extract(
        written(
            tmp_path,
            TITLE
            + "一、总体情况\n工作有序开展。\n二、主动公开政府信息情况\n三、收到和处理政府信息公开申请情况\n",
        )
    )
    assert record.status == "ok"
    assert {(cell.status, cell.value) for cell in record.statistics.values()} == {("absent", None)}
    assert len(record.statistics) == 200


def test_a_component_that_breaks_costs_its_own_part_only(examples: Path, monkeypatch: pytest.MonkeyPatch):
    def broken(*_: object) -> None:
        raise RuntimeError("boom")

    monkeypatch.setattr(pipeline, "read_tables", broken)
    record = extract(sorted(examples.glob("*.txt"))[0])
    assert record.status == "partial"
    assert record.errors[0].component == "tables"
    assert record.statistics == {}
    assert record.facts and record.sections


LONG = {
    "one line of digits": "1234567890" * 100_000,
    "one line of prose": "公开信息12条，其中微博3条、微信4条，" * 50_000,
    "one line of numerals": "一二三四五六七八九十百千万亿余" * 60_000,
    "one line of negations": "未无没有收到" * 150_000,
    "open brackets": "（" * 1_000_000,
    "open quotes": "“《" * 500_000,
    "short lines": "1\n" * 500_000,
    "blank lines": "\n \t" * 300_000 + "。",
    "tabs": "\t0" * 500_000,
    "pipes": "0|\n" * 300_000,
    "ordinals": "一是不足，二是" * 120_000,
    "headings": "一、总体情况\n（一）主动公开\n" * 50_000,
    "table labels": "三、本年度办理结果\n（一）予以公开\n1\n" * 30_000,
}


@pytest.mark.parametrize("text", LONG.values(), ids=LONG.keys())
def test_a_million_characters_of_anything_end_in_time(tmp_path: Path, text: str):
    """A quadratic step anywhere would take hours; the generous limit only tells linear from not."""
    began = time.monotonic()
    record = extract(written(tmp_path, TITLE + "一、总体情况\n" + text), RULES)
    assert record.status in ("ok", "not_a_report")
    assert time.monotonic() - began < 60
