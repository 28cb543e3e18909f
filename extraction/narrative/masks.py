"""Blanks what is certainly no quantity: dates, ordinals, names, titles, norms, addresses."""

import re
from functools import cache

from .number_words import Masks, number_words

BLANK = "\0"
_LONGEST_QUOTED_NAME = 18
_ENUMERATION = re.compile("[,。;:、]")
_HAS_NUMERAL = re.compile("[0-9一二两三四五六七八九十百千万]")


def mask(text: str) -> str:
    """Return normalised ``text`` with every certain non-quantity blanked, character for character."""
    stretches, digits, quantity = _patterns()
    text = stretches.sub(_blank, text)
    text = digits.sub(_blank, text)
    if '"' not in text:
        return text
    return "\n".join(_without_quoted_names(line, quantity) for line in text.split("\n"))


def _blank(match: re.Match[str]) -> str:
    return BLANK * (match.end() - match.start())


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    words = number_words()
    masks = words.masks
    digits = rf"[0-9](?<![0-9.][0-9])[0-9]*+(?:{'|'.join((*masks.after_digits, _names(masks, words.unit)))})"
    # Several digits and a measure word count something even inside quotation marks.
    counted = rf"(?:\.[0-9]{{1,3}})?[万亿]?[余多]?(?:{words.unit}|%)"
    quantity = rf"[0-9]{{2,9}}{counted}|\A[0-9]{counted}\Z"
    return re.compile("|".join(masks.stretches)), re.compile(digits), re.compile(quantity)


def _names(masks: Masks, unit: str) -> str:
    """A number that is a name, where neither a measure word nor the words before make a count of it."""
    lengths = sorted({len(name) for name in masks.names})
    groups = ("|".join(name for name in masks.names if len(name) == n) for n in lengths)
    here = "|".join(
        rf"(?<=(?<![0-9])(?<![0-9],)(?:{group}))(?<![量数为达][0-9]{{{n}}})"
        for n, group in zip(lengths, groups, strict=True)
    )
    return rf"(?:{here})(?![余多万亿%.]|,[0-9]{{3}}|{unit})"


def _without_quoted_names(line: str, quantity: re.Pattern[str]) -> str:
    """Blank the names among the quotations of a line; an odd quotation mark leaves inside and outside unknown."""
    if line.count('"') % 2 or not line:
        return line
    pieces = line.split('"')
    for i in range(1, len(pieces), 2):
        name = pieces[i]
        if (
            0 < len(name) <= _LONGEST_QUOTED_NAME
            and _HAS_NUMERAL.search(name)
            and not _ENUMERATION.search(name)
            and not quantity.search(name)
        ):
            pieces[i] = BLANK * len(name)
    return '"'.join(pieces)
