"""What the lines of a page are: the report's title, its headings, its prose, or the page's own furniture."""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from ....annotations.knowledge import read_knowledge
from .tables import Line

_LONGEST_FURNITURE = 240
_LONGEST_TITLE = 90
_LARGE_TABLE = 40
_HEADING_WITHIN = 60
_DAY = r"20\d\d[-/.年]\d{1,2}[-/.月]\d{1,2}日?(?:\d{1,2}:\d\d(?::\d\d)?)?"
_LONE_DAY = re.compile(rf"{_DAY}\Z")
_LONGEST_DAY = 30
_BLANKS = re.compile(r"[\s\u200b-\u200f\ufeff]+")
_NUMERAL = r"(?:[一二三四五六七八九十]{1,2}|\d{1,2})"
_SENTENCES = re.compile("[。；;]")
_CLAUSES = re.compile("[。，；、：,;]")
_PROSE = 30
_CLAUSE = 12
_MOSTLY = 0.5


@dataclass(frozen=True, slots=True)
class Wording:
    """The reader's own wording (`html.yaml`) and what it shares with the rest of the extraction, compiled."""

    page: re.Pattern[str]
    around: re.Pattern[str]
    about: re.Pattern[str]
    two_about: re.Pattern[str]
    foot: re.Pattern[str]
    heading: re.Pattern[str]
    signature: re.Pattern[str]
    subject: re.Pattern[str]
    ending: re.Pattern[str]
    published: tuple[re.Pattern[str], ...]
    ornaments: re.Pattern[str]


@cache
def wording() -> Wording:
    """Return what the reader knows of pages, read once."""
    raw: dict[str, Any] = read_knowledge(__file__, "html.yaml")
    extraction = str(Path(__file__).parents[1])
    headings: dict[str, Any] = read_knowledge(extraction, "sections.yaml")
    titles: dict[str, Any] = read_knowledge(extraction, "masthead.yaml")["title"]
    about = raw["about"]
    parts = "|".join(headings["titles"].values())
    date = r"[^\d]{0,6}(?P<year>20\d\d)[-/.年](?P<month>\d{1,2})[-/.月](?P<day>\d{1,2})"
    return Wording(
        about=re.compile(rf"(?:{_DAY})?[\[【(]?(?:{about})[\]】)]?[:\[【(]|(?:{about})\Z"),
        two_about=re.compile(rf"(?:{about})[:\[【(|].*(?:{about})[:\[【(|]"),
        page=re.compile(rf"(?:{raw['page']})\Z", re.IGNORECASE),
        around=re.compile(rf"(?:{raw['tools']}|{headings['noise']})\Z", re.IGNORECASE),
        foot=re.compile(raw["foot"], re.IGNORECASE),
        heading=re.compile(
            rf"(?:第?{_NUMERAL}(?:部分|[、.,:])|[(]{_NUMERAL}[)])?(?:{headings['before']})(?:{parts})"
        ),
        signature=re.compile(rf"(?:{headings['signer']})?,?[(]?(?:{headings['date']})?[)]?\Z"),
        subject=re.compile(titles["subject"]),
        ending=re.compile(rf"{titles['ending']}(?:\([^()]{{1,30}}\))?\W*\Z"),
        published=tuple(re.compile(f"(?:{words}){date}") for words in raw["published"]),
        ornaments=re.compile(raw["ornaments"], re.IGNORECASE),
    )


@lru_cache(maxsize=4096)
def plain(text: str) -> str:
    """Return a short line's text in NFKC form without white space, dashes as hyphens."""
    return _BLANKS.sub("", unicodedata.normalize("NFKC", text)).replace("—", "-").replace("–", "-")


def is_linked(line: Line) -> bool:
    """Whether most of a line is links."""
    return line.linked > _MOSTLY * len(line.text.strip())


def is_furniture(line: Line) -> bool:
    """Whether a line that stands around the report is the page's own: what it says of the text, tools, its foot."""
    if not _may_be_furniture(line):
        return False
    text, known = plain(line.text), wording()
    if "。" in text:
        return bool(known.foot.match(text))
    return is_page_line(line) or bool(known.around.match(text) or known.about.match(text))


def is_page_line(line: Line) -> bool:
    """Whether a line is the page's own even where the report stands before and behind it."""
    if not _may_be_furniture(line):
        return False
    text, known = plain(line.text), wording()
    return "。" not in text and bool(
        known.page.match(text) or known.two_about.search(text) or known.foot.search(text)
    )


def _may_be_furniture(line: Line) -> bool:
    return len(line.text) <= _LONGEST_FURNITURE and not (line.table and len(line.table.cells) > _LARGE_TABLE)


def begins_foot(line: Line) -> bool:
    """Whether the page's foot begins with a line."""
    text = plain(line.text) if len(line.text) <= _LONGEST_FURNITURE else ""
    return bool(wording().foot.match(text) if "。" in text else wording().foot.search(text))


def is_title(text: str) -> bool:
    """Whether a text reads like the title of an annual report on disclosure."""
    if not 6 <= len(text) <= 2 * _LONGEST_TITLE:
        return False
    short, known = plain(text), wording()
    if len(short) > _LONGEST_TITLE or "。" in short or ">" in short:
        return False
    return bool(known.subject.search(short) and known.ending.search(short))


def is_heading(line: Line) -> bool:
    """Whether a line begins with the official title of a part of the report."""
    return bool(wording().heading.match(plain(line.text[:_HEADING_WITHIN])))


def is_prose(line: Line) -> bool:
    """Whether a line holds a sentence."""
    return len(line.text) >= _PROSE and bool(_SENTENCES.search(line.text))


def is_running(line: Line) -> bool:
    """Whether a line holds a part of a sentence, as where each line of print is a paragraph."""
    return len(line.text) >= _CLAUSE and bool(_CLAUSES.search(line.text))


def is_signature(line: Line) -> bool:
    """Whether a line is the name or the day that a report is signed with."""
    text = plain(line.text) if len(line.text) <= _LONGEST_TITLE else ""
    return bool(text and not is_linked(line) and wording().signature.match(text))


def is_day(line: Line) -> bool:
    """Whether a line is a day and nothing else."""
    return len(line.text) <= _LONGEST_DAY and bool(_LONE_DAY.match(plain(line.text)))
