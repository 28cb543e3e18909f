"""The masthead: what a report calls itself, who reports, on which year, and whether it is a report at all."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

from .document import Document
from .headings import wording
from .noise import printed_lines
from .normalise import NormalText, normalise
from .places import complete_agency, masthead_wording, region_of
from .sections import Section


@dataclass(frozen=True, slots=True)
class Masthead:
    """Who reports on which year; every field is None where the text does not tell it.

    ``title`` is printed form without line breaks and layout spaces. ``agency`` is named as fully as the text
    names it. ``period_start`` and ``period_end`` are ISO dates. ``reason`` says, where ``is_report`` is False, why
    the text is no annual report on information disclosure.
    """

    title: str | None
    agency: str | None
    province: str | None
    city: str | None
    county: str | None
    year: int | None
    period_start: str | None
    period_end: str | None
    is_report: bool
    reason: str | None


Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class _Patterns:
    page: re.Pattern[str]
    about: re.Pattern[str]
    names: re.Pattern[str]
    subject: re.Pattern[str]
    ending: re.Pattern[str]
    label: re.Pattern[str]
    kinds: tuple[tuple[re.Pattern[str], str], ...]
    introduced: re.Pattern[str]
    named: re.Pattern[str]
    running: re.Pattern[str]
    introduces: re.Pattern[str]


@cache
def _patterns() -> _Patterns:
    raw = masthead_wording()
    return _Patterns(
        page=re.compile(rf"(?:{raw['page']['path']})\Z"),
        about=re.compile(rf"\W*(?:{raw['page']['about']})[:\[][^。]*\Z"),
        names=re.compile(raw["page"]["names"]),
        subject=re.compile(raw["title"]["subject"]),
        ending=re.compile(rf"{raw['title']['ending']}(?:\([^()]{{1,30}}\))?\W*\Z"),
        label=re.compile(raw["title"]["label"]),
        kinds=tuple((re.compile(kind["words"]), kind["reason"]) for kind in raw["other_kinds"]),
        introduced=re.compile(raw["introduced"]),
        named=re.compile(raw["named"]),
        running=re.compile(raw["title"]["running"]),
        introduces=re.compile(raw["title"]["introduces"]),
    )


_HEAD = 6000
_SCAN = 60_000
_MOST_TITLE_LINES = 4
_LONGEST_TITLE_LINE = 60
_LAYOUT = re.compile(r"\s+|[\u200b-\u200f\ufeff]|\[bookmark: ?\w+\]")
_DISCLOSURE = re.compile(
    r"(?:的|关于|本级)?(?:政府信息|政务信息|政务公开|信息公开|法定主动公开|公开工作|公开).*"
)
_YEARS = r"20[0-3]\d(?:年度?)?(?:(?:[-至到、~]+)20[0-3]\d(?:年度?)?)?"
_TITLE_YEARS = re.compile(rf"(?<!\d){_YEARS}")
_YEAR = re.compile(r"20[0-3]\d")
_TOLD_YEAR = re.compile(r"(?<!\d)20[0-3]\d(?=年)")
_HAN_DATE = re.compile(
    r"(?:[二2][〇零○0Oo][〇零○一二三][〇零○一二三四五六七八九](?=年))|(?<=[年月])[一二三四五六七八九十]{1,3}(?=[月日])"
)
_HAN_DIGITS = str.maketrans("〇零○Oo一二三四五六七八九", "00000123456789")
_TO = r"(?:起|开始)?,?(?:至|到|-+|~)"
_PERIOD = re.compile(
    rf"(?<!\d)(?:(20\d\d)[年./-])?(\d{{1,2}})[月./-](\d{{1,2}})日?{_TO}"
    r"(?:(20\d\d)[年./-]|同年|当年|本年)?(\d{1,2})[月./-](\d{1,2})(?!\d)"
)
_DAMAGED_PERIOD = re.compile(rf"(?<!\d)(20\d\d)年?1月?1日{_TO}(20\d\d)?年?12月?31日")
_AGENCY_END = re.compile(
    r"(?:局|厅|委|委员会|部|政府|署|院|会|办公室|队|中心|所|街道|镇|乡|大学|学校|集团|公司)\Z"
)
_PLACE_END = re.compile(r"[省市县区州盟旗]\Z")
_ADDRESS = re.compile(
    r"(?:地址|地点|通讯地址|办公地址|联系地址)(?:位于)?[:为](?P<address>[^,。;\n]{2,40})|中国[·•.](?P<site>[^,。;\s\")]{2,12})"
)
_SIGNER = re.compile(r"[^\W\d_]{3,30}")


def read_masthead(document: Document, sections: Sequence[Section]) -> Masthead:
    """Return the masthead of ``document``, whose ``sections`` were found before. Linear in the text's length."""
    source = document.text
    first = next((s.start for s in sections if s.label not in ("noise", "preamble")), len(source))
    head = normalise(source, 0, min(first + 500, _HEAD, len(source)))
    if not head.text.strip():
        return Masthead(*[None] * 8, is_report=False, reason=masthead_wording()["empty"])
    preamble = _preamble(head, first)
    span = _find_title(preamble, printed_lines(head, source, 0, len(preamble)))
    title = preamble[slice(*span)] if span else None
    printed = _LAYOUT.sub("", source[slice(*head.source_span(*span))]) if span else None
    text = source[:_SCAN]
    told = _arabic_dates(head.text)
    own_year = _title_year(title)
    start, end = _period(told, own_year)
    year = own_year or (int(end[:4]) if end else _told_year(text))
    agency = _agency(title, told, text, _signer(source, sections))
    addresses = [m.group("address") or m.group("site") for m in _ADDRESS.finditer(told)]
    region = region_of(agency or "", addresses, text)
    reason = _reason(bool(title), preamble, sections)
    return Masthead(
        printed, agency, region.province, region.city, region.county, year, start, end, not reason, reason
    )


