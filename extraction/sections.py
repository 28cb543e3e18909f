"""Sections of a report, found by the words of their headings."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from .document import Document
from .headings import Heading, find_headings, sub_label, wording
from .noise import noise_at_head, noise_at_tail
from .normalise import NormalText, normalised


@dataclass(frozen=True, slots=True)
class Section:
    """A section or an overview subsection.

    ``start`` is the first character of its heading, ``body`` the first after the heading, ``end`` the one
    after its last non-blank character. ``label`` is one of `annotations/scheme.yaml`; ``heading`` is the heading
    as printed without its line breaks, empty where the section has none. Subsections lie inside their parent.
    """

    label: str
    heading: str
    start: int
    body: int
    end: int


@dataclass(frozen=True, slots=True)
class _Part:
    """A top-level part in the normalised text: its label, its heading and where its text ends."""

    label: str
    heading: Heading
    end: int


_ORDER = (
    "overview",
    "disclosure_table",
    "applications_table",
    "proceedings_table",
    "problems",
    "other_matters",
)
_TABLES = frozenset(("disclosure_table", "applications_table", "proceedings_table"))
"""Parts that a report has once: where one has its official title, other lines with its words do not open it."""
_RANK = {label: rank for rank, label in enumerate(_ORDER)}
_LAST_LEGACY_YEAR = 2018
_TITLE_YEAR = re.compile(r"(20\d\d)年?度?[^。\n]{0,40}\n?[^。\n]{0,20}?(?:报告|年报)")
_HEAD = 3000
_LONGEST_THEME = 30
_LONGEST_HEADING = 40
_NUMBERED = re.compile(r"[(第一二三四五六七八九十\d]")
_MARKUP = "#*"
_LAYOUT = re.compile(r"[\s\u200b-\u200f\ufeff\u3000]+|\[bookmark: ?\w+\]")


def find_sections(document: Document) -> tuple[Section, ...]:
    """Return the sections of ``document`` in order of their start, the overview before its subsections.

    The text before the first heading is ``preamble``; signatures, navigation and page counters at the edges
    of the text are ``noise``, and so is what the reader put behind the report. A text without any heading is all
    ``preamble``. Linear in the text's length.
    """
    text = document.text[: document.report_end]
    normal = normalised(text)
    if not normal.text:
        return noise_behind(document)
    headings = find_headings(normal, text)
    parts = _parts(headings, normal.text)
    return (*_sections(text, normal, headings, parts), *noise_behind(document))


def labelled_section(text: str, label: str, start: int, end: int) -> Section:
    """Return ``text[start:end]``, whose label is known, as a section: its body begins behind its heading.

    A heading is a short first line of its own that begins with a numeral.
    """
    line_end = text.find("\n", start, end)
    line = text[start:line_end] if line_end >= 0 else ""
    read = normalised(line).text.strip()
    if len(read) > _LONGEST_HEADING or read.endswith(("。", ";")) or not _NUMBERED.match(read):
        return Section(label, "", start, start, end)
    return Section(label, line, start, line_end + 1, end)


def noise_behind(document: Document) -> tuple[Section, ...]:
    """Return what the reader put behind the report as belonging to the page, as a section."""
    start, end = document.report_end, document.blocks[-1].end if document.blocks else 0
    return (Section("noise", "", start, start, end),) if start < end else ()


def _sections(
    source: str, normal: NormalText, headings: list[Heading], parts: list[_Part]
) -> Iterator[Section]:
    text = normal.text
    first = parts[0].heading.start if parts else len(text)
    end_of_report = parts[-1].end if parts else len(text)
    head_end = noise_at_head(normal, source, first)
    last_body = parts[-1].heading.end if parts else head_end
    noise_start = noise_at_tail(normal, source, last_body, end_of_report)
    if head_end:
        yield _plain(normal, text, "noise", 0, head_end)
    if text[head_end : min(first, noise_start)].strip():
        yield _plain(normal, text, "preamble", head_end, min(first, noise_start))
    for part in parts:
        end = min(part.end, noise_start)
        yield _section(source, normal, part.label, part.heading, end)
        if part.label == "overview":
            subs = _subsections(headings, part)
            for sub, after in zip(subs, [*(s.start for s in subs[1:]), end], strict=False):
                yield _section(source, normal, sub_label(sub.title), sub, after)
    if text[noise_start:].strip():
        yield _plain(normal, text, "noise", noise_start, len(text))


def _section(source: str, normal: NormalText, label: str, heading: Heading, end: int) -> Section:
    """The section from ``heading`` to the last non-blank character before ``end``."""
    text = normal.text
    start = normal.source_start(heading.start)
    end = _last(text, heading.end, end)
    body = heading.end
    while body < end and text[body] in "。:,\n*":
        body += 1
    stop = normal.source_end(end - 1)
    printed = _LAYOUT.sub("", source[start : normal.source_end(heading.end - 1)])
    return Section(label, printed, start, normal.source_start(body) if body < end else stop, stop)


def _last(text: str, start: int, end: int) -> int:
    """The offset after the last non-blank character of ``text[start:end]``, Markdown's marks left out."""
    while end > start and (text[end - 1].isspace() or text[end - 1] in _MARKUP):
        end -= 1
    return end


