"""The corpus's inline markup: a text a person can write and read, with its marks in it.

::

    通过[局门户网站|website]发布信息{1203条|info_published@website}，其中警务动态{860条|info_published@website part
    subj:警务动态}。[[信息更新不够及时|P timeliness]]

- ``{words|labels}`` is a fact. ``labels``: metric, ``@channel``, then in any order a hedge (``about over under``), a
  role (``part share change prior``), a period (``cumulative snapshot average quarter period:other``), a scope
  (``wider unit unclear``), ``=value`` (needed where the words are not plain digits; base units, a fall negative),
  ``unit:件`` (``unit:-`` for none) where the measure word is not what follows the number, ``?`` (two careful readers
  could differ) with other readings ``?metric@channel`` or ``?none``, and last ``subj:words``. What is left out has the
  first value of the scheme: exact, total, year, own. ``;`` separates the facts of one number that tells several.
- ``[words|channel]`` names a channel. A fact is linked to the nearest one of its channel (`links.nearest_mention`);
  ``@website#2`` links it to the second mention of the text, ``@website#0`` to none.
- ``[[words|P themes]]`` is a problem, ``[[words|I themes]]`` an improvement; ``done`` after the ``I`` when it tells
  finished work, ``>1,2`` for the problems it answers, counted from 1. Facts and channels may stand inside.
- ``<label>`` opens a section at its heading (blanks between are skipped); it ends before the next one that is not its subsection.
- A backslash takes the meaning from ``{ } [ ] | < \\``; ``|`` has one only inside the brackets above.
"""

import re
import unicodedata
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, get_args

from .kinds import Hedge, Number, Period, Role, Scope
from .labelled import (
    LabelledChannel,
    LabelledFact,
    LabelledImprovement,
    LabelledProblem,
    LabelledSection,
    Reading,
)
from .links import nearest_mention
from .scheme import scheme

_SPECIAL = re.compile(r"[{}\[\]<\\|]")
_SECTION = re.compile(r"<([a-z_.]+)>")
_WORDS: dict[str, tuple[str, str]] = {
    word: (name, word)
    for name, kind in (("hedge", Hedge), ("role", Role), ("period", Period), ("scope", Scope))
    for word in get_args(kind)
    if (name, word) != ("period", "other")
} | {"period:other": ("period", "other")}
_CHINESE = "〇零一二两三四五六七八九十百千万亿"
_PLAIN = re.compile(r"(?<![0-9.])[0-9]+(?:,[0-9]{3})*(?:\.[0-9]+)?%?")
_UNIT = re.compile(rf"[0-9０-９％%.,，．{_CHINESE}余多几+＋\s]([^0-9０-９％%.,，．{_CHINESE}余多几+＋\s]*)$")
_POINTS = ("个百分点", "百分点")
_AFTER_UNIT = re.compile(r"(以上|左右|上下)$")
_LABEL_IN_SUBJECT = re.compile(r"\s(?:[?=]|unit:|@)")
_CHANNEL = re.compile(r"(?P<code>[a-z_]+)(?:#(?P<number>\d+))?")


