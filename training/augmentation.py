"""Copies of labelled texts in which numbers, years, places, platforms, hedges or the print are other ones.

For training only: a text is multiplied, its marks stay right. What is drawn from, and how often, is
`augmentation.yaml`:

- numbers: each figure of a fact gets another one of as many digits, the same for the same; its value follows;
- years: all years of the text move together, the report's own with them;
- places: the names of province, city and county become other invented ones, in the agency's name too;
- platforms: all mentions of one platform become mentions of another, and so do the channels of the facts;
- hedges: an exact figure is hedged (约, 余 …);
- ocr: blanks and line breaks inside words and numbers, characters that scans confuse;
- full_width: digits in full width;
- dropped_date_words: 年 and 月 lost between digits.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from random import Random
from typing import Any

from ..annotations.edits import Edit, apply_edits
from ..annotations.kinds import Number
from ..annotations.knowledge import read_knowledge
from ..annotations.labelled import LabelledFact, LabelledText

_KNOWN: dict[str, Any] = read_knowledge(__file__, "augmentation.yaml")
_INTEGER = re.compile(r"(?<![\d.,])[1-9]\d*(?![\d.,])")
_CHINESE_NUMBER = re.compile("[〇零一二两三四五六七八九十百千]")
_YEAR = re.compile(r"(?<!\d)20[0-2]\d(?=年|〕|\]|】)")
_DATE_WORD = re.compile(r"(?<=\d)[年月](?=\d)")
_DIGITS = re.compile(r"[0-9]+")
_FULL_WIDTH = {ord(digit): ord(digit) + 0xFEE0 for digit in "0123456789"}
_FIRST_YEAR, _LAST_YEAR = 2008, 2025
_LARGEST_SHIFT = 6
_OCR_RATE = 0.01


def augment(text: LabelledText, random: Random) -> LabelledText:
    """Return a changed copy of ``text``; the same for the same state of ``random``.

    ``text`` must hold its text. Its id stays; source and digest are dropped, since no file holds the copy.
    """
    changed = text.model_copy(update={"source": None, "sha256": None})
    for name, change in _CHANGES.items():
        if random.random() < _KNOWN["chances"][name]:
            changed = change(changed, random)
    return changed


def change_numbers(text: LabelledText, random: Random) -> LabelledText:
    """Give each plain figure of a fact other digits, and its value with them."""
    others: dict[str, str] = {}
    edits: dict[tuple[int, int], Edit] = {}
    facts: list[LabelledFact] = []
    for fact in text.facts:
        found = _plain_figure(text, fact)
        if found is None or fact.value == 0:
            facts.append(fact)
            continue
        digits = found.group()
        new = others.setdefault(digits, _other_digits(digits, random))
        at = fact.start + found.start()
        edits[at, at + len(digits)] = Edit(at, at + len(digits), new)
        facts.append(fact.model_copy(update={"value": _scaled(fact.value, digits, new)}))
    return apply_edits(text.model_copy(update={"facts": tuple(facts)}), edits.values())


def change_years(text: LabelledText, random: Random) -> LabelledText:
    """Move all years by the same distance."""
    years = [int(match.group()) for match in _YEAR.finditer(_printed(text))]
    years += [text.report.year] if text.report.year else []
    if not years:
        return text
    low = max(-_LARGEST_SHIFT, _FIRST_YEAR - min(years))
    high = min(_LARGEST_SHIFT, _LAST_YEAR - max(years))
    if low > high:
        return text
    shift = random.randint(low, high)
    edits = [Edit(*match.span(), str(int(match.group()) + shift)) for match in _YEAR.finditer(_printed(text))]
    moved = apply_edits(text, _inside_or_outside(text, edits))
    year = text.report.year and text.report.year + shift
    return moved.model_copy(update={"report": moved.report.model_copy(update={"year": year})})


def change_places(text: LabelledText, random: Random) -> LabelledText:
    """Give the report's province, city and county other names, wherever they are printed."""
    region = text.report.region
    names = [name for name in (region.province, region.city, region.county) if name and len(name) > 2]
    others = {name[:-1]: _place(random) for name in names}
    if not others:
        return text
    pattern = re.compile("|".join(sorted(map(re.escape, others), key=len, reverse=True)))
    edits = [Edit(*match.span(), others[match.group()]) for match in pattern.finditer(_printed(text))]
    renamed = apply_edits(text, _inside_or_outside(text, edits))

    def rename(words: str | None) -> str | None:
        return words and pattern.sub(lambda match: others[match.group()], words)

    named = {part: rename(getattr(region, part)) for part in ("province", "city", "county")}
    report = text.report.model_copy(
        update={
            "agency": rename(text.report.agency),
            "title": rename(text.report.title),
            "region": region.model_copy(update=named),
        }
    )
    return renamed.model_copy(update={"report": report})


def change_platforms(text: LabelledText, random: Random) -> LabelledText:
    """Turn one platform into another: its names, and the channel of its facts."""
    platforms: dict[str, list[str]] = _KNOWN["platforms"]
    here = sorted({mention.channel for mention in text.channels if mention.channel in platforms})
    free = sorted(platforms.keys() - {fact.channel for fact in text.facts} - set(here))
    if not here or not free or any(word in _printed(text) for word in _KNOWN["platform_words"]):
        return text
    old, new = random.choice(here), random.choice(free)
    edits = [Edit(m.start, m.end, random.choice(platforms[new])) for m in text.channels if m.channel == old]
    if edits != list(_inside_or_outside(text, edits)):
        return text  # one of its names lies across another mark: all or none
    changed = apply_edits(text, edits)
    return changed.model_copy(
        update={
            name: tuple(
                mark.model_copy(update={"channel": new}) if mark.channel == old else mark
                for mark in getattr(changed, name)
            )
            for name in ("channels", "facts")
        }
    )


