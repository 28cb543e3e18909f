"""Values of printed numerals, exactly."""

import re
from decimal import Decimal
from functools import lru_cache

from .number_words import CHINESE, number_words

# Longer ones are no figures of a report, and the time to read them would not be linear.
_LONGEST = 20
_ARABIC = r"[0-9][0-9, \n]*(?:\.[0-9]+)?"
_PART = re.compile(rf"({_ARABIC})([十百千万亿Ww]*)")
_SEPARATORS = str.maketrans("", "", ", \n")
_SCALE_WORD = re.compile("[十百千万亿]")
_SMALL = {word: value for value, word in enumerate("零一二三四五六七八九十")} | {"〇": 0, "两": 2}


def numeral_value(printed: str) -> Decimal | None:
    """Return the value of an Arabic, Chinese or mixed numeral (``1,284``, ``12.7亿``, ``三百二十一``, ``3千5百``).

    A scale word without a digit counts once (百 is 100). None for what is no well-formed numeral.
    """
    if len(printed) > _LONGEST:
        return None
    return (
        _arabic_value(printed) if printed[0].isdigit() and printed[0].isascii() else _chinese_value(printed)
    )


def scale_value(printed: str) -> int:
    """Return the product of the scale words in ``printed`` (百万 is 1000000, the empty string 1)."""
    value = 1
    for word in printed:
        value *= number_words().scales[word]
    return value


def as_number(value: Decimal) -> int | float:
    """Return an int where ``value`` is one, else the float nearest to it."""
    whole = int(value)
    return whole if whole == value else float(value)


def _arabic_value(printed: str) -> Decimal | None:
    """The sum of its parts, each with a smaller scale than the one before."""
    total, scale_before, at = Decimal(0), None, 0
    for part in _PART.finditer(printed):
        scale = scale_value(part[2])
        if scale_before is not None and scale >= scale_before:
            return None
        total += Decimal(part[1].translate(_SEPARATORS)) * scale
        scale_before, at = scale, part.end()
    return total if at == len(printed) else None


@lru_cache(maxsize=4096)
def _chinese_value(printed: str) -> Decimal | None:
    if printed in _SMALL:
        return Decimal(_SMALL[printed])
    if not _SCALE_WORD.search(printed) and "点" not in printed:
        return None  # digits in a row are a year or a vague pair (三五次)
    from cn2an import cn2an  # it costs a tenth of a second, and many reports have no such numeral  # noqa: PLC0415

    try:
        return Decimal(str(cn2an(("一" if printed[0] in "百千万亿" else "") + printed, "smart")))
    except (ValueError, KeyError):  # the latter where its spoken style meets 亿
        return None


def is_chinese(printed: str) -> bool:
    """Return whether ``printed`` begins in Chinese script."""
    return printed[0] in CHINESE
