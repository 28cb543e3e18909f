"""Sentences of normalised text."""

import time

import pytest
from gongkai.extraction.narrative.sentences import sentences
from gongkai.extraction.normalise import normalise
from hypothesis import given, settings
from hypothesis import strategies as st


def split(text: str) -> list[str]:
    return [text[start:end] for start, end in sentences(text)]


CASES = [
    ("发布信息3条。召开会议2次!", ["发布信息3条。", "召开会议2次!"]),
    ("(一)主动公开\n全年公开5条;新增1条", ["(一)主动公开", "全年公开5条;新增1条"]),
    ('推出"安全吗?安全!"专栏。反响良好。', ['推出"安全吗?安全!"专栏。', "反响良好。"]),
    ("推出《小心!有诈》两期。", ["推出《小心!有诈》两期。"]),
    ('他说"请放心。"会后答复。', ['他说"请放心。"', "会后答复。"]),
    ('按照"应公开、尽公开。"的原则办理。', ['按照"应公开、尽公开。"的原则办理。']),
    ("已答复(详见附件。)另有1件。", ["已答复(详见附件。)", "另有1件。"]),
    ("真的?!是的。。", ["真的?!", "是的。。"]),
    (' 公开1条。  又公开2条 \n\n"半个引号。下一句。', ["公开1条。", "又公开2条", '"半个引号。', "下一句。"]),
    ("公开率98.5%。", ["公开率98.5%。"]),
    ("", []),
    (" \n ", []),
]


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_splits_where_a_reader_would(text: str, expected: list[str]) -> None:
    assert split(text) == expected


def test_a_long_quotation_holds_sentences() -> None:
    speech = "我们将继续做好公开工作,回应群众关切,接受社会监督。" * 3
    assert len(split(f'负责人表示"{speech}"会议结束。')) == 4


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet='公开了信息。!?;:,、"《》()[] \n12.'))
def test_sentences_cover_every_character_once(text: str) -> None:
    spans = sentences(text)
    covered = [i for start, end in spans for i in range(start, end)]
    assert covered == sorted(set(covered))
    assert {i for i, c in enumerate(text) if not c.isspace()} <= set(covered)
    assert all(text[start:end] == text[start:end].strip() != "" for start, end in spans)
    assert all("\n" not in text[start:end] for start, end in spans)


@pytest.mark.parametrize("unit", ["。", '"', "《", "字", "\n", '"。', "《。", '"字。"'])
def test_time_is_linear_on_hostile_text(unit: str) -> None:
    text = (unit * 300_000)[:300_000]
    start = time.perf_counter()
    sentences(text)
    assert time.perf_counter() - start < 5


def test_sentences_of_real_reports_are_neither_lines_nor_pages(seeds) -> None:
    for path in sorted(seeds.glob("*.txt")):
        text = normalise(path.read_text("utf-8")).text
        found = split(text)
        assert max(map(len, found)) < 600
        assert all("。" not in s.rstrip('"》)]。')[:-1] or '"' in s or "《" in s for s in found)


def test_a_quotation_that_opens_a_sentence_belongs_to_it():
    text = '发布信息3条。"平安某地"微博发布5条。'
    assert [text[a:b] for a, b in sentences(text)] == ["发布信息3条。", '"平安某地"微博发布5条。']


def test_a_quotation_closed_behind_its_end_stays_with_it():
    text = '他说:"已经公开了多条相关信息并且持续更新,请大家放心查阅有关内容。"随后答复5件。'
    assert [text[a:b] for a, b in sentences(text)][-1] == "随后答复5件。"
