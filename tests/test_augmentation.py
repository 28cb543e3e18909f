"""Edits keep every mark on its words, and augmentation keeps every label true."""

from random import Random

import pytest
from gongkai.annotations.corpus import read_corpus
from gongkai.annotations.edits import Edit, apply_edits
from gongkai.annotations.labelled import LabelledReport, LabelledText, Region
from gongkai.eval.corpus_check import check_text
from gongkai.extraction.narrative.quantities import find_quantities
from gongkai.extraction.normalise import normalise
from gongkai.training.augmentation import (
    add_hedges,
    add_ocr_noise,
    augment,
    change_numbers,
    change_places,
    change_platforms,
    change_years,
    drop_date_words,
    widen_digits,
)
from hypothesis import given
from hypothesis import strategies as st

from .marked_texts import marked_text

SOURCE = (
    "2022年，云岭市公安局在[官方微博|weibo]发布信息{1203条|info_published@weibo}，"
    "比2021年多{88条|info_published@weibo change}。[[更新不够及时|P timeliness]]。[[培训{3期|trainings}|I done >1 training]]。"
)


def labelled(source: str = SOURCE) -> LabelledText:
    region = Region(province="云东省", city="云岭市")
    return marked_text(source, report=LabelledReport(agency="云岭市公安局", year=2022, region=region))


def words(text: LabelledText) -> list[str]:
    marks = (*text.channels, *text.facts, *text.problems, *text.improvements)
    return [(text.text or "")[mark.start : mark.end] for mark in marks]


def test_words_put_in_at_the_edge_of_a_mark_stay_outside_it():
    text = labelled("甲[微博|weibo]乙")
    changed = apply_edits(text, [Edit(1, 1, "丙"), Edit(3, 3, "丁")])
    assert changed.text == "甲丙微博丁乙"
    assert words(changed) == ["微博"]


def test_a_mark_whose_words_are_gone_is_gone_and_so_are_links_to_it():
    text = labelled("甲[微博|weibo]{1条|reads@weibo}乙[[迟|P timeliness]][[快|I >1 timeliness]]")
    changed = apply_edits(text, [Edit(1, 3, ""), Edit(6, 7, "")])
    assert (changed.channels, changed.problems) == ((), ())
    assert changed.facts[0].mention is None
    assert changed.improvements[0].addresses == ()
    assert words(changed) == ["1条", "快"]


def test_edits_that_overlap_or_cut_a_mark_are_refused():
    with pytest.raises(ValueError, match="overlap"):
        apply_edits(labelled(), [Edit(0, 3, "x"), Edit(2, 4, "y")])
    with pytest.raises(ValueError, match="edge of a mark"):
        apply_edits(labelled("甲[微博|weibo]乙"), [Edit(0, 2, "x")])


@given(st.lists(st.tuples(st.integers(0, 60), st.text("甲乙", max_size=3)), max_size=6))
def test_insertions_anywhere_change_no_mark_from_outside(places: list[tuple[int, str]]):
    text = labelled()
    size = len(text.text or "")
    edits = [Edit(at, at, new) for at, new in {min(at, size): new for at, new in places}.items()]
    changed = apply_edits(text, edits)
    assert [w.replace("甲", "").replace("乙", "") for w in words(changed)] == words(text)


def test_numbers_change_with_their_values_and_alike_where_they_are_alike():
    text = labelled("共{1203条|reads}，即{1203条|plays}，{2万条|visits =20000}，{三场|open_days =3}")
    changed = change_numbers(text, Random(1))
    printed = words(changed)
    assert printed[0] == printed[1] != "1203条"
    assert printed[3] == "三场"
    for fact, shown in zip(changed.facts, printed, strict=True):
        assert fact.value == find_quantities(normalise(shown).text)[0].value


def test_falls_stay_falls():
    changed = change_numbers(labelled("减少{35件|reads change =-35}"), Random(1))
    assert changed.facts[0].value == -int(words(changed)[0].removesuffix("件"))


def test_years_move_together():
    changed = change_years(labelled(), Random(3))
    year = changed.report.year
    assert year is not None and year != 2022
    assert f"{year}年，" in (changed.text or "") and f"比{year - 1}年" in (changed.text or "")


def test_places_get_the_same_new_name_everywhere():
    changed = change_places(labelled(), Random(1))
    city = changed.report.region.city
    assert city is not None and city != "云岭市"
    assert changed.report.agency == f"{city}公安局"
    assert f"{city}公安局" in (changed.text or "")


def test_a_platform_takes_its_facts_along():
    changed = change_platforms(labelled(), Random(1))
    (code,) = {mention.channel for mention in changed.channels}
    assert code != "weibo"
    assert [fact.channel for fact in changed.facts] == [code, code, None]


def test_hedges_lie_inside_their_marks_and_are_labelled():
    hedged = [add_hedges(labelled(), Random(seed)) for seed in range(30)]
    new = [(words(t)[1], t.facts[0].hedge) for t in hedged if t.facts[0].hedge != "exact"]
    assert len({hedge for _, hedge in new}) > 1
    for shown, hedge in new:
        (quantity,) = find_quantities(shown)
        assert (quantity.hedge, quantity.value, quantity.end) == (hedge, 1203, len(shown))


def test_damaged_print_keeps_its_marks():
    assert words(widen_digits(labelled(), Random(1)))[1] == "１２０３条"
    assert (drop_date_words(labelled("2022年1月1日"), Random(1)).text) == "202211日"
    noisy = [add_ocr_noise(labelled(), Random(seed)) for seed in range(20)]
    assert len({text.text for text in noisy}) > 5
    for text in noisy:
        assert [w.replace(" ", "").replace("\n", "") for w in words(text)][1:3] == ["1203条", "88条"]


def test_augmented_corpus_texts_are_as_sound_as_the_texts_themselves():
    for number, text in enumerate(read_corpus()[::9]):
        copy = augment(text, Random(number))
        assert [f.metric for f in copy.facts] == [f.metric for f in text.facts]
        assert [finding for finding in check_text(copy) if finding.severity == "error"] == []


def test_the_same_seed_gives_the_same_copy():
    text = read_corpus()[0]
    assert augment(text, Random(7)) == augment(text, Random(7))
