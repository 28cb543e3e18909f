"""The reader that comes with gongkai, on texts it never learned from."""

import re
import unicodedata
from dataclasses import replace
from pathlib import Path

import opencc
import pytest
from gongkai.annotations.corpus import part_of, read_corpus
from gongkai.annotations.labelled import LabelledText, is_passage
from gongkai.app.cli import app
from gongkai.eval.bench.headings import label_accuracy
from gongkai.eval.predictions import reading_with, without_marks
from gongkai.eval.score import MAIN, score_texts, total
from gongkai.extraction import components
from gongkai.extraction.components import RULES, learned, shipped
from gongkai.extraction.document import Document
from gongkai.extraction.pipeline import extract, extract_section
from gongkai.extraction.readers.text import text_blocks
from gongkai.models.files import WeightsError
from gongkai.models.runtime import SHIPPED, load_reader
from gongkai.training.line_examples import NO_HEADINGS, NO_NUMERALS
from typer.testing import CliRunner

DEV = [text for text in read_corpus() if part_of(text) == "dev"]
PASSAGES = [text for text in DEV if is_passage(text) and not text.noise][:16]


def document(text: str) -> Document:
    return Document(text, text_blocks(text), "report.txt", "", "text")


def facts(text: LabelledText, written: str) -> list[tuple[object, ...]]:
    record = extract_section(document(written), text.sections[0].label)
    return [(f.metric, f.channel, f.value, f.role, f.period) for f in record.facts]


def test_it_is_ahead_of_the_rules_on_agencies_that_it_never_saw():
    some = DEV[::4]
    by_rules, read = (
        total(score_texts([(text, reading_with(parts)(without_marks(text))) for text in some])).marks
        for parts in (RULES, shipped())
    )
    assert read[MAIN].f1 > by_rules[MAIN].f1 + 0.02
    assert read["problems"].f1 > by_rules["problems"].f1


def full_width(text: str) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if c.isascii() and (c.isdigit() or c in "%()") else c for c in text)


def traditional(text: str) -> str:
    return opencc.OpenCC("s2t").convert(text)


# Kangxi radicals and characters that only look like others, as fonts of PDF files have them.
RADICALS = {unicodedata.normalize("NFKC", chr(n)): chr(n) for n in range(0x2F00, 0x2FD6)}


def with_radicals(text: str) -> str:
    return "".join(RADICALS.get(c, c) for c in text)


def with_private_glyphs(text: str) -> str:
    return re.sub("(?<=。)", "\ue004", text)


@pytest.mark.parametrize("rewritten", [full_width, with_radicals, with_private_glyphs])
def test_other_forms_of_the_same_characters_give_the_same_facts(rewritten):
    for text in PASSAGES:
        assert facts(text, rewritten(text.text)) == facts(text, text.text), text.id


def test_traditional_script_gives_the_same_facts():
    # opencc is no exact inverse of itself (于, 於): where the way back gives other characters, they are other texts.
    back = opencc.OpenCC("t2s")
    same = [t for t in PASSAGES if t.text and back.convert(traditional(t.text)) == t.text]
    assert len(same) > len(PASSAGES) / 2
    for text in same:
        assert facts(text, traditional(text.text)) == facts(text, text.text), text.id


def test_characters_that_the_encoder_does_not_know_do_no_harm():
    told = extract_section(
        document("𠮷田局通过門戸网站發布信息12條,龘龘🙂公告3条。"), "overview.disclosure"
    ).facts
    assert [fact.value for fact in told] == [12, 3]


def test_a_report_of_200_000_characters_loses_nothing():
    sentence = "全年通过门户网站发布信息{}条,召开新闻发布会{}场。" + "其余各项工作按照上级要求稳步推进。" * 17
    text = "".join(sentence.format(1000 + n, 2 + n % 7) for n in range(680))
    assert len(text) > 200_000
    told = extract_section(document(text), "overview.disclosure").facts
    values = [fact.value for fact in told if fact.metric == "info_published"]
    assert values == [1000 + n for n in range(680)]


