"""Web pages of reports: the corpus and the examples with their tables as HTML, in the designs that real sites have."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from random import Random

from gongkai.annotations.corpus import CORPUS_FOLDER, read_corpus_file
from gongkai.annotations.labelled import LabelledText
from gongkai.extraction.readers.text import decode

from .table_layouts import (
    APPLICANTS,
    LABELS,
    OUTCOME_WORDS,
    OUTCOMES,
    PROCEEDINGS,
    REMARK,
    SECOND_EDITION_LACKS,
)

EXAMPLES = Path(__file__).parent.parent / "examples"
_TITLE_END = re.compile(r"(?:报告|年报)\s*$")
_BODY = re.compile(r"^\S{3,20}(?:局|厅|府|委|队)\s*$")
_TITLE_WITHIN = 9


@dataclass(frozen=True)
class Cell:
    """A cell of a table with its spans."""

    text: str
    rows: int = 1
    columns: int = 1


Rows = list[list[Cell]]


@dataclass
class Report:
    """A report as its paragraphs and tables in order."""

    name: str
    parts: list[str | Rows] = field(default_factory=list)
    noisy: bool = False

    def title_lines(self) -> tuple[int, int]:
        """Where the title stands: the line that ends like one, and the line before it that names the body."""
        words = [part if isinstance(part, str) else "" for part in self.parts[:_TITLE_WITHIN]]
        last = next((i for i, part in enumerate(words) if _TITLE_END.search(part)), 0)
        return last - (last == 1 or bool(last and _BODY.search(words[last - 1]))), last + 1

    @property
    def title(self) -> str:
        first, last = self.title_lines()
        return "".join(part for part in self.parts[first:last] if isinstance(part, str))

    def without_title(self) -> "Report":
        first, last = self.title_lines()
        return Report(self.name, [*self.parts[:first], *self.parts[last:]])

    def text(self) -> str:
        """The report as plain text: a line for each paragraph and row, cells separated by tabs, blanks for merged ones."""
        lines: list[str] = []
        for part in self.parts:
            lines += [part] if isinstance(part, str) else tab_lines(part)
        return "\n".join(lines) + "\n"


def tab_lines(rows: Rows) -> list[str]:
    """The rows of a table as lines of as many cells as it has columns."""
    taken: dict[tuple[int, int], str] = {}
    for r, row in enumerate(rows):
        c = 0
        for cell in row:
            while (r, c) in taken:
                c += 1
            for i in range(cell.rows):
                for j in range(cell.columns):
                    taken[r + i, c + j] = ""
            taken[r, c] = cell.text
    width = 1 + max(c for _, c in taken)
    return ["\t".join(taken.get((r, c), "") for c in range(width)) for r in range(len(rows))]


def corpus_reports() -> Iterator[Report]:
    """All whole reports of the corpus, their tables set anew from the figures known."""
    for path in sorted(CORPUS_FOLDER.glob("*_reports.txt")):
        for text in read_corpus_file(path):
            yield _report(text)


def _report(text: LabelledText) -> Report:
    report = Report(text.id, noisy=bool(text.noise))
    tables = {
        "disclosure_table": disclosure,
        "applications_table": applications,
        "proceedings_table": proceedings,
    }
    printed = {name: cell.printed for name, cell in text.cells.items()}
    position = 0
    for section in sorted(text.sections, key=lambda s: s.start):
        wanted = section.label.partition("_")[0]
        if section.label not in tables or not any(name.startswith(wanted) for name in printed):
            continue
        report.parts += _lines(text.text[position : section.start])
        heading, _, _ = text.text[section.start : section.end].partition("\n")
        report.parts.append(heading.strip())
        report.parts.append(tables[section.label](printed))
        position = section.end
    report.parts += _lines(text.text[position:])
    return report


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.split("\n") if line.strip()]


def example_reports() -> Iterator[Report]:
    """The examples as they are, runs of lines with tabs as tables."""
    for path in sorted(EXAMPLES.glob("*.txt")):
        report = Report(path.stem)
        for line in decode(path.read_bytes()).splitlines():
            if "\t" in line.strip():
                if not report.parts or isinstance(report.parts[-1], str):
                    report.parts.append([])
                rows = report.parts[-1]
                assert not isinstance(rows, str)
                rows.append([Cell(cell) for cell in line.split("\t")])
            elif line.strip():
                report.parts.append(line)
        yield report


def disclosure(printed: dict[str, str]) -> Rows:
    second = any(name.startswith("disclosure_2019") for name in printed)
    stock = ("previous_items", "change", "decisions")
    heads = ("上一年项目数量", "本年增/减", "处理决定数量")
    if second:
        table = "disclosure_2019"
        groups = [
            ("一", ("本年新制作数量", "本年新公开数量", "对外公开总数量"), ("made", "published", "total_public"),
             (("规章", "rules"), ("规范性文件", "normative"))),
            ("五", heads, stock, (("行政许可", "licensing"), ("其他对外管理服务事项", "other_services"))),
            ("六", heads, stock, (("行政处罚", "penalties"), ("行政强制", "coercion"))),
            ("八", heads[:2], stock[:2], (("行政事业性收费", "fees"),)),
            ("九", ("采购项目数量", "采购总金额（单位：万元）"), ("projects", "amount"), (("政府集中采购", "procurement"),)),
        ]  # fmt: skip
    else:
        table = "disclosure"
        groups = [
            ("一", ("本年制发件数", "本年废止件数", "现行有效件数"), ("issued", "repealed", "in_force"),
             (("规章", "rules"), ("行政规范性文件", "normative"))),
            ("五", ("本年处理决定数量",), ("decisions",), (("行政许可", "licensing"),)),
            ("六", ("本年处理决定数量",), ("decisions",), (("行政处罚", "penalties"), ("行政强制", "coercion"))),
            ("八", ("本年收费金额（单位：万元）",), ("amount",), (("行政事业性收费", "fees"),)),
        ]  # fmt: skip
    rows: Rows = []
    for numeral, words, columns, lines in groups:
        widths = {1: (3,), 2: (1, 2), 3: (1, 1, 1)}[len(columns)]
        rows.append([Cell(f"第二十条第（{numeral}）项", 1, 4)])
        rows.append(
            [Cell("信息内容"), *(Cell(word, 1, width) for word, width in zip(words, widths, strict=True))]
        )
        for label, name in lines:
            values = [printed.get(f"{table}.{name}.{column}", "") for column in columns]
            rows.append([Cell(label), *(Cell(v, 1, width) for v, width in zip(values, widths, strict=True))])
    return rows


def applications(printed: dict[str, str]) -> Rows:
    rows: Rows = [
        [Cell(REMARK, 3, 3), Cell("申请人情况", 1, 7)],
        [Cell("自然人", 2), Cell("法人或其他组织", 1, 5), Cell("总计", 2)],
        [Cell(word) for word in ("商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他")],
    ]
    second = any(name.startswith("disclosure_2019") for name in printed)
    labels = {n: v for n, v in LABELS.items() if not (second and n in SECOND_EDITION_LACKS)}
    if second:
        labels["other.other"] = ("", "（六）其他处理", "")
    names = list(labels)
    for at, (name, (first, middle, last)) in enumerate(labels.items()):
        row: list[Cell] = []
        if first:
            whole = not middle
            row.append(Cell(first, 1 if whole else names.index("carried_out") - at, 3 if whole else 1))
        if middle:
            group = name.split(".")[0]
            row.append(Cell(middle, sum(n.split(".")[0] == group for n in names), 1 if last else 2))
        if last:
            row.append(Cell(last))
        rows.append([*row, *(Cell(printed.get(f"applications.{name}.{a}", "")) for a in APPLICANTS)])
    return rows


def proceedings(printed: dict[str, str]) -> Rows:
    values = [Cell(printed.get(f"proceedings.{name}.{o}", "")) for name in PROCEEDINGS for o in OUTCOMES]
    words = [Cell(word) for word in OUTCOME_WORDS]
    return [
        [Cell("行政复议", 1, 5), Cell("行政诉讼", 1, 10)],
        [*(Cell(w.text, 2) for w in words), Cell("未经复议直接起诉", 1, 5), Cell("复议后起诉", 1, 5)],
        [*words, *words],
        values,
    ]


Write = Callable[[str], str]


def table_html(rows: Rows, write: Write = escape, attributes: str = 'border="1"') -> str:
    """A table as editors write it."""
    out = [f"<table {attributes}><tbody>"]
    for row in rows:
        cells = [
            f"<td{f' rowspan={cell.rows}' if cell.rows > 1 else ''}{f' colspan={cell.columns}' if cell.columns > 1 else ''}>"
            f"{write(cell.text)}</td>"
            for cell in row
        ]
        out.append(f"<tr>{''.join(cells)}</tr>")
    return "".join([*out, "</tbody></table>"])


def div_table(rows: Rows, classes: bool) -> str:
    """A table of blocks: with the styles of a table, or plain ones that float."""
    row_is, cell_is = (
        ('class="r"', 'class="c"') if classes else ("class='line clearfix'", "style='float:left'")
    )
    body = "".join(
        f"<div {row_is}>{''.join(f'<div {cell_is}>{escape(cell)}</div>' for cell in line.split(chr(9)))}</div>"
        for line in tab_lines(rows)
    )
    return f'<div class="{"t" if classes else "lines"}">{body}</div>'


def body_html(
    report: Report,
    paragraph: str = "<p>{}</p>",
    table: Callable[[Rows], str] = table_html,
    write: Write = escape,
) -> str:
    """A report's parts, one after the other."""
    return "\n".join(
        paragraph.format(write(part)) if isinstance(part, str) else table(part) for part in report.parts
    )


