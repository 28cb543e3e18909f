"""As much of a page's styles as says what is shown, what is a table, and how lists are numbered."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

_LONGEST_SHEET = 1_000_000
_SIMPLE = re.compile(r"(?P<tag>[a-z][\w-]*)?(?P<name>[.#][\w-]+)?\Z")
_NO_TYPES = frozenset(("inside", "outside", "inherit", "initial"))
_BRACES = re.compile(r"[{};]")


@dataclass(frozen=True, slots=True)
class Look:
    """What styles say of an element; None and "" where they say nothing. ``numbering`` is a CSS list style type."""

    hidden: bool | None = None
    display: str = ""
    preformatted: bool | None = None
    numbering: str = ""


PLAIN = Look()
Sheet = Mapping[str, Look]
"""Looks by selector: ``tag``, ``.class``, ``#id`` or ``tag.class``; no other selectors are heeded."""


def look_of(tag: str, attributes: Mapping[str, str | None], sheet: Sheet) -> Look:
    """Return the look of an element: its own style before its id's, its classes' and its tag's."""
    look = PLAIN
    if sheet:
        names = [tag]
        for name in (attributes.get("class") or "").split():
            names += (f".{name}", f"{tag}.{name}")
        identifier = attributes.get("id")
        if identifier:
            names += (f"#{identifier}", f"{tag}#{identifier}")
        for name in names:
            if name in sheet:
                look = _over(look, sheet[name])
    style = attributes.get("style")
    if style:
        look = _over(look, _declared(style))
    if "hidden" in attributes:
        look = replace(look, hidden=True)
    return look


def read_sheet(text: str) -> dict[str, Look]:
    """Return the looks that a style sheet gives by simple selectors; rules for print and other media are left out."""
    sheet: dict[str, Look] = {}
    enclosing: list[str] = []
    text = _without_comments(text[:_LONGEST_SHEET])
    position, prelude = 0, ""
    for brace in _BRACES.finditer(text):
        before, position = text[position : brace.start()], brace.end()
        if brace.group() == "{":
            enclosing.append((prelude + before).strip().lower())
            prelude = ""
        elif brace.group() == ";":
            prelude = f"{prelude}{before};" if enclosing else ""
        elif enclosing:
            selectors = enclosing.pop()
            if all(re.match(r"@media\s+(?:all|screen)\b(?!.*width)", outer) for outer in enclosing):
                _add_rule(sheet, selectors, prelude + before)
            prelude = ""
    return sheet


def _add_rule(sheet: dict[str, Look], selectors: str, body: str) -> None:
    look = _declared(body) if len(body) < 2000 else PLAIN
    if look == PLAIN:
        return
    for selector in selectors.split(","):
        name = selector.strip()
        if name and _SIMPLE.match(name):
            sheet[name] = _over(sheet.get(name, PLAIN), look)


def _over(under: Look, upper: Look) -> Look:
    return Look(
        under.hidden if upper.hidden is None else upper.hidden,
        upper.display or under.display,
        under.preformatted if upper.preformatted is None else upper.preformatted,
        upper.numbering or under.numbering,
    )


@lru_cache(maxsize=4096)
def _declared(style: str) -> Look:
    look = PLAIN
    for declaration in style.lower().split(";"):
        name, colon, value = declaration.partition(":")
        name, value = name.strip(), value.replace("!important", "").strip()
        if not colon:
            continue
        if name == "display":
            look = replace(look, hidden=value == "none", display=value)
        elif (name, value) in (("visibility", "hidden"), ("mso-hide", "all")):
            look = replace(look, hidden=True)
        elif name == "float" and value in ("left", "right") and not look.display:
            look = replace(look, display="block")
        elif name == "white-space":
            look = replace(look, preformatted=value.startswith("pre"))
        elif name in ("list-style-type", "list-style"):
            look = replace(look, numbering=next((w for w in value.split() if w not in _NO_TYPES), ""))
    return look


def _without_comments(text: str) -> str:
    """The text without CSS comments and without the HTML comment marks around it."""
    pieces: list[str] = []
    position = 0
    while (start := text.find("/*", position)) >= 0:
        pieces.append(text[position:start])
        end = text.find("*/", start + 2)
        position = len(text) if end < 0 else end + 2
    pieces.append(text[position:])
    return "".join(pieces).replace("<!--", "").replace("-->", "")
