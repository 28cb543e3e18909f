"""Automatic numbers of Word's lists and headings, as they are printed (ECMA-376 part 1, 17.9)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from ..numerals import numeral
from .ooxml import Element, W
from .styles import NumberingRef, Styles, is_on, number

_LEVELS = 9
_PLACEHOLDER = re.compile(r"%([1-9])")
# Bullets are often letters or codes for private use in a font of symbols.
_FONT_SIGN = re.compile("[\ue000-\uf8ffA-Za-zØ-þ]")
_BULLET = "•"
_NO_GAP_AFTER = "、，。．）)】〕》：:"


@dataclass(frozen=True, slots=True)
class Level:
    """How a level of a list prints its numbers.

    ``text`` holds ``%1`` for the number of the first level and so on. ``restart`` is the level (from 1) whose numbers
    make it begin anew: any above it where None, none where 0. ``spaced`` tells that a gap is printed behind.
    """

    start: int = 1
    form: str = "decimal"
    text: str = ""
    spaced: bool = True
    legal: bool = False
    restart: int | None = None
    hidden: bool = False
    style: str | None = None


@dataclass(frozen=True, slots=True)
class _List:
    """A ``w:num``: the definition it stands for, and where it departs from it."""

    id: str
    definition: str
    levels: dict[int, Level]
    starts: dict[int, int]


@dataclass(slots=True)
class Numbering:
    """The lists of a document, and how far each has counted. Ask for the paragraphs in their order."""

    lists: dict[str, _List]
    styles: Styles
    _counters: dict[str, list[int | None]] = field(default_factory=dict[str, list[int | None]])
    _begun: set[str] = field(default_factory=set[str])

    def label(self, style_id: str | None, own: NumberingRef | None) -> str:
        """Count a paragraph and return what is printed before it, with the gap behind; "" where it has no number."""
        place = self._place(style_id, own)
        if place is None:
            return ""
        used, index = place
        level = used.levels.get(index)
        if level is None:
            return ""
        counter = self._count(used, index)
        if level.hidden:
            return ""
        text = _PLACEHOLDER.sub(lambda found: _told(used, level, counter, found), level.text)
        if level.form == "bullet" and _FONT_SIGN.search(text):
            text = _BULLET
        gap = " " if level.spaced and text and text[-1] not in _NO_GAP_AFTER else ""
        return text + gap

    def _place(self, style_id: str | None, own: NumberingRef | None) -> tuple[_List, int] | None:
        """The list that a paragraph belongs to, and its level in it."""
        chain = list(self.styles.chain(style_id))
        told = [style.numbering for style in chain if style.numbering]
        num = next((ref.num for ref in ([own] if own else []) + told if ref.num is not None), None)
        used = self.lists.get(num or "")
        if used is None:
            return None
        if own and own.level is not None:
            return used, own.level
        if own and own.num is not None:
            return used, 0
        linked = {level.style: index for index, level in used.levels.items() if level.style}
        for style in chain:
            if style.id in linked:
                return used, linked[style.id]
            if style.numbering and style.numbering.level is not None:
                return used, style.numbering.level
        return used, 0

    def _count(self, used: _List, index: int) -> list[int | None]:
        counter = self._counters.setdefault(used.definition, [None] * _LEVELS)
        if used.id not in self._begun:
            self._begun.add(used.id)
            for level in used.starts:
                counter[level] = None
        before = counter[index]
        counter[index] = _start(used, index) if before is None else before + 1
        for deeper in range(index + 1, _LEVELS):
            restart = used.levels[deeper].restart if deeper in used.levels else None
            if restart is None or index < restart:
                counter[deeper] = None
        return counter


def read_numbering(root: Element | None, styles: Styles) -> Numbering:
    """Return the lists of ``word/numbering.xml``."""
    if root is None:
        return Numbering({}, styles)
    definitions = {
        found.get(f"{W}abstractNumId", ""): found for found in root.iterchildren(f"{W}abstractNum")
    }
    nums = {found.get(f"{W}numId", ""): found for found in root.iterchildren(f"{W}num")}
    lists: dict[str, _List] = {}
    for num_id, num in nums.items():
        if num_id != "0":
            definition = _definition(num, definitions, nums, styles)
            levels = dict(_levels(definitions[definition])) if definition in definitions else {}
            starts: dict[int, int] = {}
            for override in num.iterchildren(f"{W}lvlOverride"):
                index = number(override.get(f"{W}ilvl"))
                start = override.find(f"{W}startOverride")
                if start is not None and 0 <= index < _LEVELS:
                    starts[index] = number(start.get(f"{W}val"), 1)
                levels |= dict(_levels(override))
            lists[num_id] = _List(num_id, definition, levels, starts)
    return Numbering(lists, styles)


def _definition(
    num: Element, definitions: dict[str, Element], nums: dict[str, Element], styles: Styles
) -> str:
    """The definition a list stands for; one that only names a list style stands for that style's own."""
    named = _value(num, "abstractNumId") or ""
    link = _value(definitions[named], "numStyleLink") if named in definitions else None
    style = styles.by_id.get(link) if link else None
    if style and style.numbering and style.numbering.num in nums:
        return _value(nums[style.numbering.num], "abstractNumId") or named
    return named


def _levels(parent: Element) -> Iterator[tuple[int, Level]]:
    for element in parent.iterchildren(f"{W}lvl"):
        index = number(element.get(f"{W}ilvl"))
        if not 0 <= index < _LEVELS:
            continue
        # A format of Word 2010 stands beside a plain one for older readers; the last one is the plain one.
        forms = [form.get(f"{W}val", "") for form in element.iter(f"{W}numFmt")]
        restart = _value(element, "lvlRestart")
        yield (
            index,
            Level(
                start=number(_value(element, "start"), 0),
                form=forms[-1] if forms else "decimal",
                text=_value(element, "lvlText") or "",
                spaced=_value(element, "suff") != "nothing",
                legal=bool(is_on(element.find(f"{W}isLgl"))),
                restart=number(restart) if restart is not None else None,
                hidden=bool(is_on(element.find(f"{W}rPr/{W}vanish"))),
                style=_value(element, "pStyle"),
            ),
        )


def _told(used: _List, level: Level, counter: list[int | None], found: re.Match[str]) -> str:
    index = int(found.group(1)) - 1
    value = counter[index]
    other = used.levels.get(index)
    form = "decimal" if level.legal or other is None else other.form
    return numeral(_start(used, index) if value is None else value, form)


def _start(used: _List, index: int) -> int:
    if index in used.starts:
        return used.starts[index]
    return used.levels[index].start if index in used.levels else 1


def _value(parent: Element, name: str) -> str | None:
    child = parent.find(f"{W}{name}")
    return child.get(f"{W}val") if child is not None else None
