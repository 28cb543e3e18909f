"""Pages that hold no report but only lead to one: an attachment, an image, a frame."""

import re
from collections.abc import Sequence
from contextlib import suppress
from urllib.parse import urljoin

from .article import Article
from .flow import Flow, Target
from .lines import begins_foot, is_title, wording

_FILE = re.compile(r"\.(?:pdf|docx?|wps|ofd|ceb|rtf|xlsx?|zip|rar|7z)(?:$|[?#&])", re.IGNORECASE)
_NAMED_FILE = re.compile(r"\.(?:pdf|docx?|wps|ofd|ceb|rtf|xlsx?|zip|rar|7z)\W*$", re.IGNORECASE)
_IMAGE = re.compile(r"\.(?:jpe?g|png|webp|bmp|tiff?)(?:$|[?#&])|^data:image/(?!gif|svg)", re.IGNORECASE)
_REPORT = re.compile("报告|年报")
_OTHER_PART = re.compile(
    r"[\[<>«»›‹→【(（]*(?:[下后上前]一?页|第?(?:\d{1,2}|[一二三四五六七八九十]{1,2})页|[尾末]页|余下全文)[\]<>«»›‹→】)）]*"
)
_PAGER_WITHIN = 8
_SMALL = 200
_MOST_NAMED = 3
_LONGEST_ADDRESS = 300


def why_no_report(flow: Flow, article: Article, base: str | None) -> str | None:
    """Say, in words for people, where the report is that a page does not hold; None where the page does not tell.

    ``base`` is the page's own address, if known.
    """
    title = next((i for i, line in enumerate(flow.lines) if is_title(line.text)), None)
    files = [target for target in flow.targets if _is_file(target)]
    if files:
        best = [target for target in files if _REPORT.search(target.text + target.address)] or files
        return f"the page holds no report, only a link to it: {_named(best, base)}; save that file and read it instead"
    images = [target for target in flow.targets if _is_large_image(target)]
    if title is not None:
        end = next((i for i in range(title, len(flow.lines)) if begins_foot(flow.lines[i])), len(flow.lines))
        images = [target for target in images if title < target.line <= max(end, title + 1)]
    if images:
        return (
            f"the report on this page is an image: {_named(images, base)}; save the image and read it instead"
            if len(images) == 1
            else f"the report on this page is {len(images)} images: {_named(images, base)}; "
            "save them and read them instead"
        )
    frames = [target for target in flow.targets if target.tag in ("iframe", "frame") and target.address]
    frames = [target for target in frames if not target.address.startswith(("javascript:", "about:"))]
    if frames:
        return (
            f"the page holds no report but shows another page: {_named(frames, base)}; save that page instead"
        )
    return None


def other_parts(flow: Flow, article: Article, base: str | None) -> str | None:
    """Say, in words for people, where a report goes on of which a page holds one part only; None where it links to none.

    A list's pages do not count: the link must stand in the report or close behind it.
    """
    first, last = min(article.lines, default=0), max(article.lines, default=0)
    parts = [
        target
        for target in flow.targets
        if target.tag == "a"
        and first <= target.line <= last + _PAGER_WITHIN
        and _OTHER_PART.fullmatch("".join(target.text.split()))
        and _leads_away(target.address, base)
    ]
    if not parts:
        return None
    return (
        f"the page holds only one part of the report; others are linked: {_named(parts, base)}; "
        "save them and read them too, or save the whole as one file"
    )


def _leads_away(address: str, base: str | None) -> bool:
    address = address.strip()
    if not address or address.lower().startswith(("#", "javascript:", "about:")):
        return False
    with suppress(ValueError):
        return not base or urljoin(base, address).partition("#")[0] != base.partition("#")[0]
    return True


def _is_file(target: Target) -> bool:
    if target.tag == "img":
        return False
    return bool(_FILE.search(target.address) or (target.tag == "a" and _NAMED_FILE.search(target.text)))


def _is_large_image(target: Target) -> bool:
    if target.tag != "img" or not _IMAGE.search(target.address[:_LONGEST_ADDRESS]):
        return False
    if not target.address.startswith("data:") and wording().ornaments.search(
        target.address.rpartition("/")[2]
    ):
        return False
    sides = [re.match(r"\d+", target.attributes.get(side) or "") for side in ("width", "height")]
    return all(side is None or int(side.group()) >= _SMALL for side in sides)


def _named(targets: Sequence[Target], base: str | None) -> str:
    """The addresses of the first few, with what they are called."""
    names: list[str] = []
    for target in targets:
        address = target.address.strip()
        if address.startswith("data:"):
            address = f"inside the page ({address[:20].partition(';')[0]})"
        elif base:
            with suppress(ValueError):
                address = urljoin(base, address)
        name = f"{target.text} ({address[:_LONGEST_ADDRESS]})" if target.text else address[:_LONGEST_ADDRESS]
        if name not in names:
            names.append(name)
    more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
    return ", ".join(names[:_MOST_NAMED]) + more
