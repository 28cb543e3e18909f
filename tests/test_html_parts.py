"""Web pages that hold but a part of a report, or but a link to it."""

import pytest
from gongkai.extraction.components import RULES
from gongkai.extraction.document import Document
from gongkai.extraction.pipeline import extract_document
from gongkai.extraction.readers import UnreadableFileError
from gongkai.extraction.readers.html.page import read_html

TITLE = "云岭市水务局2022年政府信息公开工作年度报告"
BODY = "<p>一、总体情况</p><p>2022年，我局全年通过门户网站公开信息40条，召开新闻发布会3场，培训2期。</p>" * 4


def read(after: str, body: str = BODY, head: str = "") -> Document:
    page = f"<html><head><meta charset='utf-8'>{head}</head><body><h1>{TITLE}</h1><div>{body}</div>{after}</body></html>"
    return read_html(page.encode(), "page.html", "0" * 64)


@pytest.mark.parametrize(
    "pager",
    [
        "<div class='page'>上一页 <b>1</b> <a href='t1_1.html'>2</a> <a href='t1_1.html'>下一页</a></div>",
        "<p>第1页</p><p><a href='t1_1.html'>第2页</a></p>",
        "<a href='t1_1.html'>下页 »</a>",
        "<a href='t1_1.html'>【下一页】</a>",
    ],
)
def test_a_report_that_goes_on_on_linked_pages_says_so(pager: str):
    document = read(pager, head="<base href='http://yl.example/gk/t1.html'>")
    (gap,) = document.gaps
    assert "http://yl.example/gk/t1_1.html" in gap.message
    assert "one part of the report" in gap.message
    record = extract_document(document, RULES)
    assert (record.status, record.errors[0].message) == ("partial", gap.message)
    assert record.facts


@pytest.mark.parametrize(
    "links",
    [
        "<a href='t2.html'>下一篇</a>",
        "<a href='#'>下一页</a><a href='javascript:void(0)'>下一页</a><a href='http://yl.example/gk/t1.html#top'>首页</a>",
        "<h3>相关新闻</h3><ul>" + "<li><a href='n.html'>某地召开水务工作会议</a></li>" * 12 + "</ul><a href='list_2.html'>下一页</a>",
        "<a href='/'>首页</a> <a href='/more'>阅读全文</a>",
    ],
)  # fmt: skip
def test_a_whole_report_has_no_such_gap(links: str):
    assert not read(links, head="<base href='http://yl.example/gk/t1.html'>").gaps


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("<p><a href='files/2022.pdf'>年度报告.pdf</a></p>", "http://yl.example/gk/files/2022.pdf"),
        ("<p><img src='P0202301.jpg' width='900'></p>", "http://yl.example/gk/P0202301.jpg"),
    ],
)
def test_a_page_that_only_leads_to_a_file_or_image_names_it(body: str, told: str):
    with pytest.raises(UnreadableFileError) as refusal:
        read("", body, "<base href='http://yl.example/gk/t1.html'>")
    assert told in str(refusal.value)
