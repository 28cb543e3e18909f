"""Reports as web pages: the designs that real sites have, from a bare article to pages exported by Word."""

import re
from collections.abc import Callable, Sequence
from html import escape
from random import Random

from ...extraction.readers.assemble import Paragraph, Part, Table, TableCell
from .report_parts import rows_of, tab_lines

_TITLE_END = re.compile(r"(?:报告|年报)\s*$")
_BODY = re.compile(r"^\S{3,20}(?:局|厅|府|委|队)\s*$")
_TITLE_WITHIN = 9

Write = Callable[[str], str]


def _title_lines(parts: Sequence[Part]) -> tuple[int, int]:
    """Where the title stands: the line that ends like one, and the line before it that names the body."""
    words = [part.text if isinstance(part, Paragraph) else "" for part in parts[:_TITLE_WITHIN]]
    last = next((i for i, text in enumerate(words) if _TITLE_END.search(text)), 0)
    return last - (last == 1 or bool(last and _BODY.search(words[last - 1]))), last + 1


def title_of(parts: Sequence[Part]) -> str:
    """Return a report's title."""
    first, last = _title_lines(parts)
    return "".join(part.text for part in parts[first:last] if isinstance(part, Paragraph))


def _without_title(parts: Sequence[Part]) -> list[Part]:
    first, last = _title_lines(parts)
    return [*parts[:first], *parts[last:]]


def row_html(cells: Sequence[TableCell], write: Write = escape) -> str:
    """Return the cells that begin in a row as a row of HTML."""
    told: list[str] = []
    for cell in cells:
        spans = "".join(
            f" {name}={span}"
            for name, span in (("rowspan", cell.row_span), ("colspan", cell.column_span))
            if span > 1
        )
        told.append(f"<td{spans}>{write(cell.text)}</td>")
    return f"<tr>{''.join(told)}</tr>"


def _table_html(table: Table, write: Write = escape) -> str:
    """A table as editors write it."""
    rows = "".join(row_html(cells, write) for cells in rows_of(table))
    return f'<table border="1"><tbody>{rows}</tbody></table>'


def _block_table(table: Table, classes: bool) -> str:
    """A table of blocks: with the styles of a table, or plain ones that float."""
    row_is, cell_is = (
        ('class="r"', 'class="c"') if classes else ("class='line clearfix'", "style='float:left'")
    )
    body = "".join(
        f"<div {row_is}>{''.join(f'<div {cell_is}>{escape(cell)}</div>' for cell in line.split(chr(9)))}</div>"
        for line in tab_lines(table)
    )
    return f'<div class="{"t" if classes else "lines"}">{body}</div>'


def _body(
    parts: Sequence[Part],
    paragraph: str = "<p>{}</p>",
    table: Callable[[Table], str] = _table_html,
    write: Write = escape,
) -> str:
    """A report's parts, one after the other."""
    return "\n".join(
        paragraph.format(write(part.text)) if isinstance(part, Paragraph) else table(part) for part in parts
    )


