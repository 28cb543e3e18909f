"""Items of the section on problems and improvement: one shortcoming or one measure each, with or without ordinals."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from typing import Any, Literal

from ...annotations.knowledge import read_knowledge

Kind = Literal["problem", "improvement"]

ORDINAL_CONFIDENCE = (
    0.9  # an ordinal item; a head, an opening or its own words tell whether it admits or promises
)
BARE_ORDINAL_CONFIDENCE = 0.8  # an ordinal item about which nothing but its place tells
SENTENCE_CONFIDENCE = 0.7  # a sentence of its own
CHAIN_CONFIDENCE = 0.6  # one clause of a chain


@dataclass(slots=True)
class Item:
    """A statement in the normalised text. ``answers`` is the place of the problem paired with it in its own item."""

    kind: Kind
    start: int
    end: int
    confidence: float
    listed_done: bool = False
    answers: "Item | None" = None


@dataclass(frozen=True, slots=True)
class Cues:
    """`statements.yaml`, compiled, but for the themes."""

    improvement_head: re.Pattern[str]
    problem_head: re.Pattern[str]
    turn: re.Pattern[str]
    lead: re.Pattern[str]
    introduction: re.Pattern[str]
    praise: re.Pattern[str]
    contrast: re.Pattern[str]
    chain: re.Pattern[str]
    opening: re.Pattern[str]
    problem: re.Pattern[str]
    improvement: re.Pattern[str]
    attached: re.Pattern[str]
    cause: re.Pattern[str]
    told_done: re.Pattern[str]
    resolved: re.Pattern[str]
    none: re.Pattern[str]
    done: re.Pattern[str]
    plan: re.Pattern[str]


@cache
def statement_wording() -> dict[str, Any]:
    """Return `statements.yaml`, read once."""
    return read_knowledge(__file__, "statements.yaml")


@cache
def cues() -> Cues:
    """Return the compiled wordings."""
    raw = statement_wording()
    return Cues(
        improvement_head=re.compile(raw["heads"]["improvement"]),
        problem_head=re.compile(raw["heads"]["problem"]),
        turn=re.compile(raw["turn"]),
        lead=re.compile(raw["lead"]),
        introduction=re.compile(raw["introduction"]),
        praise=re.compile(raw["praise"]),
        contrast=re.compile(raw["contrast"]),
        chain=re.compile(raw["chain"]),
        opening=re.compile(raw["opening"]),
        problem=re.compile(raw["problem_cues"]),
        improvement=re.compile(rf"(?:{raw['improvement_cues']})"),
        attached=re.compile(raw["attached"]),
        cause=re.compile(raw["cause"]),
        told_done=re.compile(raw["told_done"]),
        resolved=re.compile(raw["resolved"]),
        none=re.compile(raw["none"]),
        done=re.compile(raw["done_cues"]),
        plan=re.compile(raw["plan_cues"]),
    )


_NUMERALS = "一二三四五六七八九十"
_MARKER = re.compile(
    rf"(?P<bracket>(?<![^。;:!?\n])\([{_NUMERALS}]{{1,2}}\)[、.]?)"
    rf"|(?P<han>(?<![^\n])第?[{_NUMERALS}]{{1,2}}、|(?<![^。;:!?\n])第[{_NUMERALS}]{{1,2}}[,、])"
    rf"|(?P<arabic>(?<![^。;:!?\n])\d{{1,2}}[、.](?!\d))"
    rf"|(?P<digit>(?<![^。;:!?\n])(?:\(\d{{1,2}}\)[、.]?|[①-⑳]))"
    rf"|(?P<is>(?<![^。;:!?\n,])(?:第?[{_NUMERALS}]{{1,2}}(?:个)?(?:方面)?(?:是|则)|首先是?,?|其次是?,?|再次是?,?|最后是?,))"
)  # fmt: skip
_AFTER_MARKER = re.compile(r"[,:、]?(?:是)?(?=[^,])")
_DEPTH = {"han": 0, "bracket": 1, "arabic": 2, "digit": 3, "is": 4}
_SENTENCE = re.compile(r"[^。!?\n]+[。!?\n]*")
_CLOSING = " \n。;,、:!?"
_SHORTEST = 3
_TITLE_LENGTH = 30
_SPOKEN = {"首先": 1, "其次": 2, "再次": 3, "最后": 9}
_DIGITS = {numeral: value for value, numeral in enumerate(_NUMERALS, 1)}


@dataclass(frozen=True, slots=True)
class _Piece:
    """A sentence or, where ordinals stand inside it, a part of one. ``family`` is the kind of its ordinal."""

    start: int
    end: int
    family: str | None
    number: int
    new_paragraph: bool


@dataclass(slots=True)
class _State:
    """Where the walk through the section stands."""

    kind: Kind
    explicit: bool = False
    listed_done: bool = False
    item: Item | None = None
    family: str | None = None
    number: int = 0
    paired: Item | None = None
    items: list[Item] = field(default_factory=list[Item])


def read_items(text: str, kind: Kind, lines: Sequence[tuple[int, int]] = ()) -> list[Item]:
    """Return the items of the normalised ``text``, whose heading announces ``kind`` first. Linear in its length.

    ``lines`` are the lines of the source: a little heading alone on one stands apart, whatever was joined to it.
    """
    state = _State(kind)
    known = cues()
    heads = (known.improvement_head, known.problem_head)
    apart = {edge for line in lines if any(head.fullmatch(text, *line) for head in heads) for edge in line}
    for piece in _pieces(text, apart):
        _step(text, piece, state)
    for item in state.items:
        printed = text[item.start : item.end].rstrip(_CLOSING)
        item.end = item.start + len(printed)
        item.start += len(printed) - len(printed.lstrip(_CLOSING))
    return [item for item in state.items if item.end - item.start >= _SHORTEST]


def _sentences(text: str, apart: set[int]) -> Iterator[tuple[int, int]]:
    """Sentences, cut where a little heading stands apart."""
    edges = sorted(apart)
    for sentence in _SENTENCE.finditer(text):
        start, end = sentence.span()
        inside = edges[bisect_right(edges, start) : bisect_left(edges, end)]
        yield from pairwise((start, *inside, end))


def _pieces(text: str, apart: set[int]) -> Iterator[_Piece]:
    """Sentences, cut before each ordinal."""
    for begin, end in _sentences(text, apart):
        start, family, number = begin, None, 0
        new = start == 0 or text[start - 1] == "\n" or start in apart
        for marker in _MARKER.finditer(text, start, end):
            if text[start : marker.start()].strip(_CLOSING):
                yield _Piece(start, marker.start(), family, number, new)
                new = False
            after = _AFTER_MARKER.match(text, marker.end())
            start = after.end() if after else marker.end()
            family, number = marker.lastgroup, _number(marker.group())
        if text[start:end].strip(_CLOSING):
            yield _Piece(start, end, family, number, new)


def _step(text: str, piece: _Piece, state: _State) -> None:
    """Let one piece open, extend or close an item."""
    known = cues()
    start = _after_head(text, piece, state)
    body = text[start : piece.end].rstrip(_CLOSING)
    if not body:
        return
    if piece.family and start == piece.start:
        _ordinal(text, piece, state)
    elif start == piece.start and known.turn.match(body):
        _turn(text, start, piece, state)
    elif _extends(text, piece, state, start):
        assert state.item is not None
        state.item.end = piece.end
    else:
        _unmarked(text, start, piece, state)


def _after_head(text: str, piece: _Piece, state: _State) -> int:
    """Where the piece goes on after a little heading, if it begins with one that decides what follows."""
    known = cues()
    stop = piece.start + len(text[piece.start : piece.end].rstrip(_CLOSING))
    heads: tuple[tuple[Kind, re.Pattern[str]], ...] = (
        ("improvement", known.improvement_head),
        ("problem", known.problem_head),
    )
    for kind, head in heads:
        found = head.match(text, piece.start, stop)
        if found and (found.end() == stop or text[found.end()] == ":"):
            _announce(state, kind)
            return stop if found.end() == stop else found.end() + 1
    return piece.start


def _announce(state: _State, kind: Kind, done: bool = False) -> None:
    state.kind, state.explicit, state.listed_done = kind, True, done
    state.item = state.family = state.paired = None
    state.number = 0


def _ordinal(text: str, piece: _Piece, state: _State) -> None:
    """An ordinal item: part of the open one if it is nested in it, else one of its own."""
    family = piece.family or ""
    if state.item and state.family and _DEPTH[family] > _DEPTH[state.family] and not state.paired:
        state.item.end = piece.end
        return
    if state.paired and family == state.family and piece.number == state.number + 1:
        state.kind = "problem"
    kind, told = state.kind, state.explicit
    if not told:
        by_words = _kind_by_words(text[piece.start : piece.end])
        kind, told = by_words or kind, bool(by_words)
    state.paired = None
    confidence = ORDINAL_CONFIDENCE if told else BARE_ORDINAL_CONFIDENCE
    start = piece.start
    if kind == "improvement":
        lead = cues().lead.match(text, start, piece.end)
        start = lead.end() if lead else start
    state.family, state.number = family, piece.number
    _open(state, Item(kind, start, piece.end, confidence, state.listed_done))


def _kind_by_words(body: str) -> Kind | None:
    """What an item is where nothing announced it: a measure begins with its verb and admits nothing."""
    first = re.split(r"[,。;]", body, maxsplit=1)[0]
    if cues().problem.search(first):
        return "problem"
    return "improvement" if cues().improvement.match(first) else None


def _open(state: _State, item: Item) -> None:
    state.items.append(item)
    state.item = item


def _turn(text: str, start: int, piece: _Piece, state: _State) -> None:
    """A sentence that turns to the measures: it opens their list, or is one itself."""
    known = cues()
    body = text[start : piece.end].rstrip(" \n。;,!?")
    done = bool(known.told_done.search(body))
    answered = state.item if state.item and state.item.kind == "problem" and not piece.new_paragraph else None
    answered = answered if state.family else None
    family, number = state.family, state.number
    _announce(state, "improvement", done)
    if body.endswith(":") or known.introduction.search(body):
        return
    lead = known.lead.match(text, start, piece.end)
    start = lead.end() if lead else start
    if not text[start : piece.end].strip(_CLOSING):
        return
    if not answered and ";" in body:
        _measures(text, start, piece, state)
        return
    item = Item("improvement", start, piece.end, SENTENCE_CONFIDENCE, done, answered)
    if answered:
        item.confidence = ORDINAL_CONFIDENCE
        state.paired, state.family, state.number = answered, family, number
    _open(state, item)


def _extends(text: str, piece: _Piece, state: _State, start: int) -> bool:
    """Whether an unmarked sentence goes on with the open item: same paragraph, or the text under a titled line."""
    item = state.item
    if not item or start != piece.start:
        return False
    if not piece.new_paragraph:
        return True
    titled = state.family is not None and "。" not in text[item.start : item.end - 1]
    return titled and item.end - item.start <= _TITLE_LENGTH


def _unmarked(text: str, start: int, piece: _Piece, state: _State) -> None:
    """A sentence without an ordinal that opens a list, praises, or holds one statement or a chain of them."""
    known = cues()
    body = text[start : piece.end].rstrip(" \n。;,!?")
    state.item = None
    contrast = known.contrast.search(body)
    if known.praise.search(body) and not contrast:
        return
    if contrast and known.praise.search(body[: contrast.start()]):
        start += contrast.start() + 1
        body = text[start : piece.end].rstrip(" \n。;,!?")
    if body.endswith(":") or known.introduction.search(body):
        _announce(state, _introduced(body, state.kind), bool(known.told_done.search(body)))
        return
    kind = (None if state.explicit else _kind_by_words(body)) or state.kind
    if kind == "improvement" or known.resolved.search(body):
        _measures(text, start, piece, state)
    elif known.problem.search(body) and not known.none.match(body):
        for a, b in _chain(text, start, piece.end):
            state.items.append(Item("problem", a, b, CHAIN_CONFIDENCE))


def _introduced(body: str, kind: Kind) -> Kind:
    """What an opening such as "the main problems are:" announces."""
    if re.search(r"改进|整改|措施|下一步|打算|重点做好|以下工作", body):
        return "improvement"
    return "problem" if re.search(r"问题|不足|困难|差距|短板|薄弱", body) else kind


def _measures(text: str, start: int, piece: _Piece, state: _State) -> None:
    """Measures told in a sentence: one, or one for each part between semicolons."""
    if not (
        cues().improvement.search(text, start, piece.end) or cues().resolved.search(text, start, piece.end)
    ):
        return
    parts = list(_split(text, start, piece.end, ";"))
    confidence = SENTENCE_CONFIDENCE if len(parts) == 1 else CHAIN_CONFIDENCE
    for a, b in parts:
        lead = cues().lead.match(text, a, b)
        _open(state, Item("improvement", lead.end() if lead else a, b, confidence, state.listed_done))
    state.item = None


def _chain(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The shortcomings of a sentence without ordinals.

    It is split at semicolons or else at every comma; a part without a word of shortcoming belongs to the next one
    (its subject), a consequence, a remedy or a stump to the one before.
    """
    known = cues()
    opening = known.opening.match(text, start, end)
    start = opening.end() if opening else start
    colon = text.find(":", start, min(end, start + _TITLE_LENGTH))
    start = max(start, colon + 1)
    closing = known.chain.search(text, start, end)
    stop = closing.start() if closing else end
    marks = ";" if ";" in text[start:stop] else "、,"
    parts: list[tuple[int, int]] = []
    begin: int | None = None
    for a, b in _split(text, start, stop, marks):
        first = a if begin is None else begin
        clause = text[a:b]
        if parts and begin is None and (len(clause) < 5 or known.attached.match(clause)):
            parts[-1] = (parts[-1][0], b)
        elif known.problem.search(clause):
            parts.append((first, b))
            begin = None
        else:
            begin = first
    if begin is not None:
        if parts:
            parts[-1] = (parts[-1][0], stop)
        elif closing:
            parts.append((begin, stop))
    yield from parts


def _split(text: str, start: int, end: int, marks: str) -> Iterator[tuple[int, int]]:
    """The stretches of ``text[start:end]`` between ``marks``, blank ones left out."""
    for part in re.compile(rf"[^{marks}]+").finditer(text, start, end):
        if part.group().strip(_CLOSING):
            yield part.span()


def _number(marker: str) -> int:
    for word, value in _SPOKEN.items():
        if marker.startswith(word):
            return value
    digits = re.search(r"\d+", marker)
    if digits:
        return int(digits.group())
    if "①" <= marker[0] <= "⑳":
        return ord(marker[0]) - ord("①") + 1
    numerals = [_DIGITS[c] for c in marker if c in _DIGITS]
    return sum(numerals) if numerals else 0