NAVIGATION = "".join(
    f'<li><a href="/{n}/">{name}</a></li>'
    for n, name in enumerate(
        (
            "首页",
            "走进云岭",
            "新闻中心",
            "政府信息公开",
            "政府信息公开年报",
            "政务服务",
            "互动交流",
            "数据发布",
            "专题专栏",
            "政策解读",
        )
    )
)
FOOT = (
    '<div class="foot"><select><option>国务院部门网站</option><option>省政府网站</option></select>'
    "<p>主办：云东省人民政府办公厅　　承办：云东省大数据中心</p><p>网站标识码：9900000001　<a href='#'>云公网安备 99010202000001号</a>"
    "　<a href='#'>云ICP备05000001号</a></p><p>版权所有 未经授权禁止转载，违者将依法追究责任。本网站所有信息以正式文件为准，"
    "如有疑问请与发布单位联系，我们将在两个工作日内答复您的来信。</p></div>"
)
RELATED = (
    '<div class="related"><h3>相关稿件</h3><ul>'
    + "".join(
        f'<li><a href="/{y}.html">{y}年政府信息公开工作年度报告</a><span>{y + 1}-01-20</span></li>'
        for y in (2017, 2018)
    )
    + "</ul></div>"
)
SCRIPT = "<script>var s = '一、总体情况 2023年，受理申请999件。';</script><style>.x{display:none}</style>"


