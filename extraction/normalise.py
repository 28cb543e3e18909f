"""Normalised text beside the sacred one: one form for every way of writing, with the way back.

Full-width forms, Kangxi and supplementary radicals and Traditional script become their plain forms; punctuation
becomes ASCII where ASCII has it (``,`` ``:`` ``;`` ``(`` ``)`` ``[`` ``]`` ``%`` ``-``, every double quotation mark
``"``) while ``。`` ``、`` ``《`` ``》`` stay; layout spaces go, and soft line breaks inside a paragraph are joined.
Every character of the normalised text knows the character of the source it stands for.
"""

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, cast

# Glyphs for private use are bullets and ornaments of a font; what else they stood for is lost.
_PRIVATE = "\ue000-\uf8ff\U000f0000-\U000ffffd\U00100000-\U0010fffd"
_SPACES = f" \t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000{_PRIVATE}"
_ENCLOSED = "\u3220-\u3229\u2474-\u249b"  # numbers in brackets or with their full stop, in one character
_INVISIBLE = "\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff"

# Supplementary radicals that NFKC leaves alone (Unicode block 2E80-2EFF, EquivalentUnifiedIdeograph.txt), as far as
# fonts put them into the text of real reports.
_RADICALS = dict(zip("⺀⺁⺃⺅⺆⺈⺉⺋⺌⺎⺒⺓⺗⺙⺝⺟⺠⺡⺢⺣⺤⺥⺦⺨⺩⺪⺫⺬⺭⺮⺯⺰⺱⺲⺳⺴⺵⺶⺷⺸⺹⺺⺻⺼⺽⺾⺿⻀⻁⻂⻃⻄⻅⻆⻇⻈⻉⻊⻋⻌⻍⻎⻏⻐⻑⻒⻓⻔⻕⻖⻗⻘⻙⻚⻛⻜⻝⻞⻟⻠⻡⻢⻣⻤⻥⻦⻧⻨⻩⻪⻬⻮⻰⻳",
                          "丶厂乛亻冂刀刂卩小兀巳幺小攵月母民氵氺灬爪爫丬犭王疋目示礻竹糸纟罓罒罒罓网羊羊羊耂肀聿肉臼艹艹艹虎衤西西见角角讠贝足车辶辶辶邑钅長镸长门阜阝雨青韦页风飞食飠飠饣首马骨鬼鱼鸟卤麦黄黾齐齿龙龟", strict=True))  # fmt: skip

_PUNCTUATION = {
    "“": '"', "”": '"', "„": '"', "‟": '"', "＂": '"', "「": '"', "」": '"', "『": '"', "』": '"', "〝": '"', "〞": '"',
    "‘": "'", "’": "'",
    "〔": "[", "〕": "]", "﹝": "[", "﹞": "]", "【": "[", "】": "]", "［": "[", "］": "]",
    "—": "-", "–": "-", "‒": "-", "―": "-", "─": "-", "－": "-", "−": "-", "‐": "-", "‑": "-",
    "︰": ":", "∶": ":", "﹕": ":", "﹐": ",", "﹔": ";", "﹑": "、", "｡": "。", "､": "、", "〇": "〇",
}  # fmt: skip

# A line that begins a new paragraph, whatever the line before ended with.
_ORDINAL = (
    r"(?:第?[一二三四五六七八九十]{1,3}[、.是章节,]|\([一二三四五六七八九十\d]{1,3}\)|\d{1,2}[、.](?!\d)|[①-⑳㈠-㈩]"
    r"|[一二三四五六七八九十] )"
)
_NEW_PARAGRAPH = re.compile(rf"{_ORDINAL}|附件|附表|附:|[-—] ?\d+ ?[-—]|\[bookmark|扫一扫|\|")
_HEADING_LINE = re.compile(rf"{_ORDINAL}[^。;]{{0,32}}$")
_PARAGRAPH_END = re.compile(r"(?:[。!?;:|]|年度报告|年报)[\"')\]》]*$")
_SENTENCE_ENDS = "。!?;:|"
_SHORT_LINE = 14
_LOOK_BACK = 400

_BLANK = rf"{_SPACES}{_INVISIBLE}\r\n\v\f\x1c-\x1f\x85\u2028\u2029"
# Each begins with one class of characters, which the regular expression engine skips to fastest.
_BLANKS = re.compile(rf"[{_BLANK}][{_BLANK}]*")
_EDITS = re.compile(rf"[{_BLANK}][{_BLANK}]*|\[bookmark: ?\w+\]|[{_ENCLOSED}]")
_SPECIAL = re.compile(rf"[\[{_ENCLOSED}]")
_TRADITIONAL = re.compile("[開關報資與為務實處訴訟議訊網號條項國會對數據門動類發佈辦請總]")


