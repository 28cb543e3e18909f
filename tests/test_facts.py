"""Facts by cue words: a table of freshly written sentences, and what holds for every text."""

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise, product
from pathlib import Path
from time import process_time
from typing import Any

import pytest
import yaml
from gongkai.annotations.scheme import scheme
from gongkai.extraction.document import Document
from gongkai.extraction.narrative.facts import Fact, read_facts
from gongkai.extraction.sections import Section
from hypothesis import given, settings
from hypothesis import strategies as st

DATA = Path(__file__).parent / "data"
CASES: list[dict[str, Any]] = yaml.safe_load((DATA / "fact_sentences.yaml").read_text("utf-8"))
FIELDS = {
    "role": {"total", "part", "share", "change", "prior"},
    "period": {"year", "cumulative", "snapshot", "average", "quarter", "other"},
    "scope": {"own", "wider", "unit", "unclear"},
}


def facts_in(
    text: str, label: str = "overview.disclosure", government: bool = False, body: str = "水务局"
) -> tuple[Fact, ...]:
    title = f"云溪市{'' if government else body}2023年政府信息公开工作年度报告\n"
    document = Document(title + text, (), "report.txt", "0" * 64, "text")
    return read_facts(document, [Section(label, "", len(title), len(title), len(title) + len(text))])


def wanted(case: dict[str, Any]) -> list[tuple[str, str | None, float, dict[str, str]]]:
    facts: list[tuple[str, str | None, float, dict[str, str]]] = []
    for line in case["f"]:
        metric, channel, value, *rest = line.split()
        fields: dict[str, str] = {}
        for word in rest:
            name = next((name for name, words in FIELDS.items() if word in words), "")
            assert name, f"unknown word {word} in {line}"
            fields[name] = word
        facts.append((metric, None if channel == "-" else channel, float(value), fields))
    return facts


def keys(facts: Sequence[Fact]) -> Counter[tuple[str, str | None, float]]:
    return Counter((f.metric, f.channel, float(f.value)) for f in facts)


@pytest.mark.parametrize("case", CASES, ids=[case["t"][:24] for case in CASES])
def test_sentence(case: dict[str, Any]):
    facts = facts_in(case["t"], case.get("s", "overview.disclosure"), case.get("g", False))
    expected = wanted(case)
    assert keys(facts) == Counter(e[:3] for e in expected)
    for metric, channel, value, fields in expected:
        candidates = [f for f in facts if (f.metric, f.channel, float(f.value)) == (metric, channel, value)]
        assert any(all(getattr(f, name) == word for name, word in fields.items()) for f in candidates), fields


def test_sentences_the_cues_were_not_written_for():
    right = wrong = missed = 0
    for case in yaml.safe_load((DATA / "fact_sentences_unseen.yaml").read_text("utf-8")):
        found = keys(facts_in(case["t"], case.get("s", "overview.disclosure"), case.get("g", False)))
        expected = Counter(e[:3] for e in wanted(case))
        right += (found & expected).total()
        wrong += (found - expected).total()
        missed += (expected - found).total()
    assert 2 * right / (2 * right + wrong + missed) > 0.95


def test_every_field_is_of_the_scheme(seeds: Path):
    for path in sorted(seeds.glob("*.txt")):
        for fact in read_facts(Document(path.read_text("utf-8"), (), path.name, "", "text"), []):
            assert fact.metric in scheme().metrics
            assert fact.channel is None or fact.channel in scheme().channels
            assert (fact.role, fact.period, fact.scope) in product(*FIELDS.values())
            assert 0 < fact.confidence < 1


def test_offsets_lie_in_the_text_as_read():
    text = (
        "　　为了方便群众了解水务工作情况，全年召开新闻\r\n发布会 １２ 场，在门户网站发布信息３０４条。\r\n"
    )
    first, second = read_facts(
        Document(text, (), "r.txt", "", "text"), [Section("overview", "", 0, 0, len(text))]
    )
    assert (text[first.start : first.end], text[second.start : second.end]) == ("１２ 场", "３０４条")
    assert text[first.sentence_start : first.sentence_end].startswith("为了方便")
    assert text[first.sentence_start : first.sentence_end].endswith("３０４条。")


