"""Headings of a report: where they stand, how they are numbered, and what their words say."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from ..annotations.knowledge import read_knowledge
from .normalise import NormalText

Style = Literal["han", "bracket", "digit", "arabic", "bare"]


@dataclass(frozen=True, slots=True)
class Heading:
    """A line, or the beginning of one, that reads like a heading; offsets lie in the normalised text.

    The numbering lies in ``[start, words)``, the title in ``[words, end)``. ``part`` is the label of the
    top-level part its words name; ``exact`` tells that they are the official title of it. ``standard`` tells that
    they are the official title of an overview subsection. ``inline`` tells that it follows other text on the same
    line, ``closed`` that a line end, a full stop or a colon marks where it ends.
    """

    start: int
    words: int
    end: int
    title: str
    style: Style
    number: int | None
    part: str | None
    exact: bool
    standard: bool
    inline: bool
    closed: bool


@dataclass(frozen=True, slots=True)
class Wording:
    """`sections.yaml`, compiled."""

    title: re.Pattern[str]
    cues: tuple[tuple[str, re.Pattern[str]], ...]
    never: re.Pattern[str]
    legacy: re.Pattern[str]
    subtitle: re.Pattern[str]
    subcue: re.Pattern[str]
    sub_labels: dict[str, str]
    noise: re.Pattern[str]
    signature: re.Pattern[str]
    signer: re.Pattern[str]


@cache
def wording() -> Wording:
    """Return what the package knows of headings, read once."""
    raw: dict[str, Any] = read_knowledge(__file__, "sections.yaml")
    sub_labels = {label.replace(".", "_"): label for label in raw["subcues"]}
    sub_groups = "|".join(f"(?P<{group}>{raw['subcues'][label]})" for group, label in sub_labels.items())
    titles = "|".join(f"(?P<{label}>{title})" for label, title in raw["titles"].items())
    signer, date = raw["signer"], raw["date"]
    return Wording(
        title=re.compile(f"(?:{raw['before']})(?:{titles})"),
        cues=tuple((label, re.compile(cue)) for label, cue in raw["cues"].items()),
        never=re.compile(raw["never"]),
        legacy=re.compile(raw["legacy"]),
        subtitle=re.compile(f"(?:{raw['before']}){raw['subtitles']}"),
        subcue=re.compile(sub_groups),
        sub_labels=sub_labels,
        noise=re.compile(rf"(?:{raw['noise']})\Z"),
        signature=re.compile(rf"(?:{signer},?)?\(?{date}\)?(?:印发)?。?\Z"),
        signer=re.compile(rf"(?:{signer})\Z"),
    )


_NUMERALS = "一二三四五六七八九十"
_ORDINAL = re.compile(
    rf"(?P<han>第?[{_NUMERALS}]{{1,3}}(?:部分|章|节)?[、.,:]+|第[{_NUMERALS}]{{1,2}}(?:部分|章))"
    rf"|(?P<bracket>\([{_NUMERALS}]{{1,3}}\)[、.]?)|(?P<digit>\(\d{{1,2}}\)[、.]?)"
    r"|(?P<arabic>(?<![\d.,])\d{1,2}[、.](?!\d))"
)
_BARE_LINE = re.compile(
    r"^[#*> \u3000\xa0]*(?P<title>[^\W\d_][^\n\t|,;，；。：:]{1,44}?)[* \u3000\xa0\r]*[。：:]?[ \r\u3000]*$",
    re.MULTILINE,
)
_STRAY_NUMERAL = re.compile(rf"[{_NUMERALS}](?!般)")
_TITLE = re.compile(r"[^\n。:;!?]{1,48}")
_NESTED = re.compile(rf"\([{_NUMERALS}]{{1,2}}\)|[ ]")
_NUMBER = re.compile(rf"[{_NUMERALS}]{{1,3}}|\d{{1,2}}")
_DIGITS = {numeral: value for value, numeral in enumerate(_NUMERALS, 1)}
_MARKUP = '#*>| "'
_LONGEST = 60
_LONGEST_TITLE = 30
_LONGEST_CLAUSE = 24
_DIGIT = re.compile(r"\d")


def find_headings(normal: NormalText, source: str) -> list[Heading]:
    """Return every heading-like place of ``normal``, in order. Linear in the text's length."""
    found = {heading.words: heading for heading in _bare(normal, source)}
    found |= {heading.words: heading for heading in _numbered(normal, source)}
    return [found[words] for words in sorted(found)]


def sub_label(title: str) -> str:
    """Return the label of an overview subsection with this title: the cue that stands first decides."""
    cue = wording().subcue.search(title)
    return wording().sub_labels[cue.lastgroup] if cue and cue.lastgroup else "overview.other"


def _numbered(normal: NormalText, source: str) -> Iterator[Heading]:
    text = normal.text
    previous_end = -1
    for ordinal in _ORDINAL.finditer(text):
        start = ordinal.start()
        inline = not _at_line_start(text, start)
        if inline and start != previous_end and not _may_follow(normal, start, ordinal.lastgroup or ""):
            continue
        heading = _classify(normal, source, ordinal, inline)
        if heading:
            previous_end = heading.end
            yield heading


