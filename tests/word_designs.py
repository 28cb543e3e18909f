"""Whole reports as Word documents, in the ways that agencies lay them out."""

import re
from collections.abc import Callable

from gongkai.eval.bench.report_parts import Report
from gongkai.extraction.readers.assemble import Paragraph

from .word_documents import (
    cell,
    docx,
    form_table,
    level,
    numbered,
    numbering,
    paragraph,
    row,
    run,
    table,
    text_box,
)

_TRACKED = 'w:id="1" w:author="甲" w:date="2023-01-01T00:00:00Z"'
_NUMERALS = "一二三四五六七八九十"
_ORDINALS = (re.compile(f"([{_NUMERALS}]{{1,3}})、"), re.compile(f"（([{_NUMERALS}]{{1,3}})）"))
_BREAK = "<w:r><w:br/></w:r>"


def plain(report: Report) -> bytes:
    """The official form: typed numbers, indented paragraphs, merged cells."""
    indent = '<w:ind w:firstLineChars="200"/>'
    return docx(
        "".join(
            paragraph(part.text, form=indent) if isinstance(part, Paragraph) else form_table(part)
            for part in report.parts
        )
    )


def numbered_headings(report: Report) -> bytes:
    """The numbers of 一、 and （一） come from a list; a number out of turn begins a list of its own."""
    nums = {1: (1, "")}
    last = [0, 0]
    body: list[str] = []
    for part in report.parts:
        if not isinstance(part, Paragraph):
            body.append(form_table(part))
            continue
        text = part.text
        told = next(((i, found) for i, one in enumerate(_ORDINALS) if (found := one.match(text))), None)
        if told is None:
            body.append(paragraph(text))
            continue
        index, found = told
        value = _value(found.group(1))
        num = 1
        if value != last[index] + 1:
            num = max(nums) + 1
            override = f'<w:lvlOverride w:ilvl="{index}"><w:startOverride w:val="{value}"/></w:lvlOverride>'
            nums[num] = (1, override)
        last[index:] = [value] + [0] * (1 - index)
        body.append(numbered(num, index, text[found.end() :]))
    levels = level(0, "chineseCountingThousand", "%1、") + level(1, "chineseCounting", "（%2）")
    return docx("".join(body), numbering=numbering({1: levels}, nums))


def _value(numeral: str) -> int:
    tens, ten, units = numeral.rpartition("十")
    return (10 * ((_NUMERALS.index(tens) + 1) if tens else 1) if ten else 0) + (
        _NUMERALS.index(units) + 1 if units else 0
    )


def framed(report: Report) -> bytes:
    """The title in a text box, all else in the one cell of a table, page lines at head and foot."""
    title, *rest = report.parts
    assert isinstance(title, Paragraph)
    body = "".join(paragraph(part.text) if isinstance(part, Paragraph) else form_table(part) for part in rest)
    return docx(
        paragraph(text_box(title.text)) + table(row(cell(body + paragraph())), columns=1) + paragraph(),
        header1=paragraph("信息公开专栏"),
        footer1=paragraph("— 3 —"),
    )


def soft_breaks(report: Report) -> bytes:
    """All lines between two tables in one paragraph."""
    body: list[str] = []
    lines: list[str] = []
    for part in report.parts:
        if isinstance(part, Paragraph):
            lines.append(run(part.text))
        else:
            body += [paragraph(_BREAK.join(lines)), form_table(part)]
            lines = []
    return docx("".join([*body, paragraph(_BREAK.join(lines))]))


def tracked(report: Report) -> bytes:
    """Each paragraph has deleted, inserted and hidden text; some are deleted as a whole."""
    deleted = f"<w:del {_TRACKED}><w:r><w:delText>旧数据99件</w:delText></w:r></w:del>"
    body: list[str] = []
    for i, part in enumerate(report.parts):
        if not isinstance(part, Paragraph):
            body.append(form_table(part))
            continue
        text = part.text
        half = len(text) // 2
        inserted = f"<w:ins {_TRACKED}>{run(text[half:])}</w:ins>"
        body.append(paragraph(run(text[:half]), deleted, inserted, run("隐藏77件", "<w:vanish/>")))
        if i % 7 == 3:
            body.append(paragraph(deleted, form=f"<w:rPr><w:del {_TRACKED}/></w:rPr>"))
    return docx("".join(body))


DESIGNS: dict[str, Callable[[Report], bytes]] = {
    "plain": plain,
    "numbered_headings": numbered_headings,
    "framed": framed,
    "soft_breaks": soft_breaks,
    "tracked": tracked,
}
