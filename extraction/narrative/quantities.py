"""The number grammar: every quantity and every told zero of a passage, with its exact value."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Literal

from .masks import mask
from .number_words import CHINESE, Hedge, number_words
from .numerals import as_number, is_chinese, numeral_value, scale_value
from .told_zeros import told_zeros

__all__ = ["Hedge", "Kind", "Quantity", "find_quantities"]

Kind = Literal["count", "percent", "multiple", "told_zero"]


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its hedge, scale and unit, or a zero told in words.

    ``start`` and ``end`` lie in the (normalised) text the grammar was given and span what `scheme.yaml` calls
    the fact's span: hedge, number, scale and unit, without the verb; for a told zero, from the negator to the
    end of its verb. ``value`` is in base units (万 and 亿 multiplied out, yuan for money, 0.786 for 78.6%).
    ``unit`` is the measure word as printed without scale (条, 人次, 元, %), None where none is printed. A fraction
    (三分之一, 一半) has four decimals; a doubling (翻一番) is 1, the growth.
    """

    start: int
    end: int
    value: int | float
    unit: str | None
    hedge: Hedge
    kind: Kind


# A lone minus sign after a word; two of them are a dash.
_FALL = re.compile(r"[一-鿿]-\Z")
# Closes a count told as 零, which is otherwise part of a word (零件); the empty string is the end of the text.
_STOPS = ("", ",", "。", ";", "、", ")", "\n")
_SHORT = 2
_NOT_EVEN = "也都均"
# Makes one of several of the number before it.
_ONE_OF = "之一"
_NUMERAL = re.compile(f"[0-9{CHINESE}半]")
_PERCENT = "百分之"
_HALF = Decimal("0.5")
_DECIMALS = 4
_MOST_DOUBLINGS = 9


def find_quantities(text: str) -> tuple[Quantity, ...]:
    """Return the quantities and told zeros of a normalised ``text``, in order and without overlap.

    Finds all that could count disclosure work, and leaves out only what certainly does not (dates, ordinals,
    names, titles, norms). What a quantity counts, and whether it is a fact, is decided elsewhere.
    """
    masked = mask(text)
    numbers = list(_numbers(masked))
    taken = {at for number in numbers for at in range(number.start, number.end)}
    zeros = [
        Quantity(start, end, 0, None, "exact", "told_zero")
        for start, end in told_zeros(masked)
        if taken.isdisjoint(range(start, end))
    ]
    # "未发生一起…": the one is what there is not.
    denied = {zero.end for zero in zeros}
    # "一起也没有" tells the same the other way round.
    starts = {zero.start for zero in zeros}
    counted = (
        number
        for number in numbers
        if number.value != 1
        or (number.start not in denied and not (number.end + 1 in starts and text[number.end] in _NOT_EVEN))
    )
    return tuple(sorted((*counted, *zeros), key=lambda quantity: quantity.start))


def _numbers(text: str) -> Iterator[Quantity]:
    pattern = _pattern()
    at, floor = 0, 0
    while numeral := _NUMERAL.search(text, at):
        match = pattern.match(text, numeral.start())
        at = match.end() if match else numeral.end()
        if match and (quantity := _quantity(text, match, floor)):
            yield quantity
            floor = quantity.end


@cache
def _pattern() -> re.Pattern[str]:
    words = number_words()
    scale, unit = words.scale, words.unit
    # A scan's space inside a number is certain only between a word and a measure word.
    spaced = rf"(?<=[一-鿿])[0-9]{{1,3}}(?:[ \n][0-9]{{3}}(?![0-9])|(?: [0-9](?![0-9]))+)++(?={unit})"
    arabic = rf"(?:{spaced}|[0-9]{{1,3}}(?:,[0-9]{{3}}(?![0-9]))++|[0-9]++)(?:\.[0-9]++)?+"
    chinese = rf"[{CHINESE}]++(?:点[{CHINESE[:11]}]++)?+"
    more = rf"(?:余(?!额|下|姚|杭|庆|热|量)|[多来几](?={scale}|{unit})|\+)"
    return re.compile(
        rf"(?P<parts>(?P<whole>[{CHINESE}]{{1,4}}+|[0-9]{{1,4}}+)分之)?"
        rf"(?P<number>(?P<half>{words.half})|{arabic}(?:{scale}(?:{arabic}{scale}){{0,3}})?+|{chinese})"
        rf"(?:(?P<more>{more})(?P<scale>{scale})?(?P<more2>余|多(?={unit}))?)?"
        rf"(?P<unit>%|个?百分点|倍|{words.doubling}|{unit}(?:\({unit}(?:、{unit})?\)|/{unit})?)?(?P<tail>以上|左右|上下|余(?!额|下|热|量))?"
    )