class MarkupError(Exception):
    """The markup cannot be read; ``line`` counts from 1 in the text given."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line


@dataclass(frozen=True, slots=True)
class Marks:
    """A text freed from its markup, and the marks it held."""

    text: str
    sections: tuple[LabelledSection, ...] = ()
    channels: tuple[LabelledChannel, ...] = ()
    facts: tuple[LabelledFact, ...] = ()
    problems: tuple[LabelledProblem, ...] = ()
    improvements: tuple[LabelledImprovement, ...] = ()


@dataclass(slots=True)
class _Open:
    """A bracket read but not closed yet: which, where its words begin in the plain text, and its line."""

    bracket: str
    start: int
    line: int


@dataclass(slots=True)
class _State:
    source: str
    pieces: list[str] = field(default_factory=list[str])
    size: int = 0
    opened: list[_Open] = field(default_factory=list[_Open])
    sections: list[tuple[str, int]] = field(default_factory=list[tuple[str, int]])
    channels: list[LabelledChannel] = field(default_factory=list[LabelledChannel])
    facts: list[tuple[int, int, str, int]] = field(default_factory=list[tuple[int, int, str, int]])
    statements: list[tuple[int, int, str, int]] = field(default_factory=list[tuple[int, int, str, int]])

    def line(self, at: int) -> int:
        return self.source.count("\n", 0, at) + 1

    def add(self, plain: str) -> None:
        self.pieces.append(plain)
        self.size += len(plain)

    def words(self, start: int, end: int) -> str:
        return "".join(self.pieces)[start:end]


_CLOSING = {"{": "}", "[": "]", "[[": "]]"}


def parse_markup(source: str) -> Marks:
    """Return the plain text of ``source`` and its marks.

    Raises `MarkupError` with the line and what was wrong.
    """
    state = _State(source)
    at = 0
    while special := _SPECIAL.search(source, at):
        state.add(source[at : special.start()])
        at = _step(state, special.start())
    state.add(source[at:])
    if state.opened:
        left = state.opened[-1]
        raise MarkupError(left.line, f"'{left.bracket}' is never closed")
    return _marks(state)


def _step(state: _State, at: int) -> int:
    """Read the special character at ``at``; return where to go on."""
    source = state.source
    character = source[at]
    if character == "\\":
        if at + 1 >= len(source):
            raise MarkupError(state.line(at), "a backslash ends the text")
        state.add(source[at + 1])
        return at + 2
    if character == "<":
        tag = _SECTION.match(source, at)
        if not tag or tag[1] not in scheme().sections:
            raise MarkupError(
                state.line(at), f"'{source[at : at + 20]}' opens no section of the scheme; write \\<"
            )
        state.sections.append((tag[1], state.size))
        return tag.end()
    if character in "{[":
        bracket = "[[" if source.startswith("[[", at) else character
        inside = state.opened[-1].bracket if state.opened else None
        if inside in ("{", "[") or (inside and bracket == "[["):
            raise MarkupError(state.line(at), f"'{bracket}' inside '{inside}'")
        state.opened.append(_Open(bracket, state.size, state.line(at)))
        return at + len(bracket)
    if character == "|":
        if not state.opened:
            state.add("|")
            return at + 1
        return _close(state, at)
    raise MarkupError(state.line(at), f"'{character}' closes nothing; write \\{character}")


def _close(state: _State, bar: int) -> int:
    """Read the labels behind the bar of the innermost bracket."""
    opened = state.opened.pop()
    closing = _CLOSING[opened.bracket]
    end = state.source.find(closing, bar)
    if end < 0:
        raise MarkupError(state.line(bar), f"no '{closing}' after the labels")
    labels = state.source[bar + 1 : end].strip()
    line = state.line(bar)
    span = (opened.start, state.size)
    words = state.words(*span)
    if words != words.strip() or not words:
        raise MarkupError(line, f"'{words}' is empty or has blanks at its edge")
    if opened.bracket == "[":
        if labels not in scheme().channels:
            raise MarkupError(line, f"'{labels}' is no channel")
        state.channels.append(LabelledChannel(channel=labels, start=span[0], end=span[1]))
    elif opened.bracket == "{":
        state.facts.append((*span, labels, line))
    else:
        state.statements.append((*span, labels, line))
    return end + len(closing)


def _marks(state: _State) -> Marks:
    text = "".join(state.pieces)
    channels = tuple(sorted(state.channels, key=lambda c: (c.start, c.end)))
    facts = [
        _fact(part.strip(), text, (start, end), channels, line)
        for start, end, labels, line in sorted(state.facts, key=lambda f: f[:2])
        for part in labels.split(";")
    ]
    problems: list[LabelledProblem] = []
    improvements: list[LabelledImprovement] = []
    for start, end, labels, line in sorted(state.statements, key=lambda s: s[:2]):
        kind, *rest = labels.split() or [""]
        if kind == "P":
            problems.append(LabelledProblem(start=start, end=end, themes=_themes(rest, line)))
        elif kind == "I":
            improvements.append(_improvement((start, end), rest, line))
        else:
            raise MarkupError(line, f"'{labels}': a statement is labelled P or I first")
    for improvement in improvements:
        if any(not 0 <= index < len(problems) for index in improvement.addresses):
            raise MarkupError(
                text.count("\n", 0, improvement.start) + 1, "an improvement answers a problem not there"
            )
    return Marks(
        text, _sections(text, state.sections), channels, tuple(facts), tuple(problems), tuple(improvements)
    )


def _sections(text: str, opened: list[tuple[str, int]]) -> tuple[LabelledSection, ...]:
    sections: list[LabelledSection] = []
    for place, (label, start) in enumerate(opened):
        later = opened[place + 1 :]
        stop = next((s for other, s in later if not other.startswith(f"{label}.")), len(text))
        end = len(text[:stop].rstrip())
        if end > start:
            indent = end - start - len(text[start:end].lstrip())
            sections.append(LabelledSection(label=label, start=start + indent, end=end))
    return tuple(sections)


def _themes(words: list[str], line: int) -> tuple[str, ...]:
    for word in words:
        if word not in scheme().themes:
            raise MarkupError(line, f"'{word}' is no theme")
    if not words:
        raise MarkupError(line, "a statement without a theme; use other")
    return tuple(words)


def _improvement(span: tuple[int, int], words: list[str], line: int) -> LabelledImprovement:
    addresses: tuple[int, ...] = ()
    themes: list[str] = []
    for word in words:
        if word.startswith(">"):
            if not re.fullmatch(r">\d+(,\d+)*", word):
                raise MarkupError(line, f"'{word}': write >1 or >1,2")
            addresses = tuple(int(number) - 1 for number in word[1:].split(","))
        elif word != "done":
            themes.append(word)
    return LabelledImprovement(
        start=span[0],
        end=span[1],
        themes=_themes(themes, line),
        status="done" if "done" in words else "planned",
        addresses=addresses,
    )


def _fact(
    labels: str, text: str, span: tuple[int, int], channels: tuple[LabelledChannel, ...], line: int
) -> LabelledFact:
    head, _, subject = labels.partition("subj:")
    if _LABEL_IN_SUBJECT.search(subject):
        raise MarkupError(line, f"'{labels}': subj: comes last, it takes all that follows")
    first, *words = head.split() or [""]
    metric, channel, number = _metric_and_channel(first, line)
    printed = text[slice(*span)]
    fields: dict[str, Any] = {"subject": subject.strip() or None}
    alternatives: list[Reading] = []
    for word in words:
        if word in _WORDS:
            name, value = _WORDS[word]
            if name in fields:
                raise MarkupError(line, f"'{labels}': two values for {name}")
            fields[name] = value
        elif word.startswith("="):
            fields["value"] = _number(word[1:], line)
        elif word.startswith("unit:"):
            fields["unit"] = None if word == "unit:-" else word[5:]
        elif word.startswith("?"):
            fields["certain"] = False
            alternatives += _alternative(word[1:], line)
        else:
            raise MarkupError(line, f"'{word}' is no hedge, role, period, scope, =value, unit: or ?")
    if number is None:
        mention = nearest_mention(*span, channel, channels)
    else:
        mention = number - 1 if number else None
        if mention is not None and (mention >= len(channels) or channels[mention].channel != channel):
            raise MarkupError(line, f"'{first}': mention {number} is not of that channel")
    if "value" not in fields:
        fields["value"] = plain_value(printed, line)
    fields.setdefault("unit", plain_unit(printed))
    return LabelledFact(
        start=span[0],
        end=span[1],
        metric=metric,
        channel=channel,
        mention=mention,
        alternatives=tuple(alternatives),
        **fields,
    )


def _metric_and_channel(word: str, line: int) -> tuple[str, str | None, int | None]:
    metric, at, channel = word.partition("@")
    if metric not in scheme().metrics:
        raise MarkupError(line, f"'{metric}' is no metric")
    if not at:
        return metric, None, None
    match = _CHANNEL.fullmatch(channel)
    if not match or match["code"] not in scheme().channels:
        raise MarkupError(line, f"'{channel}' is no channel")
    return metric, match["code"], int(match["number"]) if match["number"] else None


def _alternative(word: str, line: int) -> list[Reading]:
    if not word:
        return []
    if word == "none":
        return [Reading(not_fact=True)]
    metric, channel, _ = _metric_and_channel(word, line)
    return [Reading(metric=metric, channel=channel)]


def _number(word: str, line: int) -> Number:
    try:
        return int(word) if re.fullmatch(r"-?\d+", word) else float(word)
    except ValueError:
        raise MarkupError(line, f"'={word}' is no number") from None


def plain_value(printed: str, line: int) -> Number:
    """Return the value of words with one number in plain digits, a percentage divided by 100.

    Raises `MarkupError` where the words are anything else.
    """
    plain = unicodedata.normalize("NFKC", printed)
    numbers = _PLAIN.findall(plain)
    if len(numbers) != 1 or any(character in _CHINESE for character in plain):
        raise MarkupError(line, f"'{printed}' is not one number in plain digits; give its value as =value")
    number = numbers[0].replace(",", "")
    if number.endswith("%"):
        return float(Decimal(number[:-1]) / 100)
    return float(number) if "." in number else int(number)


def plain_unit(printed: str) -> str | None:
    """Return the measure word: what stands behind the number, a word of approximation left out."""
    if printed.endswith(("%", "％")):
        return "%"
    if printed.endswith(_POINTS):
        return next(points for points in _POINTS if printed.endswith(points))
    match = _UNIT.search(_AFTER_UNIT.sub("", printed))
    return (match[1] or None) if match else None
