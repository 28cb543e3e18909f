"""The clause model: what stands around each quantity of a sentence, with brackets, quotation marks and lists told apart."""

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from .lexicon import Lexicon, Sense, Token, by_kind
from .quantities import Quantity

_MARKS = re.compile(r'[()\[\],;:。!?、"《》\n]')
_CLAUSE_ENDS = frozenset(",;:。!?\n")
# What stands between a title and the number of its issues.
_COUNTED = re.compile(r"(?:共|累计|共计|近|约){0,2}[\d一二三四五六七八九十两]")
_LONGEST_OUTLET = 14
_LONGEST_TAIL = 10
_NAME_MARKS = frozenset('"《》[')
_COLUMN_WORDS = ("专栏", "栏目", "板块", "专题", "频道", "平台", "专区", "模块")


class Mention(NamedTuple):
    """A quantity in its clause; ``ordinal`` is its place among the quantities of the passage.

    ``gap`` is where the words before it begin that belong to no earlier quantity of its bracket, ``clause`` where
    its clause begins within the gap. ``right`` are the words that may name it from behind. ``parent`` is the quantity
    before the bracket it stands in, ``previous`` the one before it in its bracket; both are positions in `Sentence`.
    """

    ordinal: int
    quantity: Quantity
    gap: int
    clause: int
    left: tuple[Token, ...]
    right: tuple[Token, ...]
    right_end: int
    parent: int | None
    previous: int | None


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence with its known words and its quantities in their clauses."""

    number: int
    start: int
    end: int
    tokens: tuple[Token, ...]
    mentions: tuple[Mention, ...]


@dataclass(frozen=True, slots=True)
class _Layout:
    """Brackets and marks of a sentence.

    ``groups[i]`` is the bracket in force from ``changes[i]`` on (0 is none), which was opened at ``opened[group]``
    inside ``outer[group]``. ``ends`` are the clause ends of each bracket, ``stops`` all marks that end a noun.
    """

    changes: list[int]
    groups: list[int]
    opened: list[int]
    outer: list[int]
    ends: defaultdict[int, list[int]]
    stops: list[int]
    titles: list[tuple[int, int]]
    quotes: list[tuple[int, int]]

    def group(self, at: int) -> int:
        return self.groups[bisect_right(self.changes, at) - 1]


def parse_sentence(
    text: str, number: int, span: tuple[int, int], quantities: Sequence[tuple[int, Quantity]], words: Lexicon
) -> Sentence:
    """Return the clause model of ``text[span]``, whose quantities are given with their indices."""
    start, end = span
    layout = _layout(text, start, end)
    tokens = _known_words(text, span, layout, words)
    own = _by_group(tokens, layout, {layout.group(q.start) for _, q in quantities})
    mentions: list[Mention] = []
    latest: dict[int, int] = {}
    for place, (index, quantity) in enumerate(quantities):
        group = layout.group(quantity.start)
        previous = latest.get(group)
        gap = mentions[previous].quantity.end if previous is not None else layout.opened[group]
        limit = quantities[place + 1][1].start if place + 1 < len(quantities) else end
        right_end = _first_from(layout.stops, quantity.end, limit)
        if right_end == quantity.end + 1 and text.startswith("、", right_end):
            # "12名专、兼职人员" is one noun.
            right_end = _first_from(layout.stops, right_end + 1, limit)
        parent, lead = _before_bracket(layout, group, latest, mentions, own)
        mentions.append(
            Mention(
                ordinal=index,
                quantity=quantity,
                gap=gap,
                clause=_last_before(layout.ends[group], quantity.start, gap),
                left=(*(lead if previous is None else ()), *tokens_between(own[group], gap, quantity.start)),
                right=tokens_between(own[group], quantity.end, right_end),
                right_end=right_end,
                parent=parent,
                previous=previous,
            )
        )
        latest[group] = place
    return Sentence(number, start, end, tokens, tuple(mentions))


def _by_group(tokens: Sequence[Token], layout: _Layout, counting: set[int]) -> defaultdict[int, list[Token]]:
    """The words of each bracket; one without a quantity of its own belongs to what it stands in."""
    own: defaultdict[int, list[Token]] = defaultdict(list)
    for token in tokens:
        group = layout.group(token.start)
        while group and group not in counting:
            group = layout.outer[group]
        own[group].append(token)
    return own


def _before_bracket(
    layout: _Layout,
    group: int,
    latest: dict[int, int],
    mentions: list[Mention],
    own: defaultdict[int, list[Token]],
) -> tuple[int | None, tuple[Token, ...]]:
    """The quantity right before a bracket, or else the words of the clause that the bracket belongs to."""
    if not group:
        return None, ()
    outer, opening = layout.outer[group], layout.opened[group] - 1
    place = latest.get(outer)
    start = mentions[place].quantity.end if place is not None else layout.opened[outer]
    clause = _last_before(layout.ends[outer], opening, start)
    if place is not None and clause == start and opening - start <= _LONGEST_TAIL:
        return place, ()
    return None, tokens_between(own[outer], clause, opening)


def _layout(text: str, start: int, end: int) -> _Layout:
    layout = _Layout([start], [0], [start], [0], defaultdict(list), [], [], [])
    stack = [0]
    title: int | None = None
    # Where a sentence lacks one of its straight marks, the one right before it is its first.
    torn = text.count('"', start, end) % 2 == 1 and text.startswith('"', start - 1) and start > 0
    quote: int | None = start - 1 if torn else None
    for match in _MARKS.finditer(text, start, end):
        at, mark = match.start(), match.group()
        if mark not in _NAME_MARKS:
            layout.stops.append(at)
        if mark in _CLAUSE_ENDS:
            layout.ends[stack[-1]].append(at)
        elif mark in "([":
            layout.opened.append(at + 1)
            layout.outer.append(stack[-1])
            stack.append(len(layout.opened) - 1)
            layout.changes.append(at + 1)
            layout.groups.append(stack[-1])
        elif mark in ")]":
            if len(stack) > 1:
                stack.pop()
            layout.changes.append(at)
            layout.groups.append(stack[-1])
        elif mark == "《":
            title = at if title is None else title
        elif mark == "》" and title is not None:
            layout.titles.append((title, at))
            title = None
        elif mark == '"':
            if quote is not None:
                layout.quotes.append((quote, at))
            quote = at if quote is None else None
    return layout


def known_words(text: str, span: tuple[int, int], words: Lexicon) -> tuple[Token, ...]:
    """Return the words of ``text[span]`` that speak for themselves."""
    return _known_words(text, span, _layout(text, *span), words)


def _known_words(text: str, span: tuple[int, int], layout: _Layout, words: Lexicon) -> tuple[Token, ...]:
    known = [t for t in words.find(text, *span) if _counts(t, text, layout, words)]
    if not layout.titles:
        return tuple(known)
    return tuple(sorted([*known, *_outlets(text, layout, words)], key=_start))


def _outlets(text: str, layout: _Layout, words: Lexicon) -> list[Token]:
    """The titles that name a newspaper or another outlet, as words for their channel."""
    found: list[Token] = []
    for a, b in layout.titles:
        ending = words.title_channel.search(text, a + 1, min(b, a + _LONGEST_OUTLET))
        if ending:
            sense = Sense("channel", words.title_codes[ending.group()])
            found.append(Token(a, b + 1, text[a : b + 1], (sense,), by_kind((sense,))))
    return found


def _counts(token: Token, text: str, layout: _Layout, words: Lexicon) -> bool:
    """Whether a known word speaks for itself: not in a title, nor in a quoted name (of a column, of an account)."""
    title = _around(layout.titles, token.start)
    if title is not None:
        return (
            token.end == title[1] and token.has("object") and _COUNTED.match(text, token.end + 1) is not None
        )
    quote = _around(layout.quotes, token.start)
    if quote is None or words.channel_uses["publish"].intersection(token.codes("channel")):
        return True
    whole = token.start == quote[0] + 1 and token.end == quote[1]
    return whole and not text.startswith(_COLUMN_WORDS, quote[1] + 1)


def _around(spans: list[tuple[int, int]], at: int) -> tuple[int, int] | None:
    """The span, of ones that follow each other, that holds ``at``."""
    place = bisect_left(spans, (at, at)) - 1
    return spans[place] if place >= 0 and spans[place][1] > at else None


def tokens_between(tokens: Sequence[Token], start: int, end: int) -> tuple[Token, ...]:
    """Return the tokens, which are in order, that lie in ``[start, end)``."""
    first = bisect_left(tokens, start, key=_start)
    last = bisect_left(tokens, end, lo=first, key=_start)
    return tuple(t for t in tokens[first:last] if t.end <= end)


def _start(token: Token) -> int:
    return token.start


def _last_before(marks: list[int], at: int, lowest: int) -> int:
    """Where the text after the last mark before ``at`` begins, not before ``lowest``."""
    place = bisect_left(marks, at) - 1
    return max(lowest, marks[place] + 1) if place >= 0 else lowest


def _first_from(marks: list[int], at: int, highest: int) -> int:
    """The first mark from ``at`` on, not after ``highest``."""
    place = bisect_left(marks, at)
    return min(highest, marks[place]) if place < len(marks) else highest