def add_hedges(text: LabelledText, random: Random) -> LabelledText:
    """Hedge some exact figures."""
    edits: list[Edit] = []
    spans: dict[tuple[int, int], str] = {}
    for fact in text.facts:
        span = (fact.start, fact.end)
        found = _plain_figure(text, fact)
        if found is None or span in spans or fact.hedge != "exact" or not fact.unit or fact.role == "share":
            continue
        if found.start() == 0 and fact.unit != "%" and random.random() < 0.3:
            hedge, edit = _hedge(fact, found.end(), _printed(text), random)
            edits.append(edit)
            spans[span] = hedge
    hedged = tuple(
        f.model_copy(update={"hedge": spans[f.start, f.end]}) if (f.start, f.end) in spans else f
        for f in text.facts
    )
    return apply_edits(text.model_copy(update={"facts": hedged}), edits)


def _hedge(fact: LabelledFact, digits: int, printed: str, random: Random) -> tuple[str, Edit]:
    """A hedge and the edit that prints it, before the number or behind its ``digits``."""
    behind: dict[str, list[str]] = _KNOWN["hedges"]["behind_number"]
    before: dict[str, list[str]] = _KNOWN["hedges"]["before"]
    at = fact.start + digits
    if random.random() < 0.6 and printed[at : at + 1] == (fact.unit or "")[:1] and fact.value >= 10:
        hedge = random.choice(sorted(behind))
        return hedge, Edit(at, at, random.choice(behind[hedge]))
    hedge = random.choice(sorted(before))
    # replaces the first digit by itself and the hedge, so that the hedge lies inside the mark
    return hedge, Edit(fact.start, fact.start + 1, random.choice(before[hedge]) + printed[fact.start])


def add_ocr_noise(text: LabelledText, random: Random) -> LabelledText:
    """Put blanks and line breaks into words and numbers, and confuse characters outside of figures."""
    confusable: dict[str, str] = _KNOWN["confusable"]
    printed = _printed(text)
    figures = {at for fact in text.facts for at in range(fact.start, fact.end)}
    edits: list[Edit] = []
    for at in range(1, len(printed)):
        if random.random() >= _OCR_RATE or "\n" in printed[at - 1 : at + 1]:
            continue
        if printed[at] in confusable and at not in figures:
            edits.append(Edit(at, at + 1, confusable[printed[at]]))
        elif printed[at - 1] not in "。！？：；":
            edits.append(Edit(at, at, random.choice(("\n", " ", " "))))
    return apply_edits(text, _inside_or_outside(text, edits))


def widen_digits(text: LabelledText, _random: Random) -> LabelledText:
    """Print all digits in full width."""
    edits = [
        Edit(*match.span(), match.group().translate(_FULL_WIDTH))
        for match in _DIGITS.finditer(_printed(text))
    ]
    return apply_edits(text, _inside_or_outside(text, edits))


def drop_date_words(text: LabelledText, _random: Random) -> LabelledText:
    """Lose 年 and 月 between digits, as styled digits lose them on web pages."""
    edits = [Edit(*match.span(), "") for match in _DATE_WORD.finditer(_printed(text))]
    return apply_edits(text, _inside_or_outside(text, edits))


Change = Callable[[LabelledText, Random], LabelledText]
_CHANGES: dict[str, Change] = {
    "numbers": change_numbers,
    "years": change_years,
    "places": change_places,
    "platforms": change_platforms,
    "hedges": add_hedges,
    "full_width": widen_digits,
    "dropped_date_words": drop_date_words,
    "ocr": add_ocr_noise,  # last: the others look for whole words
}


def _printed(text: LabelledText) -> str:
    assert text.text is not None, "augmentation needs the text"
    return text.text


def _plain_figure(text: LabelledText, fact: LabelledFact) -> re.Match[str] | None:
    """The digits of a fact that prints one whole number, scaled by 万 or 亿 or not, and nothing else of a number."""
    words = _printed(text)[fact.start : fact.end]
    found = list(_INTEGER.finditer(words))
    if len(found) != 1 or _CHINESE_NUMBER.search(words) or len(_DIGITS.findall(words)) != 1:
        return None
    return found[0]


def _other_digits(digits: str, random: Random) -> str:
    return str(random.randrange(10 ** (len(digits) - 1), 10 ** len(digits)))


def _scaled(value: Number, old: str, new: str) -> Number:
    scaled = Decimal(str(value)) * Decimal(new) / Decimal(old)
    return int(scaled) if scaled == scaled.to_integral_value() else float(scaled)


def _place(random: Random) -> str:
    places: dict[str, str] = _KNOWN["places"]
    return random.choice(places["first"].split()) + random.choice(places["second"].split())


def _inside_or_outside(text: LabelledText, edits: Iterable[Edit]) -> Iterator[Edit]:
    """The edits that reach over no mark's edge, and touch nothing that lies across one."""
    edges = {edge for mark in _marks(text) for edge in (mark.start, mark.end)}
    for edit in edits:
        if not any(edit.start < edge < edit.end for edge in edges):
            yield edit


def _marks(text: LabelledText) -> Iterator[Any]:
    for name in ("sections", "channels", "facts", "problems", "improvements"):
        yield from getattr(text, name)