@dataclass(frozen=True, slots=True)
class NormalText:
    """A normalised stretch of a source text, and the way back.

    ``text`` is made of pieces: piece ``k`` begins at ``at[k]`` in ``text`` and at ``source[k]`` in the source. Where
    ``until[k]`` is -1 it stands for the source character by character, else as a whole for the source up to
    ``until[k]``.
    """

    text: str
    at: Sequence[int]
    source: Sequence[int]
    until: Sequence[int]

    def source_start(self, index: int) -> int:
        """Return where the source of the character ``text[index]`` begins."""
        piece = bisect_right(self.at, index) - 1
        offset = 0 if self.until[piece] >= 0 else index - self.at[piece]
        return self.source[piece] + offset

    def source_end(self, index: int) -> int:
        """Return where the source of the character ``text[index]`` ends."""
        piece = bisect_right(self.at, index) - 1
        until = self.until[piece]
        return until if until >= 0 else self.source[piece] + index - self.at[piece] + 1

    def source_span(self, start: int, end: int) -> tuple[int, int]:
        """Return the source offsets of ``text[start:end]``, which must not be empty."""
        return self.source_start(start), self.source_end(end - 1)

    def index_at(self, offset: int) -> int:
        """Return the first index whose source begins at ``offset`` or after it, the length of ``text`` if none."""
        piece = bisect_left(self.source, offset)
        begin = self.at[piece] if piece < len(self.at) else len(self.text)
        if piece and self.until[piece - 1] < 0:
            return min(begin, self.at[piece - 1] + offset - self.source[piece - 1])
        return begin

    def stretch(self, start: int, end: int) -> "NormalText":
        """Return the part that stands for the source between the offsets ``start`` and ``end``."""
        first, last = self.index_at(start), self.index_at(end)
        if first >= last:
            return NormalText("", (), (), ())
        low, high = bisect_right(self.at, first) - 1, bisect_left(self.at, last)
        at = [index - first for index in self.at[low:high]]
        source = list(self.source[low:high])
        if at[0] < 0:  # the part begins inside a piece
            if self.until[low] < 0:
                source[0] -= at[0]
            at[0] = 0
        return NormalText(self.text[first:last], at, source, self.until[low:high])


@lru_cache(maxsize=2)  # sections, facts and statements ask for the same text in turn
def normalised(source: str) -> NormalText:
    """Return the whole of ``source`` in normal form."""
    return normalise(source)


def normalise(source: str, start: int = 0, end: int | None = None) -> NormalText:
    """Normalise ``source[start:end]``; offsets in the result are those of ``source``. Linear in the length."""
    plain = same_length_form(source[start:end])
    pieces: list[str] = []
    at: list[int] = []
    sources: list[int] = []
    until: list[int] = []
    length = last = 0
    edits = (_EDITS if _SPECIAL.search(plain) else _BLANKS).finditer(plain)
    for edit in (*edits, None):
        a, b = edit.span() if edit else (len(plain), len(plain))
        new = _replacement(plain, a, b) if edit else ""
        if edit and b - a == 1 and new == plain[a]:
            continue  # it stays as it is
        if a > last:
            pieces.append(plain[last:a])
            at.append(length)
            sources.append(start + last)
            until.append(-1)
            length += a - last
        if new:
            pieces.append(new)
            at.append(length)
            sources.append(start + a)
            until.append(start + b)
            length += len(new)
        last = b
    return NormalText("".join(pieces), at, sources, until)


def _replacement(plain: str, a: int, b: int) -> str:
    """What stands for ``plain[a:b]``: blanks with or without a line break, a bookmark or an enclosed number."""
    if "\n" in plain[a:b]:
        return "\n" if a and b < len(plain) and not _is_soft(plain, a, b) else ""
    if plain[a] == "[":
        return ""
    if _SPECIAL.match(plain, a):
        return unicodedata.normalize("NFKC", plain[a:b])
    return " " if _needs_space(plain[a - 1 : a], plain[b : b + 1]) else ""


def same_length_form(text: str) -> str:
    """Return ``text`` with the part of normalising that keeps every character's place: full-width and compatibility
    forms, radicals, punctuation and Traditional script, one character for one.
    """
    forms, pattern = _forms()
    text = pattern.sub(lambda found: forms[found.group()], text)
    if _TRADITIONAL.search(text):
        simplified = _simplify(text)
        text = simplified if len(simplified) == len(text) else "".join(map(_simplify_one, text))
    return text


@cache
def _forms() -> tuple[dict[str, str], re.Pattern[str]]:
    """Full-width and compatibility forms of one character (NFKC), radicals, and punctuation; and what finds them."""
    forms: dict[str, str] = {}
    for code in (*range(0x2F00, 0x2FD6), *range(0xFF01, 0xFF5F), *range(0xF900, 0xFAD9), 0xFFE5):
        plain = unicodedata.normalize("NFKC", chr(code))
        if len(plain) == 1:
            forms[chr(code)] = plain
    forms |= _RADICALS | _PUNCTUATION
    return forms, re.compile(f"[{''.join(map(re.escape, forms))}]")


@cache
def _simplifier() -> Callable[[str], str]:
    from opencc import OpenCC  # noqa: PLC0415  # loaded only for the few reports in Traditional script

    return cast(Any, OpenCC("t2s")).convert  # it has no type hints


def _simplify(text: str) -> str:
    return _simplifier()(text)


@cache
def _simplify_one(character: str) -> str:
    """One character for one, where converting words would change the length."""
    simplified = _simplify(character)
    return simplified if len(simplified) == 1 else character


def _needs_space(before: str, after: str) -> bool:
    """Spaces separate Latin words and digit groups; between Chinese characters they are layout."""
    return before.isascii() and before.isalnum() and after.isascii() and after.isalnum()


def _is_soft(text: str, a: int, b: int) -> bool:
    """Whether the line break ``text[a:b]`` only wraps a paragraph."""
    line_start = text.rfind("\n", max(0, a - _LOOK_BACK), a) + 1 or max(0, a - _LOOK_BACK)
    if a - line_start < _SHORT_LINE or text[a - 1] in _SENTENCE_ENDS:
        return False  # the usual cases first: cells of tables, and paragraphs
    line = text[line_start:a].strip()
    if (
        len(line) < _SHORT_LINE
        or "\t" in line
        or "\t" in text[a:b]
        or "\t" in text[b : b + 80].split("\n", 1)[0]
    ):
        return False
    after = text[b : b + 12]
    if _PARAGRAPH_END.search(line) or _NEW_PARAGRAPH.match(after) or _HEADING_LINE.match(line):
        return False
    indented = b - text.rfind("\n", a, b) > 2
    return not indented