def _classify(normal: NormalText, source: str, ordinal: re.Match[str], inline: bool) -> Heading | None:
    """Return the heading that the ordinal opens, if its words or their shape say that it is one."""
    known, text = wording(), normal.text
    start, words = ordinal.span()
    style: Style = ordinal.lastgroup  # type: ignore[assignment]
    end, closed = _extent(text, words, style)
    official = known.title.match(text, words, words + _LONGEST)
    if end == words or (not official and known.never.search(text, words, end)):
        return None
    number = _number(ordinal.group())
    if not official and closed and style != "arabic":
        wrapped = _wrapped(text, words, end)
        if wrapped:
            title, end, label = wrapped
            return Heading(start, words, end, title, style, number, label, True, False, inline, True)
    standard = known.subtitle.match(text, words, words + _LONGEST)
    fixed = official or standard
    if fixed:
        line_end = _printed_line_end(normal, source, fixed.end(), end)
        if official and _gap(normal, official.end()):
            end, closed = official.end(), True
        elif line_end:
            end, closed = line_end, True
        if not closed or _runs_on(text[fixed.end() : end]):
            end, closed = fixed.end(), False
    title = text[words:end].rstrip("*#")
    end = words + len(title)
    part = official.lastgroup if official else None
    if not part and closed and not inline:
        part = next((label for label, cue in known.cues if cue.search(title)), None)
    is_standard = bool(standard and standard.end() >= end)
    return Heading(start, words, end, title, style, number, part, bool(official), is_standard, inline, closed)


def _extent(text: str, words: int, style: Style) -> tuple[int, bool]:
    """Where the title that begins at ``words`` ends, and whether a mark tells so.

    In brackets a sentence may stand in a title's place; its first clause then is the title.
    """
    run = _TITLE.match(text, words)
    if not run:
        return words, False
    title, end = run.group(), run.end()
    nested = _NESTED.search(title)
    if nested:
        title, end = title[: nested.start()], words + nested.start()
    closed = bool(nested) or end >= len(text) or text[end] in "。:\n"
    if style == "bracket" and (not closed or len(title) > _LONGEST_TITLE or _DIGIT.search(title)):
        clause = title.find(",")
        if 0 < clause <= _LONGEST_CLAUSE:
            return words + clause, True
    return words + len(title.rstrip("*#")), closed


def _printed_line_end(normal: NormalText, source: str, start: int, end: int) -> int | None:
    """Where in ``[start, end]`` the source breaks the line, although the normalised text goes on."""
    if start >= len(normal.text):
        return None
    line_end = source.find("\n", normal.source_end(start - 1), normal.source_end(end - 1))
    return min(max(normal.index_at(line_end), start), end) if line_end >= 0 else None


def _wrapped(text: str, words: int, end: int) -> tuple[str, int, str] | None:
    """Return title, end and label of an official title that a line break at ``end`` cuts in two."""
    if end - words < 6 or text[end : end + 1] != "\n":
        return None
    joined = text[words : words + _LONGEST].replace("\n", "", 1)
    official = wording().title.match(joined)
    if not official or official.end() <= end - words or not official.lastgroup:
        return None
    return official.group(), words + official.end() + 1, official.lastgroup


def _bare(normal: NormalText, source: str) -> Iterator[Heading]:
    """Official titles that stand alone on a line of the source, their numbering lost."""
    text, known = normal.text, wording()
    for line in _BARE_LINE.finditer(source):
        words = normal.index_at(line.start("title"))
        end = max(normal.index_at(line.end("title")), words)
        words += bool(_STRAY_NUMERAL.match(text, words, end))
        official = known.title.fullmatch(text, words, end)
        standard = known.subtitle.fullmatch(text, words, end)
        if official or standard:
            part, title = official.lastgroup if official else None, text[words:end]
            exact, is_standard = bool(official), bool(standard)
            yield Heading(words, words, end, title, "bare", None, part, exact, is_standard, False, True)


def _at_line_start(text: str, start: int) -> bool:
    while start and text[start - 1] in _MARKUP:
        start -= 1
    return not start or text[start - 1] == "\n"


def _may_follow(normal: NormalText, start: int, style: str) -> bool:
    """Whether a heading may stand at ``start`` inside a line: after a sentence, a table, a gap, not in a list."""
    before = normal.text[start - 1]
    if before in ',;:、"《(和及与至到':
        return False
    return before == " " or _gap(normal, start) or style == "han" or (style != "arabic" and before in "。!?")


def _gap(normal: NormalText, position: int) -> bool:
    """Whether the source has layout between the characters before and at ``position``."""
    return 0 < position < len(normal.text) and normal.source_start(position) > normal.source_end(position - 1)


def _runs_on(rest: str) -> bool:
    """Whether what follows an official title up to the next mark is text rather than the title's own end."""
    return bool(rest) and (len(rest) > 12 or any(mark in rest for mark in ",年我为"))


def _number(ordinal: str) -> int | None:
    found = _NUMBER.search(ordinal)
    if not found:
        return None
    digits = found.group()
    if digits.isdecimal():
        return int(digits)
    tens, _, units = digits.rpartition("十") if "十" in digits else ("", "", digits)
    if "十" not in digits:
        return _DIGITS[digits[-1]]
    return 10 * _DIGITS.get(tens, 1) + _DIGITS.get(units, 0)
