"""Cutting reports into passages, and choosing those most worth labelling."""

from gongkai.annotations.labelled import LabelledFact, LabelledSection, LabelledText
from gongkai.annotations.passages import cut_passages
from gongkai.annotations.sampling import choose_passages

from .marked_texts import marked_text


def report(markup: str) -> LabelledText:
    return marked_text(markup, id="r")


def test_passages_are_the_sections_of_narrative_with_their_marks():
    text = report(
        "<preamble>某局年报\n<overview>一、总体情况。全年{1场|open_days}。\n<overview.platform>（四）平台。[微博|weibo]{12条|reads@weibo}。\n"
        "<disclosure_table>二、表 {3件|normative_issued}\n<problems>五、问题。[[不及时|P timeliness]]。[[加快|I >1 timeliness]]。\n<noise>打印"
    )
    passages = list(cut_passages(text))
    assert [p.sections[0].label for p in passages] == [
        "preamble",
        "overview",
        "overview.platform",
        "problems",
    ]
    assert [p.text for p in passages][1] == "一、总体情况。全年1场。"
    platform, problems = passages[2], passages[3]
    assert [(platform.text or "")[m.start : m.end] for m in (*platform.channels, *platform.facts)] == [
        "微博",
        "12条",
    ]
    assert platform.facts[0].mention == 0
    assert problems.improvements[0].addresses == (0,)
    assert all((text.text or "")[int(p.id.split(":")[1]) :].startswith(p.text or "") for p in passages)


def test_a_mark_over_the_end_of_its_section_is_left_out_with_the_links_to_it():
    text = report("<overview>一、总。[微博|weibo]{12条|reads@weibo}尾。")
    over = text.model_copy(update={"channels": (text.channels[0].model_copy(update={"end": 99}),)})
    (passage,) = cut_passages(over)
    assert (passage.channels, passage.facts[0].mention) == ((), None)


def passage(name: str, words: str, *facts: tuple[str, float]) -> LabelledText:
    text = words * (1 + 40 // len(words))
    return LabelledText(
        id=name,
        text=text,
        sections=(LabelledSection(label="overview", start=0, end=len(text)),),
        facts=tuple(
            LabelledFact(
                start=i, end=i + 1, metric=metric, channel=None, value=1, unit=None, confidence=confidence
            )
            for i, (metric, confidence) in enumerate(facts)
        ),
    )


SURE = [passage(f"sure{n}", f"通过网站发布了各类信息{n}", ("reads", 0.99), ("reads", 0.98)) for n in range(6)]


def test_unsure_passages_come_first():
    unsure = passage("unsure", "通过网站发布了各类信息数条", ("reads", 0.4), ("reads", 0.9))
    assert choose_passages([*SURE, unsure], 1)[0].text.id == "unsure"


def test_rare_metrics_come_before_common_ones():
    rare = passage("rare", "通过网站发布了各类信息数条", ("surveys", 0.98))
    assert choose_passages([*SURE, rare], 1)[0].text.id == "rare"


def test_the_second_choice_is_unlike_the_first():
    first = passage("first", "微博粉丝与阅读数量", ("surveys", 0.3))
    twin = passage("twin", "微博粉丝与阅读数量", ("surveys", 0.35))
    other = passage("other", "召开新闻发布会若干场次", ("surveys", 0.5))
    assert [c.text.id for c in choose_passages([twin, first, other], 2)] == ["first", "other"]


def test_passages_without_anything_to_correct_are_not_chosen():
    assert choose_passages([passage("empty", "没有数字的一段话")], 5) == []


def test_the_choice_is_no_larger_than_asked_for_and_the_same_each_time():
    chosen = choose_passages(SURE, 4)
    assert len(chosen) == 4
    assert chosen == choose_passages(SURE, 4)


def test_a_text_without_sections_is_one_passage():
    (passage,) = cut_passages(LabelledText(id="a", text=" 全年公开12条。\n"))
    assert (passage.text, passage.sections[0].label) == ("全年公开12条。", "legacy")