def clean(report: Report) -> str:
    """An article and nothing else."""
    return (
        f'<!DOCTYPE html><html lang="zh"><head><meta charset="utf-8"><title>{escape(report.title)}</title></head>'
        f"<body><article>{body_html(report)}</article></body></html>"
    )


def portal(report: Report) -> str:
    """A government portal: the title above the body, and all that portals print around it."""
    title = escape(report.title)
    return f"""<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">
<html xmlns="http://www.w3.org/1999/xhtml"><head><meta http-equiv="Content-Type" content="text/html; charset=utf-8" />
<title>{title}_政府信息公开年报_云东省人民政府门户网站</title><meta name="SiteName" content="云东省人民政府门户网站"/>
<meta name="ArticleTitle" content="{title}"/><meta name="PubDate" content="2024-01-25 09:30"/>{SCRIPT}</head><body>
<div class="top"><a href="/">设为首页</a> | <a href="/">加入收藏</a> | <a href="/">无障碍浏览</a> | <a href="/">长者模式</a></div>
<div class="nav"><ul>{NAVIGATION}</ul></div>
<div class="wz">您现在的位置：<a href="/">首页</a> &gt; <a href="/zfxxgk/">政府信息公开</a> &gt; <a href="/n/">政府信息公开年报</a></div>
<div class="main"><div class="left"><h2>政府信息公开年报</h2><ul>{NAVIGATION}</ul></div>
<div class="right"><table class="xx" border="0"><tr><th>索 引 号：</th><td>000014349/2024-00001</td><th>主题分类：</th><td>综合政务\\政务公开</td></tr>
<tr><th>发文机关：</th><td>办公室</td><th>成文日期：</th><td>2024年01月18日</td></tr><tr><th>标　　题：</th><td colspan=3>{title}</td></tr></table>
<h1 class="title">{title}</h1>
<div class="info"><span>发布时间：2024-01-25 09:30</span>　<span>来源：办公室</span> <span>浏览次数：<script>document.write(1)</script></span>
<span>字体：[ <a href="javascript:f(16)">大</a> <a href="javascript:f(14)">中</a> <a href="javascript:f(12)">小</a> ]</span>
<span>分享：</span><a href="#">微信</a><a href="#">微博</a></div>
<div class="content" id="zoom"><div class="TRS_Editor"><style>.TRS_Editor P{{margin:0}}</style>{body_html(report.without_title(), '<p style="text-indent:2em">　　{}</p>')}</div></div>
<div class="tool"><a href="javascript:print()">【打印本页】</a><a href="javascript:close()">【关闭窗口】</a></div>
<div class="ewm">扫一扫在手机打开当前页</div><div>上一篇：<a href="/a">云东省民政厅2022年政府信息公开工作年度报告</a></div><div>下一篇：没有了</div>
{RELATED}</div></div>{FOOT}<div style="display:none">访问量统计：二、主动公开政府信息情况 规章 7 7 7</div></body></html>"""