_NAVIGATION = "".join(
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
_FOOT = (
    '<div class="foot"><select><option>国务院部门网站</option><option>省政府网站</option></select>'
    "<p>主办：云东省人民政府办公厅　　承办：云东省大数据中心</p><p>网站标识码：9900000001　<a href='#'>云公网安备 99010202000001号</a>"
    "　<a href='#'>云ICP备05000001号</a></p><p>版权所有 未经授权禁止转载，违者将依法追究责任。本网站所有信息以正式文件为准，"
    "如有疑问请与发布单位联系，我们将在两个工作日内答复您的来信。</p></div>"
)
_RELATED = (
    '<div class="related"><h3>相关稿件</h3><ul>'
    + "".join(
        f'<li><a href="/{y}.html">{y}年政府信息公开工作年度报告</a><span>{y + 1}-01-20</span></li>'
        for y in (2017, 2018)
    )
    + "</ul></div>"
)
_SCRIPT = "<script>var s = '一、总体情况 2023年，受理申请999件。';</script><style>.x{display:none}</style>"


def clean(parts: Sequence[Part]) -> str:
    """An article and nothing else."""
    return (
        f'<!DOCTYPE html><html lang="zh"><head><meta charset="utf-8"><title>{escape(title_of(parts))}</title></head>'
        f"<body><article>{_body(parts)}</article></body></html>"
    )


def portal(parts: Sequence[Part]) -> str:
    """A government portal: the title above the body, and all that portals print around it."""
    title = escape(title_of(parts))
    return f"""<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">
<html xmlns="http://www.w3.org/1999/xhtml"><head><meta http-equiv="Content-Type" content="text/html; charset=utf-8" />
<title>{title}_政府信息公开年报_云东省人民政府门户网站</title><meta name="SiteName" content="云东省人民政府门户网站"/>
<meta name="ArticleTitle" content="{title}"/><meta name="PubDate" content="2024-01-25 09:30"/>{_SCRIPT}</head><body>
<div class="top"><a href="/">设为首页</a> | <a href="/">加入收藏</a> | <a href="/">无障碍浏览</a> | <a href="/">长者模式</a></div>
<div class="nav"><ul>{_NAVIGATION}</ul></div>
<div class="wz">您现在的位置：<a href="/">首页</a> &gt; <a href="/zfxxgk/">政府信息公开</a> &gt; <a href="/n/">政府信息公开年报</a></div>
<div class="main"><div class="left"><h2>政府信息公开年报</h2><ul>{_NAVIGATION}</ul></div>
<div class="right"><table class="xx" border="0"><tr><th>索 引 号：</th><td>000014349/2024-00001</td><th>主题分类：</th><td>综合政务\\政务公开</td></tr>
<tr><th>发文机关：</th><td>办公室</td><th>成文日期：</th><td>2024年01月18日</td></tr><tr><th>标　　题：</th><td colspan=3>{title}</td></tr></table>
<h1 class="title">{title}</h1>
<div class="info"><span>发布时间：2024-01-25 09:30</span>　<span>来源：办公室</span> <span>浏览次数：<script>document.write(1)</script></span>
<span>字体：[ <a href="javascript:f(16)">大</a> <a href="javascript:f(14)">中</a> <a href="javascript:f(12)">小</a> ]</span>
<span>分享：</span><a href="#">微信</a><a href="#">微博</a></div>
<div class="content" id="zoom"><div class="TRS_Editor"><style>.TRS_Editor P{{margin:0}}</style>{_body(_without_title(parts), '<p style="text-indent:2em">　　{}</p>')}</div></div>
<div class="tool"><a href="javascript:print()">【打印本页】</a><a href="javascript:close()">【关闭窗口】</a></div>
<div class="ewm">扫一扫在手机打开当前页</div><div>上一篇：<a href="/a">云东省民政厅2022年政府信息公开工作年度报告</a></div><div>下一篇：没有了</div>
{_RELATED}</div></div>{_FOOT}<div style="display:none">访问量统计：二、主动公开政府信息情况 规章 7 7 7</div></body></html>"""


def layout_tables(parts: Sequence[Part]) -> str:
    """A page of the years of layout tables: navigation and report in the cells of one, upper-case tags, none closed."""
    body = _body(_without_title(parts), "<P>&nbsp;&nbsp;&nbsp;&nbsp;{}")
    return f"""<HTML><HEAD><META http-equiv=Content-Type content="text/html; charset=gb2312"><TITLE>信息公开</TITLE></HEAD>
<BODY><TABLE width=1000 border=0><TR><TD colspan=2><IMG src="images/logo.gif">云东省政务公开<TR><TD width=200 valign=top>
<TABLE>{"".join(f"<TR><TD><A href=/{i}>栏目{i}</A>" for i in range(12))}</TABLE><TD width=800>
<TABLE width="100%"><TR><TD>当前位置：<A href=/>首页</A>&gt;&gt;<A href=/gk>信息公开</A></TD></TR>
<TR><TD align=center><FONT size=5><B>{escape(title_of(parts))}</B></FONT></TD></TR>
<TR><TD>作者：办公室　发布时间：2024/1/25　点击数：1234　【字体：大 中 小】</TD></TR>
<TR><TD><FONT face=宋体>{body}</FONT></TD></TR>
<TR><TD align=right><A href="javascript:window.print()">打印</A> <A href="javascript:window.close()">关闭</A></TD></TR></TABLE>
<TR><TD colspan=2 align=center>版权所有：云东省人民政府　云ICP备05000001号</TD></TR></TABLE></BODY></HTML>"""


def word(parts: Sequence[Part]) -> str:
    """A page exported by Word: numbers cut into spans, lines wrapped, empty paragraphs in the cells."""
    random = Random(len(parts))

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

    def table(table: Table) -> str:
        return _table_html(
            table,
            lambda text: (
                f"\n  <p class=MsoNormal align=center style='text-align:center'>{write(text)}</p>\n  "
            ),
        )

    body = _body(parts, "<p class=MsoNormal style='text-indent:32.0pt'>{}</p>", table, write)
    return f"""<html xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office">
<head><meta http-equiv=Content-Type content="text/html; charset=gb2312"><meta name=Generator content="Microsoft Word 15">
<!--[if gte mso 9]><xml><o:DocumentProperties><o:Author>2023年收到申请77件</o:Author></o:DocumentProperties></xml><![endif]-->
<style><!-- p.MsoNormal {{margin:0cm}} --></style></head><body lang=ZH-CN><div class=WordSection1 style='layout-grid:15.6pt'>
{body}
<p class=MsoNormal><span lang=EN-US><o:p>&nbsp;</o:p></span></p></div></body></html>"""


def _is_wide(character: str) -> bool:
    return "\u4e00" <= character <= "\u9fff"


def styled_blocks(parts: Sequence[Part]) -> str:
    """Tables of blocks with the styles of tables, in a page of plain blocks without a container of its own."""
    body = _body(parts, "<div>{}</div>", lambda table: _block_table(table, True))
    return (
        '<html><head><meta charset="utf-8"><style>.t{display:table}.t .r, .r {display: table-row} .c{display:table-cell}'
        f"</style></head><body>{body}<div class=foot>版权所有：云东省人民政府</div></body></html>"
    )


def floating_blocks(parts: Sequence[Part]) -> str:
    """Tables of plain rows of blocks."""
    body = _body(parts, "<p>{}</p>", lambda table: _block_table(table, False))
    return f'<html><head><meta charset="utf-8"></head><body><main>{body}</main></body></html>'


def row_tables(parts: Sequence[Part]) -> str:
    """Each table cut into tables of a few rows."""

    def table(table: Table) -> str:
        lines = [
            row_html([TableCell(0, column, cell) for column, cell in enumerate(line.split("\t"))])
            for line in tab_lines(table)
        ]
        return "".join(
            f'<table border="1"><tbody>{"".join(lines[i : i + 6])}</tbody></table>'
            for i in range(0, len(lines), 6)
        )

    body = _body(parts, "<p>{}</p>", table)
    return f'<html><head><meta charset="utf-8"></head><body><div id="content">{body}</div></body></html>'


def preformatted(parts: Sequence[Part]) -> str:
    """The plain text as it is."""
    text = "\n".join(
        line for part in parts for line in ([part.text] if isinstance(part, Paragraph) else tab_lines(part))
    )
    return f'<html><head><meta charset="utf-8"></head><body><pre>\n{escape(text)}</pre></body></html>'


PAGES: dict[str, Callable[[Sequence[Part]], str]] = {
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
GB_PAGES = ("layout_tables", "word")
"""Those that say gb2312, so that they are written in GB18030."""
