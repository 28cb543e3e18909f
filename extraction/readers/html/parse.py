"""A page's text parsed as browsers do, with limits on what would take the parser more than linear time."""

import re

from selectolax.lexbor import LexborHTMLParser

from ..errors import UnreadableFileError

MOST_LEVELS = 12_000
MOST_TAGS = 1_000_000
"""Pages of reports have some ten thousand; each costs about half a kilobyte of memory."""
_MOST_FORMATS = 64
_LONGEST_TAG = 20_000

_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:-]*)")
# The end tags of these may be left out, or they have none: they do not nest without end.
_UNNESTED_TAGS = (
    "p li td th tr dd dt option optgroup thead tbody tfoot colgroup rp rt html head body area base br col embed hr img"
    " input link meta source track wbr param basefont bgsound frame keygen"
)
_UNNESTED = frozenset(_UNNESTED_TAGS.split())
# Parsers open these again in every paragraph until they are closed.
_FORMAT_TAGS = "b|big|code|em|font|i|nobr|s|small|strike|strong|tt|u"
_FORMATS = frozenset(_FORMAT_TAGS.split("|"))
_FORMAT_TAG = re.compile(rf"</?(?:{_FORMAT_TAGS})(?=[\s/>])[^<>]*>", re.IGNORECASE)
_LONG_TAG = re.compile(rf"<([a-zA-Z][a-zA-Z0-9:-]*)[^<>]{{{_LONGEST_TAG},}}>")


def parse_page(page: str) -> LexborHTMLParser:
    """Return the tree of a page.

    Tags longer than any that matter here lose their attributes; formatting that is left open again and again is left
    out as a whole.

    Raises `UnreadableFileError` when there are more than `MOST_TAGS`, or elements are nested deeper than `MOST_LEVELS`,
    which no page of a report is.
    """
    tags = page.count("<")
    if tags > MOST_TAGS:
        raise UnreadableFileError(
            f"the page has {tags} tags, more than the {MOST_TAGS} that a report may have; save the report alone"
        )
    page = _LONG_TAG.sub(_without_attributes, page)
    levels, formats = _nesting(page)
    if levels > MOST_LEVELS:
        raise UnreadableFileError(
            f"the page nests more than {MOST_LEVELS} elements inside each other; it is damaged: save it anew"
        )
    if formats > _MOST_FORMATS:
        page = _FORMAT_TAG.sub("", page)
    return LexborHTMLParser(page)


def _without_attributes(tag: re.Match[str]) -> str:
    """An image keeps that it is one: reports that are images are told so."""
    name = tag[1].lower()
    return '<img src="data:image/png">' if name == "img" and "data:image" in tag[0] else f"<{name}>"


def _nesting(page: str) -> tuple[int, int]:
    """How deep elements and formatting lie inside each other at most, as far as tags alone tell."""
    levels = formats = most_levels = most_formats = 0
    for end, tag in _TAG.findall(page):
        name = tag.lower()
        if name in _UNNESTED:
            continue
        step = -1 if end else 1
        if name in _FORMATS:
            formats = max(formats + step, 0)
            most_formats = max(most_formats, formats)
        levels = max(levels + step, 0)
        most_levels = max(most_levels, levels)
    return most_levels, most_formats