def layout_tables(report: Report) -> str:
    """A page of the years of layout tables: navigation and report in the cells of one, upper-case tags, none closed."""
    body = body_html(report.without_title(), "<P>&nbsp;&nbsp;&nbsp;&nbsp;{}")
    return f"""<HTML><HEAD><META http-equiv=Content-Type content="text/html; charset=gb2312"><TITLE>信息公开</TITLE></HEAD>
<BODY><TABLE width=1000 border=0><TR><TD colspan=2><IMG src="images/logo.gif">云东省政务公开<TR><TD width=200 valign=top>
<TABLE>{"".join(f"<TR><TD><A href=/{i}>栏目{i}</A>" for i in range(12))}</TABLE><TD width=800>
<TABLE width="100%"><TR><TD>当前位置：<A href=/>首页</A>&gt;&gt;<A href=/gk>信息公开</A></TD></TR>
<TR><TD align=center><FONT size=5><B>{escape(report.title)}</B></FONT></TD></TR>
<TR><TD>作者：办公室　发布时间：2024/1/25　点击数：1234　【字体：大 中 小】</TD></TR>
<TR><TD><FONT face=宋体>{body}</FONT></TD></TR>
<TR><TD align=right><A href="javascript:window.print()">打印</A> <A href="javascript:window.close()">关闭</A></TD></TR></TABLE>
<TR><TD colspan=2 align=center>版权所有：云东省人民政府　云ICP备05000001号</TD></TR></TABLE></BODY></HTML>"""