def _preamble(head: NormalText, first: int) -> str:
    """The part of the normalised head before the first section."""
    return head.text[: head.index_at(first)]


def _find_title(preamble: str, printed: Sequence[Span]) -> Span | None:
    """Where the report's title stands: one line or a few, the first that end like a title and speak of disclosure.

    ``printed`` are the lines as the source breaks them. Those that a page has around the title are passed over.
    """
    own = [line for line in printed if not _is_page_line(preamble[slice(*line)])]
    whole = _stretches(preamble, printed, own)
    found = _title_among(preamble, whole) or _title_in_running_text(preamble, whole)
    # A line without a full stop is joined to the next one, which a title may be as well.
    return found or _title_among(preamble, own)


def _is_page_line(line: str) -> bool:
    """Whether a line tells where on a site the page is, or what the site says of it."""
    known = _patterns()
    if known.names.search(line):
        return False
    return bool(wording().noise.match(line) or known.page.match(line) or known.about.match(line))


def _stretches(preamble: str, printed: Sequence[Span], own: Sequence[Span]) -> list[Span]:
    """The paragraphs, cut where lines that are not the report's ``own`` stood in them."""
    kept = set(own)
    spans: list[Span] = []
    for paragraph in re.finditer(r"[^\n]+", preamble):
        start, end = paragraph.span()
        begun = -1
        for line in printed:
            if not start <= line[0] < end:
                continue
            if line not in kept:
                begun = -1
            elif begun < 0:
                begun = len(spans)
                spans.append(line)
            else:
                spans[begun] = (spans[begun][0], line[1])
    return spans


def _title_among(preamble: str, lines: Sequence[Span]) -> Span | None:
    known = _patterns()
    for index, (start, end) in enumerate(lines):
        if not known.ending.search(preamble, start, end) or "。" in preamble[start:end]:
            continue
        first = index
        while first > max(0, index - _MOST_TITLE_LINES) and _needs_more(preamble[lines[first][0] : end]):
            before = preamble[slice(*lines[first - 1])]
            if not _may_begin_title(before):
                break
            first -= 1
        begin = lines[first][0]
        label = known.label.match(preamble, begin, end)
        begin = label.end() if label else begin
        joined = preamble[begin:end].replace("\n", "")
        if known.subject.search(joined) and _is_annual(joined):
            return begin, end
    return None


def _title_in_running_text(preamble: str, lines: Sequence[Span]) -> Span | None:
    """The title at the head of a text that has lost its line breaks."""
    found = _patterns().running.match(preamble, lines[0][0]) if lines else None
    return found.span("title") if found and _is_annual(found.group("title")) else None


def _needs_more(title: str) -> bool:
    """Whether a title lacks its subject or the body that reports, which the line before may hold."""
    subject = _patterns().subject.search(title)
    return not subject or not _TITLE_YEARS.sub("", title[: subject.start()]).strip("\n年度政府信息工作")


def _may_begin_title(line: str) -> bool:
    short = len(line) <= _LONGEST_TITLE_LINE and not re.search(r"[。;:>|]", line)
    return short and bool(
        _AGENCY_END.search(line) or _PLACE_END.search(line) or _YEAR.search(line) or "公开" in line
    )


