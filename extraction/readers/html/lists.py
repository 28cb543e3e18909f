"""The numbers that browsers print before the items of ordered lists."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from ..numerals import numeral

_TYPES = {"1": "decimal", "a": "lower-alpha", "A": "upper-alpha", "i": "lower-roman", "I": "upper-roman"}
_OWN = re.compile(
    r"\W*(?:第?[一二三四五六七八九十\d]{1,3}[、.．)）]|[（(][一二三四五六七八九十\d]{1,3}[)）]|[①-⑳㈠-㈩⒈-⒛])"
)
_UNNUMBERED = frozenset(("none", "disc", "circle", "square"))
# CSS list style types and the number formats they stand for.
_FORMS = {
    "lower-alpha": "lowerLetter",
    "lower-latin": "lowerLetter",
    "upper-alpha": "upperLetter",
    "upper-latin": "upperLetter",
    "lower-roman": "lowerRoman",
    "upper-roman": "upperRoman",
    "cjk-ideographic": "chineseCounting",
    "simp-chinese-informal": "chineseCounting",
    "trad-chinese-informal": "chineseCounting",
}


@dataclass(slots=True)
class Numbering:
    """An open ordered list: the style of its numbers, and the number of its next item."""

    style: str
    following: int = 1

    def marker(self, attributes: Mapping[str, str | None], style: str) -> str:
        """Return what is printed before the next item, whose own ``attributes`` and list style may change it."""
        told = _number(attributes.get("value"))
        number = self.following if told is None else told
        self.following = number + 1
        kind = style or _TYPES.get(attributes.get("type") or "", "") or self.style
        return _printed(number, kind)


def open_numbering(attributes: Mapping[str, str | None], style: str) -> Numbering:
    """Return the numbering of an ``ol`` with these attributes and this CSS list style type."""
    kind = style or _TYPES.get(attributes.get("type") or "", "") or "decimal"
    start = _number(attributes.get("start"))
    return Numbering(kind, 1 if start is None else start)


def with_marker(marker: str, text: str) -> str:
    """Return the text behind its marker, or as it is where it brings a number of its own."""
    return text if not marker or _OWN.match(text) else marker + text.lstrip()


def _number(value: str | None) -> int | None:
    return int(value) if value and re.fullmatch(r"-?\d{1,6}", value.strip()) else None


def _printed(number: int, style: str) -> str:
    if style in _UNNUMBERED:
        return ""
    form = _FORMS.get(style, "decimal")
    return numeral(number, form) + ("、" if form.startswith("chinese") else ".")
