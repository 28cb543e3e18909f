"""Web pages: saved pages, pages exported by word processors, and web archives."""

import re
from dataclasses import dataclass
from datetime import date

from selectolax.lexbor import LexborHTMLParser

from ...document import Document, Gap
from ..assemble import assemble
from ..errors import UnreadableFileError
from .archive import is_archive, pages_in
from .article import Article, Head, find_article, first_day, parts_of
from .charset import decode_page
from .flow import Flow, read_flow
from .lines import is_title
from .parse import parse_page
from .targets import other_parts, why_no_report

_TITLE_NAMES = ("articletitle", "og:title", "title", "dc.title")
_DAY_NAMES = ("pubdate", "publishdate", "article:published_time", "datepublished", "publish_time", "dc.date")
_TITLE_BREAKS = re.compile(r"\s*[_|»>]+\s*|\s+[-–—]+\s+|--+")
_SAVED_FROM = re.compile(r"<!--\s*saved from url=\(\d+\)(\S+)\s*-->")
_LONGEST_HEAD = 200_000


@dataclass(frozen=True, slots=True)
class _Reading:
    """A page as read, and the report found on it."""

    flow: Flow
    article: Article
    base: str | None


def read_html(raw: bytes, source: str, sha256: str) -> Document:
    """Return the document that a web page or web archive is.

    The report comes first, its title in front where only the page around it tells that; the page's own lines follow as
    noise. Nothing that the page refers to is fetched; other parts of the report that it links to are told as a gap.

    Raises `UnreadableFileError` when the page is empty or damaged, or holds but a link to the report, an image or a
    frame instead of its text.
    """
    pages = pages_in(raw) if is_archive(raw) else [(raw, None, None)]
    readings = [_read_page(decode_page(page, told), base) for page, told, base in pages]
    best = max(readings, key=_worth)
    if not best.article.is_text:
        reasons = [why_no_report(one.flow, one.article, one.base) for one in readings]
        reason = next((reason for reason in reasons if reason), None)
        if reason:
            raise UnreadableFileError(reason)
    assembled = assemble(parts_of(best.flow, best.article))
    if not assembled.text.strip():
        raise UnreadableFileError(
            "there is no text on this page; if a browser shows some, scripts load it: save the page from the browser"
        )
    elsewhere = other_parts(best.flow, best.article, best.base) if best.article.is_text else None
    return Document(
        assembled.text,
        assembled.blocks,
        source,
        sha256,
        "html",
        grids=assembled.grids,
        published=best.article.published,
        gaps=(Gap(elsewhere),) if elsewhere else (),
    )


def _worth(reading: _Reading) -> tuple[bool, int]:
    return reading.article.is_text, reading.article.worth


def _read_page(page: str, base: str | None) -> _Reading:
    """Read a page; what is hidden is read only where nothing else could be the report (scripts show it in a browser)."""
    tree = parse_page(page)
    head = _head(tree)
    base = base or _address(tree, page)
    flow = read_flow(tree)
    reading = _Reading(flow, find_article(flow, head), base)
    if flow.hidden and not reading.article.is_text:
        shown = read_flow(tree, with_hidden=True)
        unhidden = _Reading(shown, find_article(shown, head), base)
        if unhidden.article.is_text:
            return unhidden
    return reading


def _head(tree: LexborHTMLParser) -> Head:
    """What the page's head tells of the text (the names that Chinese government pages must give, and common ones)."""
    told: dict[str, str] = {}
    for meta in tree.css("meta"):
        attributes = meta.attributes
        name = (
            attributes.get("name") or attributes.get("property") or attributes.get("itemprop") or ""
        ).lower()
        content = (attributes.get("content") or "").strip()
        if content:
            told.setdefault(name, content)
    title = tree.css_first("title")
    names = [told.get(name, "") for name in _TITLE_NAMES] + [(title.text() or "") if title else ""]
    pieces = [piece.strip() for name in names for piece in (name, *_TITLE_BREAKS.split(name))]
    titles = dict.fromkeys(" ".join(piece.split()) for piece in pieces if is_title(piece))
    return Head(tuple(titles), _first_day([told.get(name, "") for name in _DAY_NAMES]))


def _first_day(texts: list[str]) -> date | None:
    return next((day for text in texts if (day := first_day(text))), None)


def _address(tree: LexborHTMLParser, page: str) -> str | None:
    """The page's own address, as browsers note it when they save a page."""
    base = tree.css_first("base[href]")
    if base:
        return base.attributes.get("href")
    saved = _SAVED_FROM.search(page[:_LONGEST_HEAD])
    return saved[1] if saved else None
