"""Word's styles, as far as they bear on the text: what is hidden, what numbers itself, what lists the contents."""

from collections.abc import Iterator
from dataclasses import dataclass

from .ooxml import Element, W

_OFF = frozenset({"0", "false", "off"})
_DEEPEST = 20
"""Longest chain of styles based on each other; Word allows ten or so."""


@dataclass(frozen=True, slots=True)
class NumberingRef:
    """The list and the level in it that a paragraph or style names; list 0 takes the number away."""

    num: str | None
    level: int | None


@dataclass(frozen=True, slots=True)
class Style:
    """A style; None where it leaves a property to the style it is ``based_on``."""

    id: str
    name: str
    based_on: str | None
    hidden: bool | None
    numbering: NumberingRef | None


@dataclass(frozen=True, slots=True)
class Styles:
    """The styles of a document by their ids, and the style of paragraphs that name none."""

    by_id: dict[str, Style]
    default: str | None = None

    def chain(self, style_id: str | None) -> Iterator[Style]:
        """Yield a style and those that it is based on, itself first."""
        for _ in range(_DEEPEST):
            style = self.by_id.get(style_id) if style_id else None
            if style is None:
                return
            yield style
            style_id = style.based_on

    def hides(self, style_id: str | None) -> bool:
        """Whether text in this style is hidden."""
        return next((style.hidden for style in self.chain(style_id) if style.hidden is not None), False)


def read_styles(root: Element | None) -> Styles:
    """Return the styles of ``word/styles.xml``."""
    by_id: dict[str, Style] = {}
    default = None
    for element in () if root is None else root.iterchildren(f"{W}style"):
        style_id = element.get(f"{W}styleId", "")
        name = element.find(f"{W}name")
        based_on = element.find(f"{W}basedOn")
        by_id[style_id] = Style(
            style_id,
            name.get(f"{W}val", "") if name is not None else "",
            based_on.get(f"{W}val") if based_on is not None else None,
            is_on(element.find(f"{W}rPr/{W}vanish")),
            numbering_ref(element.find(f"{W}pPr/{W}numPr")),
        )
        if element.get(f"{W}type") == "paragraph" and element.get(f"{W}default", "0") not in _OFF:
            default = style_id
    return Styles(by_id, default)


def is_on(switch: Element | None) -> bool | None:
    """Whether an element that is a switch is on; None where it does not stand."""
    return None if switch is None else switch.get(f"{W}val", "1") not in _OFF


def numbering_ref(element: Element | None) -> NumberingRef | None:
    """Return what a ``w:numPr`` says, None where there is none."""
    if element is None:
        return None
    num, level = element.find(f"{W}numId"), element.find(f"{W}ilvl")
    return NumberingRef(
        num.get(f"{W}val") if num is not None else None,
        number(level.get(f"{W}val")) if level is not None else None,
    )


def number(text: str | None, otherwise: int = 0) -> int:
    """Return the whole number that an attribute holds."""
    try:
        return int(text or "")
    except ValueError:
        return otherwise