def test_a_line_printed_twice_by_a_scan_counts_once_and_a_later_repetition_again():
    line = "全年召开新闻发布会8场。"
    assert len(facts_in(line * 2)) == 1
    assert len(facts_in(line + "相关工作有序推进。" + line)) == 2


def test_subsections_are_read_once_under_their_own_label():
    text = "全年公开信息30条。主动公开信息20条。收到申请5件。"
    spans = [("overview", 0, 25), ("overview.disclosure", 10, 20), ("overview.applications", 20, 27)]
    sections = [Section(label, "", start, start, end) for label, start, end in spans]
    facts = read_facts(Document(text, (), "r.txt", "", "text"), sections)
    assert [(f.section, f.value) for f in facts] == [
        ("overview", 30), ("overview.disclosure", 20), ("overview.applications", 5),
    ]  # fmt: skip


def test_table_rows_are_no_facts_but_a_sentence_beside_them_is():
    text = "行政许可\t120\n1.属于国家秘密\t0\t3\n本年度未发生行政诉讼。\n"
    facts = read_facts(
        Document(text, (), "r.txt", "", "text"), [Section("proceedings_table", "", 0, 0, len(text))]
    )
    assert [(f.metric, f.value) for f in facts] == [("lawsuits", 0)]


def test_the_site_of_the_body_it_belongs_to_is_not_a_branchs_own():
    text = "全年在市公安局网站发布信息12条。"
    assert [f.channel for f in facts_in(text, body="公安局")] == ["website"]
    assert [f.channel for f in facts_in(text, body="公安局交通警察支队")] == ["gov_portal"]


def test_a_government_owns_its_portal_and_a_department_does_not():
    text = "在市政府门户网站公开信息78条。"
    assert [f.channel for f in facts_in(text)] == ["gov_portal"]
    assert [f.channel for f in facts_in(text, government=True)] == ["website"]


PIECES = [case["t"] for case in CASES] + list('，。；、：（）"“”《》其中分别各占未无\n 0123456789万%件条次人')


@settings(max_examples=80, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join), st.sampled_from(scheme().sections))
def test_any_text_gives_facts_that_stand_in_it(text: str, label: str):
    document = Document(text, (), "r.txt", "", "text")
    facts = read_facts(document, [Section(label, "", 0, 0, len(text))])
    for fact in facts:
        assert 0 <= fact.sentence_start <= fact.start < fact.end <= fact.sentence_end <= len(text)
    assert facts == tuple(sorted(facts, key=lambda f: (f.start, f.end)))
    spans = sorted({(f.start, f.end) for f in facts})
    assert all(a[1] <= b[0] for a, b in pairwise(spans))


@pytest.mark.parametrize(
    "piece",
    ["发布信息12条，", "无", '"', "（12件", "微博、", "12", "占5%，", "12条（3条），", "“云溪”微博12条，"],
)
def test_one_endless_sentence_is_read_in_linear_time(piece: str):
    def seconds(size: int) -> float:
        text = piece * (size // len(piece))
        document = Document(text, (), "r.txt", "", "text")
        start = process_time()
        read_facts(document, [Section("overview.disclosure", "", 0, 0, len(text))])
        return process_time() - start

    seconds(1000)
    assert seconds(80_000) < 10 * seconds(20_000) + 0.2


@pytest.mark.parametrize("left_over", ["2022年未审结", "上年度尚未审结"])
def test_cases_left_from_another_year_are_no_figure_of_this_one(left_over: str):
    (fact,) = facts_in(f"{left_over}的3起行政诉讼于本年审结，均维持。", "other_matters")
    assert (fact.metric, fact.value, fact.subject) == ("lawsuits", 3, left_over)