def _is_annual(title: str) -> bool:
    """Whether no word of the title tells of another kind of text."""
    return not any(kind.search(title) for kind, _ in _patterns().kinds[:-1])


def _title_year(title: str | None) -> int | None:
    """The year a title names; the later of two."""
    years = _YEAR.findall(_arabic_dates(title)) if title else []
    return int(years[-1]) if years else None


def _told_year(text: str) -> int | None:
    """The year a text names most often, the earlier of two named equally often."""
    told = Counter(_TOLD_YEAR.findall(text))
    return int(max(sorted(told), key=lambda year: told[year])) if told else None


def _arabic_dates(text: str) -> str:
    """Write the years, months and days that are told in Chinese numerals in Arabic ones."""

    def arabic(match: re.Match[str]) -> str:
        told = match.group()
        if len(told) == 4:
            return told.translate(_HAN_DIGITS)
        tens, ten, units = told.rpartition("十")
        return f"{(tens.translate(_HAN_DIGITS) or '1') if ten else ''}{units.translate(_HAN_DIGITS) or '0'}"

    return _HAN_DATE.sub(arabic, text)


def _period(text: str, year: int | None) -> tuple[str | None, str | None]:
    """The first and last day of the period the figures are of, as far as both are printed."""
    for found in _PERIOD.finditer(text):
        first_year, month, day, last_year, last_month, last_day = found.groups()
        begin = int(first_year or year or 0)
        start = _iso(begin, month, day)
        end = _iso(int(last_year or begin), last_month, last_day)
        if start and end and start < end and (month, day) in (("1", "1"), ("01", "01")):
            return start, end
    damaged = _DAMAGED_PERIOD.search(text)
    if damaged:
        return f"{damaged.group(1)}-01-01", f"{damaged.group(2) or damaged.group(1)}-12-31"
    return None, None


def _iso(year: int, month: str, day: str) -> str | None:
    try:
        return date(year, int(month), int(day)).isoformat()
    except ValueError:
        return None


def _agency(title: str | None, told: str, text: str, signer: str | None) -> str | None:
    """Who reports: the title's name completed by the text's, else the name that introduces or signs the report."""
    known = _patterns()
    name = _title_agency(title) if title else None
    named = known.named.search(told)
    if named and (not name or named.group("agency").endswith(name)):
        return complete_agency(named.group("agency"), text)
    if name:
        if signer and signer.endswith(name):
            return signer
        return complete_agency(name, text)
    introduced = known.introduced.search(told)
    return complete_agency(introduced.group("agency"), text) if introduced else signer


def _title_agency(title: str) -> str | None:
    """The body a title names before the words on disclosure, or in brackets or after a dash at its end."""
    plain = _TITLE_YEARS.sub("", _arabic_dates(title).replace("\n", ""))
    name = re.sub(r"^关于|[\"'《》年度\s]+$|^[\"'《》年度\s]+", "", _DISCLOSURE.sub("", plain, count=1))
    name = re.split(r"[:>|\]]", name)[-1]
    if len(name) >= 2:
        return name
    behind = re.search(r"(?:报告|年报)[(-]+([^()]{3,30}?)\)?$", plain)
    return behind.group(1) if behind and _AGENCY_END.search(behind.group(1)) else None


def _signer(source: str, sections: Sequence[Section]) -> str | None:
    """The name under the report, if it is signed."""
    last = sections[-1] if sections else None
    if not last or last.label != "noise":
        return None
    known = wording().signer
    for line in normalise(source, last.start, last.end).text.split("\n"):
        name = _SIGNER.match(line)
        if name and known.match(name.group()):
            return name.group()
    return None


def _reason(titled: bool, preamble: str, sections: Sequence[Section]) -> str | None:
    """Why the text is no annual report on disclosure, None where it is one."""
    if titled:
        return None
    lines = [line for line in preamble.split("\n") if line.strip()][:_MOST_TITLE_LINES]
    # Only headings speak for a report: without them any text has lines that look like one section or another.
    parts = {s.label for s in sections if s.heading} - {"preamble", "noise", "legacy"}
    strong = _patterns().kinds[:3]
    for kind, reason in strong if len(parts) >= 3 else _patterns().kinds:
        if any(kind.search(line) for line in lines if len(line) <= _LONGEST_TITLE_LINE):
            return reason
    if len(parts) >= 2 or _patterns().introduces.search(preamble):
        return None
    return masthead_wording()["no_sign"]