def test_no_confidence_is_above_one_where_ordinals_and_the_reader_agree():
    section = (
        "四、存在的主要问题及改进情况\n存在的问题：一是主动公开的内容不够全面。二是政策解读的形式比较单一。\n"
        "改进措施：一是扩大主动公开的范围。二是丰富政策解读的形式。\n"
    )
    told = extract_section(document(section), "problems")
    statements = (*told.problems, *told.improvements)
    assert len(statements) == 4
    assert all(0.5 < statement.confidence <= 1 for statement in statements)


@pytest.mark.parametrize(
    ("told", "problems"),
    [
        ("存在网站栏目更新慢、与群众互动渠道不畅等问题。", ["网站栏目更新慢", "与群众互动渠道不畅"]),
        ("还存在政策、通知更新不及时等问题。", ["政策、通知更新不及时"]),
        ("一是公开内容不够全面、更新不够及时。", ["公开内容不够全面、更新不够及时"]),
    ],
)
def test_a_list_of_problems_is_divided_where_no_ordinal_holds_it_together(told: str, problems: list[str]):
    section = f"五、存在的主要问题及改进情况\n我局政府信息公开工作{told}下一步，我局将加强管理。\n"
    found = extract_section(document(section), "problems").problems
    assert [problem.text for problem in found] == problems


def test_every_fact_stands_where_it_says():
    for text in PASSAGES[:10]:
        record = extract_section(document(text.text), text.sections[0].label)
        for fact in record.facts:
            assert fact.text == text.text[fact.start : fact.end]
            assert 0 < fact.confidence <= 1
            assert fact.origin == "model"


def test_a_higher_threshold_finds_fewer_facts_and_no_others():
    reader = load_reader()
    thresholds = {**reader.decoding.thresholds, "fact": 0.95}
    strict = learned(replace(reader, decoding=reader.decoding.model_copy(update={"thresholds": thresholds})))
    for text in PASSAGES[:10]:
        few, many = (
            {
                (f.start, f.metric)
                for f in extract_section(document(text.text), text.sections[0].label, parts).facts
            }
            for parts in (strict, shipped())
        )
        assert few <= many


@pytest.mark.parametrize(("damage", "least"), [(NO_NUMERALS, 0.98), (NO_HEADINGS, 0.93)])
def test_sections_are_found_by_what_lines_say_where_headings_are_damaged(damage: int, least: float):
    reports = [text for text in DEV if not is_passage(text)]
    ruled, read = (label_accuracy(reports, damage, parts).rate for parts in (RULES, shipped()))
    assert read >= least
    assert read > ruled


@pytest.mark.parametrize("name", ["encoder.onnx", "heads.safetensors", "reader.json"])
def test_a_missing_or_damaged_file_gives_one_clear_error(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    for path in SHIPPED.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    damaged = (tmp_path / name).read_bytes()[:-20]
    (tmp_path / name).write_bytes(damaged)
    monkeypatch.setattr(components, "load_reader", lambda: load_reader(tmp_path))
    shipped.cache_clear()
    report = tmp_path / "report.txt"
    report.write_text("某某市公安局2021年政府信息公开工作年度报告\n一、总体情况\n发布信息3条。", "utf-8")
    try:
        with pytest.raises(WeightsError, match=name):
            extract(report)
        told = CliRunner().invoke(app, ["extract", str(report), "-o", str(tmp_path / "out.jsonl")])
    finally:
        shipped.cache_clear()
    assert told.exit_code == 2
    assert name in told.output
    assert "install gongkai again" in told.output


def test_importing_gongkai_loads_nothing_heavy():
    import subprocess
    import sys

    check = "import sys, gongkai; gongkai.extract; sys.exit(bool({'torch', 'transformers', 'spacy', 'jieba', 'onnxruntime'} & sys.modules.keys()))"
    assert subprocess.run([sys.executable, "-c", check], check=False).returncode == 0