def _plain(normal: NormalText, text: str, label: str, start: int, end: int) -> Section:
    """A section without a heading."""
    while start < end and text[start].isspace():
        start += 1
    begin = normal.source_start(start)
    last = max(_last(text, start, end), start + 1)
    return Section(label, "", begin, begin, normal.source_end(last - 1))


def _parts(headings: list[Heading], text: str) -> list[_Part]:
    """The top-level parts, in order."""
    candidates = _top_candidates(headings)
    if _is_legacy(candidates, text):
        chosen, end = _legacy_parts(headings, len(text))
    else:
        chosen, end = _statutory_parts(candidates, len(text))
    stops = [*(heading.start for _, heading in chosen[1:]), end]
    return [_Part(label, heading, stop) for (label, heading), stop in zip(chosen, stops, strict=False)]


def _is_legacy(candidates: list[Heading], text: str) -> bool:
    """Whether the report has the parts of the years before 2019."""
    official = {h.part for h in candidates if h.exact} - {"overview"}
    if len(official) >= 3 and {"applications_table", "proceedings_table"} <= official:
        return False
    return not official or is_old(text)


def is_old(text: str) -> bool:
    """Whether the title of a normalised ``text`` names a year before the first official format (2019)."""
    year = _TITLE_YEAR.search(text[:_HEAD])
    return bool(year and int(year.group(1)) <= _LAST_LEGACY_YEAR)


def _top_candidates(headings: list[Heading]) -> list[Heading]:
    """The headings that may open a statutory part, by their words and by how parts are numbered here."""
    main = _main_style(headings)
    given = {h.part for h in headings if h.style == main and h.part and (h.exact or not h.inline)}
    titled = {h.part for h in headings if h.style == main and h.exact} & _TABLES
    loose = {h.part for h in headings if h.style in ("arabic", "han") and h.exact} | given

    def is_top(heading: Heading) -> bool:
        if not heading.part:
            return False
        if heading.style == main:
            return heading.exact or (heading.part not in titled and not heading.inline)
        if not heading.exact or heading.part in given:
            return False
        if heading.style in ("bracket", "digit"):
            return heading.number == _RANK[heading.part] + 1 and heading.part not in loose
        return heading.style != "bare" or heading.part not in loose

    return [heading for heading in headings if is_top(heading)]


def _main_style(headings: list[Heading]) -> str:
    """How top-level headings are numbered: Chinese numerals, or the style with the most official titles."""
    styles = ("han", "bracket", "digit", "arabic", "bare")
    official = {s: len({h.part for h in headings if h.style == s and h.exact}) for s in styles}
    return "han" if official["han"] else max(styles, key=lambda style: official[style])


def _statutory_parts(candidates: list[Heading], size: int) -> tuple[list[tuple[str, Heading]], int]:
    """The best run of parts in their official order, and where it ends (a second copy may follow)."""
    runs = _runs(candidates)
    if not runs:
        return [], size
    ends = [*(run[0].start for run in runs[1:]), size]
    chains = [_chain(run) for run in runs]

    def worth(index: int) -> tuple[int, int]:
        chain = chains[index]
        stops = [*(h.start for h in chain[1:]), ends[index]]
        told = {h.part for h, stop in zip(chain, stops, strict=True) if stop - h.end > 4}
        return len(told), ends[index] - chain[0].start

    best = max(range(len(runs)), key=worth)
    return [(heading.part or "", heading) for heading in chains[best]], ends[best]