def _quantity(text: str, match: re.Match[str], floor: int) -> Quantity | None:
    """The quantity that ``match`` reads, None if it is none. A hedge does not reach back beyond ``floor``."""
    printed, unit = match["number"], match["unit"]
    value = _HALF if match["half"] else numeral_value(printed)
    start = match.start()
    if text.startswith(_ONE_OF, match.end()):
        return None
    if value is None or _is_glued(text, start) or (printed[0] == "0" and printed[1:2].isdigit()):
        return None
    if printed[0] in "十百千万亿" and text.endswith(number_words().vague, 0, start):
        return None
    if unit == number_words().doubling and not text.endswith(number_words().doubling_verbs, 0, start):
        return None
    before, start = _hedge_before(text, start, floor, bare_scale=printed[0] in "半百千万亿")
    after = _hedge_after(match)
    if not _is_told_as_number(match, hedged=bool(before or after)):
        return None
    value *= scale_value(match["scale"] or "")
    if unit == "%" and not before and _FALL.search(text, max(floor, start - 2), start):
        start, value = start - 1, -value
    kind, unit, value = _as_counted(match, value)
    return Quantity(start, match.end(), as_number(value), unit, before or after or "exact", kind)


def _as_counted(match: re.Match[str], value: Decimal) -> tuple[Kind, str | None, Decimal]:
    """What kind of number it is, with its unit and its value in base units."""
    unit: str | None = match["unit"]
    if match["parts"] == _PERCENT or unit in ("%", "百分点", "个百分点"):
        return "percent", unit or "%", value / Decimal(100)
    if match["parts"]:
        return "percent", unit, round(value / (numeral_value(match["whole"]) or 1), _DECIMALS)
    if match["half"]:
        return "percent", unit, value
    if unit == "成":
        return "percent", unit, value / Decimal(10)
    if unit == number_words().doubling:
        return "multiple", unit, 2 ** min(value, _MOST_DOUBLINGS) - 1
    return ("multiple" if unit == "倍" else "count"), unit, value


def _is_glued(text: str, start: int) -> bool:
    """Whether the number goes on from a Latin letter, a point or another mark of a name (IPv6, V2.0)."""
    before = text[start - 1 : start]
    if not before.isascii() or not before.isalpha():
        return False
    return not text.endswith(number_words().words_before_count, max(0, start - 5), start)


def _is_told_as_number(match: re.Match[str], *, hedged: bool) -> bool:
    """Whether measure word, scale or hedge show that the numeral counts something."""
    printed = match["number"]
    if match["parts"] or match["half"]:
        return True
    if not is_chinese(printed):
        is_bare = match["unit"] is None and match["scale"] is None and printed[-1].isdigit()
        return not (is_bare and "." in printed)  # a date, a version, a score
    if printed in ("零", "〇"):
        text, start, end = match.string, match.start(), match.end()
        return (match["unit"] is not None or text[start - 1 : start] == "为") and text[
            end : end + 1
        ] in _STOPS
    if printed[0] in "百千万亿":
        return hedged or (len(printed) > 1 and match["unit"] is not None)
    scaled = len(printed) > _SHORT and printed[-1] in "万亿"
    return match["unit"] is not None or scaled or (hedged and len(printed) > 1)


def _hedge_before(text: str, start: int, floor: int, *, bare_scale: bool) -> tuple[Hedge | None, int]:
    """The hedge right before ``start``, and where it begins."""
    words = number_words()
    hedges = words.before_scale if bare_scale else words.before
    for length in (3, 2, 1):
        at = start - length
        if at < floor:
            continue
        word = text[at:start]
        if word in hedges:
            hedge = hedges[word]
            return hedge, at if hedge else start
        if word in words.apart:
            return words.apart[word], start
    return None, start


def _hedge_after(match: re.Match[str]) -> Hedge | None:
    after = number_words().after
    for group in ("more", "more2", "tail"):
        if match[group]:
            return after[match[group]]
    return None
