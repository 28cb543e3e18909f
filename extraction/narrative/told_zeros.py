"""Zeros told in words: 未收到, 没有, 无, 未向申请人收取."""

import re
from collections.abc import Iterator
from functools import cache

from .number_words import number_words, one_of

_REACH = 24
_CLAUSE = re.compile(r"[^,。;:!?\n]*")


def told_zeros(text: str) -> Iterator[tuple[int, int]]:
    """Yield the spans of the told zeros of a masked text, each from its negator to the end of its verb."""
    zero, off_target, off_target_before = _patterns()
    for match in zero.finditer(text):
        start, end = match.span()
        clause = _CLAUSE.match(text, end, end + _REACH)
        if clause and off_target.search(clause[0]):
            continue
        if off_target_before.search(text, max(0, start - _REACH), start):
            continue
        yield start, end


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    words = number_words().told_zeros
    verb, adverb = one_of(words.verbs), one_of(words.adverbs)
    thing = rf"(?=[^,。;:!?\n]{{0,24}}?(?:{'|'.join(words.nouns)})|{words.plain_nouns})"
    near_thing = rf"(?=[^,。;:!?\n]{{0,14}}?(?:{'|'.join(words.nouns)})|{words.plain_nouns})"
    distant = rf"{one_of(words.prepositions)}[^,。;:!?\n]{{1,30}}?{one_of(words.distant_verbs)}"
    branches = (
        rf"未(?<![如若凡]未)(?:{adverb}?(?:{verb}|{one_of(words.noun_verbs)})|{distant}|有{thing})",
        rf"没有?(?<!如没有)(?:{adverb}?{verb}|{distant}(?!的))",
        rf"没有{thing}",
        # A predicate behind what there is not ("官司没有", "一件也没有").
        r"没有(?<=[一-鿿]没有)(?=[。,;)\n]|\Z)",
        rf"无(?<![有从毫]无)(?:{verb}|(?!{'|'.join(words.not_nothing)}){near_thing}|(?=[。,;)\n]|\Z))",
        rf"不{one_of(words.refused_verbs)}",
        rf"不存在(?<!信息不存在)(?<!内容不存在)(?<!文件不存在){thing}",
        rf"不涉及{thing}",
        rf"零{one_of(words.zero_words)}",
        r"免收(?=[^,。;:\n]{0,16}费)",
    )
    off_target = re.compile("|".join(words.off_target))
    return re.compile("|".join(branches)), off_target, re.compile(words.off_target_before)