def word(report: Report) -> str:
    """A page exported by Word: numbers cut into spans, lines wrapped, empty paragraphs in the cells."""
    random = Random(report.name)

    def write(text: str) -> str:
        pieces: list[str] = []
        rest = text
        while rest:
            size = random.randrange(1, 14)
            piece, rest = rest[:size], rest[size:]
            language = " lang=EN-US" if piece.isascii() else ""
            wrapped = "\n" if random.random() < 0.2 and not (piece + rest).isascii() else ""
            wrapped = wrapped if pieces and _is_wide(pieces[-1][-8]) and _is_wide(piece[0]) else ""
            pieces.append(
                f"<span{language}\nstyle='font-size:16.0pt;font-family:仿宋'>{wrapped}{escape(piece)}</span>"
            )
        return "".join(pieces) + "<span lang=EN-US><o:p></o:p></span>" if pieces else "<o:p>&nbsp;</o:p>"

    def table(rows: Rows) -> str:
        return table_html(
            rows,
            lambda text: (
                f"\n  <p class=MsoNormal align=center style='text-align:center'>{write(text)}</p>\n  "
            ),
        )

    body = body_html(report, "<p class=MsoNormal style='text-indent:32.0pt'>{}</p>", table, write)
    return f"""<html xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office">
<head><meta http-equiv=Content-Type content="text/html; charset=gb2312"><meta name=Generator content="Microsoft Word 15">
<!--[if gte mso 9]><xml><o:DocumentProperties><o:Author>2023年收到申请77件</o:Author></o:DocumentProperties></xml><![endif]-->
<style><!-- p.MsoNormal {{margin:0cm}} --></style></head><body lang=ZH-CN><div class=WordSection1 style='layout-grid:15.6pt'>
{body}
<p class=MsoNormal><span lang=EN-US><o:p>&nbsp;</o:p></span></p></div></body></html>"""


def _is_wide(character: str) -> bool:
    return "\u4e00" <= character <= "\u9fff"


def styled_blocks(report: Report) -> str:
    """Tables of blocks with the styles of tables, in a page of plain blocks without a container of its own."""
    body = body_html(report, "<div>{}</div>", lambda rows: div_table(rows, True))
    return (
        '<html><head><meta charset="utf-8"><style>.t{display:table}.t .r, .r {display: table-row} .c{display:table-cell}'
        f"</style></head><body>{body}<div class=foot>版权所有：云东省人民政府</div></body></html>"
    )


def floating_blocks(report: Report) -> str:
    """Tables of plain rows of blocks."""
    body = body_html(report, "<p>{}</p>", lambda rows: div_table(rows, False))
    return f'<html><head><meta charset="utf-8"></head><body><main>{body}</main></body></html>'


def row_tables(report: Report) -> str:
    """Each table cut into tables of a few rows."""

    def table(rows: Rows) -> str:
        lines = [[Cell(cell) for cell in line.split("\t")] for line in tab_lines(rows)]
        return "".join(table_html(lines[i : i + 6]) for i in range(0, len(lines), 6))

    body = body_html(report, "<p>{}</p>", table)
    return f'<html><head><meta charset="utf-8"></head><body><div id="content">{body}</div></body></html>'


def preformatted(report: Report) -> str:
    """The plain text as it is."""
    return (
        f'<html><head><meta charset="utf-8"></head><body><pre>\n{escape(report.text())}</pre></body></html>'
    )


DESIGNS: dict[str, Callable[[Report], str]] = {
    design.__name__: design
    for design in (
        clean,
        portal,
        layout_tables,
        word,
        styled_blocks,
        floating_blocks,
        row_tables,
        preformatted,
    )
}
GB_DESIGNS: Sequence[str] = ("layout_tables", "word")
"""Those that say gb2312, so that they are written in GB18030."""