def _runs(candidates: list[Heading]) -> list[list[Heading]]:
    """Split where the parts begin anew: after a table of contents, or before a second copy of the report."""
    runs: list[list[Heading]] = []
    restarts = [
        i for i, h in enumerate(candidates)
        if i and h.part == "overview" and _RANK[candidates[i - 1].part or ""] >= 2
        and len({later.part for later in candidates[i : i + 6]}) >= 3
    ]  # fmt: skip
    for start, end in zip([0, *restarts], [*restarts, len(candidates)], strict=True):
        if candidates[start:end]:
            runs.append(candidates[start:end])
    return runs


def _chain(run: list[Heading]) -> list[Heading]:
    """The weightiest chain of headings whose parts never go back in the official order."""
    best: list[tuple[float, int]] = [(0.0, -1)] * len(_ORDER)
    back: list[int] = []
    for index, heading in enumerate(run):
        rank = _RANK[heading.part or ""]
        weight = 4.0 if heading.exact else 2.0
        previous = max(range(rank + 1), key=lambda r: (best[r][0], r))
        repeated = previous == rank and best[rank][1] >= 0
        value = best[previous][0] + (
            0.5 if repeated and not _continues(run[best[rank][1]], heading) else weight
        )
        back.append(best[previous][1])
        if value > best[rank][0]:
            best[rank] = (value, index)
    index = max(best)[1]
    chain: list[Heading] = []
    while index >= 0:
        chain.append(run[index])
        index = back[index]
    kept: list[Heading] = []
    for heading in reversed(chain):
        if not kept or heading.part != kept[-1].part or _continues(kept[-1], heading):
            kept.append(heading)
    return kept


def _continues(before: Heading, heading: Heading) -> bool:
    """Whether two headings of one part are two sections (problems, then measures), not a repetition."""
    return bool(
        before.number and heading.number and heading.number > before.number and before.style == heading.style
    )


def _legacy_parts(headings: list[Heading], size: int) -> tuple[list[tuple[str, Heading]], int]:
    """The parts of a report before 2019: numbered lines in ascending order."""
    lines = [h for h in headings if h.closed and not h.inline and len(h.title) <= 36]
    style = next(
        (s for s in ("han", "bracket", "digit", "arabic") if sum(h.style == s for h in lines) >= 2), "bare"
    )
    chosen: list[tuple[str, Heading]] = []
    titles: set[str] = set()
    for heading in lines:
        if heading.style != style or (style == "bare" and (not heading.exact or heading.title in titles)):
            continue
        last = chosen[-1][1].number if chosen else 0
        if heading.number == 1 and heading.title in titles:  # what stood before was a table of contents
            chosen.clear()
            titles.clear()
        elif (heading.number or 99) <= (last or 0):
            continue
        chosen.append((_legacy_label(heading), heading))
        titles.add(heading.title)
    return chosen, size


def _legacy_label(heading: Heading) -> str:
    if not heading.part or (
        wording().legacy.search(heading.title) and heading.part in ("overview", "other_matters")
    ):
        return "legacy"
    return "legacy" if heading.part == "overview" and "概述" in heading.title else heading.part


def _subsections(headings: list[Heading], overview: _Part) -> list[Heading]:
    """The headings of the overview's own subsections."""
    inside = [h for h in headings if overview.heading.end <= h.start < overview.end]
    numerals = any(h.style == "bracket" for h in inside)
    chosen: list[Heading] = []
    for heading in inside:
        last = chosen[-1].number if chosen else 0
        follows = heading.number == (last or 0) + 1 and not numerals
        if _is_subsection(heading, follows):
            chosen.append(heading)
    return chosen


def _is_subsection(heading: Heading, follows: bool) -> bool:
    """Whether a heading inside the overview opens a subsection rather than an item of a list."""
    if heading.inline and heading.style == "arabic":
        return False
    if heading.standard and heading.style != "han":
        return heading.closed or heading.style in ("bracket", "digit")
    if heading.style == "digit":
        return heading.closed and follows
    if heading.style == "han":
        return heading.closed and not heading.inline and len(heading.title) <= _LONGEST_THEME
    return heading.style == "bracket" and heading.closed
