"""Reports on web pages: the same record as their plain text gives, whatever the page around them looks like."""

from datetime import date
from pathlib import Path

import pytest
from gongkai.eval.bench.formats_marks import differences, truth_of
from gongkai.eval.bench.report_parts import reports
from gongkai.eval.bench.web_pages import GB_PAGES, PAGES, portal
from gongkai.extraction.components import RULES
from gongkai.extraction.document import Document
from gongkai.extraction.pipeline import extract_document
from gongkai.extraction.readers import UnreadableFileError
from gongkai.extraction.readers.html.page import read_html

REPORTS = {report.id: report for report in reports(Path(__file__).parent.parent / "examples")}
CHOSEN = (
    "01_yunling_2022",
    "04_wangchuan_2020",
    "08_haijin_2021",
    "huabei-r007",
    "xibei-r01",
    "jiangnan-r002",
)
PARAGRAPH = (
    "2023年，我局主动公开政府信息128条，其中网站公开96条，微信公众号推送32条，未发生行政复议和行政诉讼。"
)


def read(page: str, encoding: str = "utf-8") -> Document:
    return read_html(page.encode(encoding), "page.html", "0")


def report_text(document: Document) -> str:
    return document.text[: document.report_end].rstrip("\n")


def page_lines(document: Document) -> list[str]:
    return [document.text[b.start : b.end] for b in document.blocks if b.noise]


@pytest.mark.parametrize("design", PAGES)
@pytest.mark.parametrize("name", CHOSEN)
def test_a_page_gives_the_record_of_the_plain_text(name: str, design: str):
    report = REPORTS[name]
    page = PAGES[design](report.parts).encode("gb18030" if design in GB_PAGES else "utf-8")
    record = extract_document(read_html(page, name, "0"), RULES)
    assert differences(record, truth_of(report)) == []


def test_the_page_around_the_report_is_kept_as_noise_behind_it():
    document = read(portal(REPORTS["01_yunling_2022"].parts))
    report, noise = report_text(document), page_lines(document)
    assert report.startswith("云岭市公安局2022年政府信息公开工作年度报告\n本报告依照")
    assert report.endswith("云岭市公安局\n2023年1月18日")
    for own in (
        "您现在的位置：首页 > 政府信息公开 > 政府信息公开年报",
        "扫一扫在手机打开当前页",
        "下一篇：没有了",
    ):
        assert own in noise
    assert any("字体：[ 大 中 小 ]" in line for line in noise)
    assert any("网站标识码：9900000001" in line for line in noise)
    assert not any(
        word in document.text for word in ("document.write", "受理申请999件", "访问量统计", "margin")
    )
    assert document.published == date(2024, 1, 25)
    assert document.reader == "html"


def test_the_title_is_added_from_the_head_where_the_body_lacks_it():
    document = read(
        f"<html><head><title>青屏县公安局2023年政府信息公开工作年度报告 - 青屏县人民政府</title></head><body>"
        f"<p>一、总体情况</p><p>{PARAGRAPH}</p><p>二、主动公开政府信息情况</p><p>{PARAGRAPH}</p></body></html>"
    )
    assert document.text.split("\n")[:2] == ["青屏县公安局2023年政府信息公开工作年度报告", "一、总体情况"]


def test_a_title_in_the_body_is_not_told_twice():
    document = read(
        f"<html><head><title>青屏县公安局2023年政府信息公开工作年度报告</title></head><body><h1>青屏县公安局2023年政府信息公开工作年度报告</h1>"
        f"<div class=c><p>青屏县公安局<br>2023年政府信息公开工作年度报告</p><p>一、总体情况</p><p>{PARAGRAPH * 4}</p></div></body></html>"
    )
    assert (
        report_text(document)
        == f"青屏县公安局\n2023年政府信息公开工作年度报告\n一、总体情况\n{PARAGRAPH * 4}"
    )


@pytest.mark.parametrize(
    ("head", "info", "day"),
    [
        ('<meta name="PubDate" content="2024-01-25 09:30">', "发布时间：2024-02-02", date(2024, 1, 25)),
        (
            '<meta property="article:published_time" content="2024-01-25T09:30:00+08:00">',
            "",
            date(2024, 1, 25),
        ),
        ("", "来源：办公室 发布日期：2024年1月5日 浏览次数：31", date(2024, 1, 5)),
        ("", "成文日期：2024-01-02 | 发布时间：2024-01-09", date(2024, 1, 9)),
        ("", "时间：2024/01/26 10:00", date(2024, 1, 26)),
        ("", "[ 2024-01-26 ] [ 打印 ]", None),
        ("", "2024-01-26", date(2024, 1, 26)),
        ('<meta name="PubDate" content="2024-13-45">', "", None),
        ("", "", None),
    ],
)
def test_the_day_of_publication_is_that_of_the_page_and_never_one_of_the_report(
    head: str, info: str, day: date | None
):
    page = (
        f"<html><head>{head}</head><body><h1>青屏县公安局2023年政府信息公开工作年度报告</h1><div>{info}</div><div>"
        f"<p>一、总体情况</p><p>{PARAGRAPH}</p><p>本报告统计期限自2023年1月1日起至2023年12月31日止，并已公布。</p></div></body></html>"
    )
    assert read(page).published == day


ATTACHED = "<html><body><div><a href='/'>首页</a></div><h1>青屏县公安局2023年政府信息公开工作年度报告</h1>{}<p>版权所有：青屏县</p></body></html>"


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("<p>附件：<a href='./P020240118.pdf'>青屏县公安局2023年年报.pdf</a></p>", r"only a link.*2023年年报\.pdf \(\./P020240118\.pdf\)"),
        ("<p>详见附件。</p><p><a href='/down?id=7'>2023年度报告.docx</a></p>", r"only a link.*\(/down\?id=7\)"),
        ("<iframe src='/pdf/web/viewer.html?file=/a/1.pdf'></iframe>", r"only a link.*1\.pdf"),
        ("<embed src='report.pdf'>", "only a link.*report.pdf"),
        ("<p><img src='images/nianbao01.jpg'></p><p><img src='images/nianbao02.jpg'></p>", "2 images.*nianbao01"),
        ("<p><img src='data:image/png;base64,iVBORw0KGgo='></p>", "an image.*inside the page"),
        ("<iframe src='content_77.html'></iframe>", "another page.*content_77.html"),
    ],
)  # fmt: skip
def test_a_page_that_only_leads_to_the_report_says_so(body: str, message: str):
    with pytest.raises(UnreadableFileError, match=message):
        read(ATTACHED.format(body))


def test_the_link_is_complete_where_the_page_knows_its_own_address():
    page = "<!-- saved from url=(0040)https://www.example.gov.cn/zfxxgk/nb/1.html -->" + ATTACHED.format(
        "<p><a href='../P1.pdf'>年报</a></p>"
    )
    with pytest.raises(UnreadableFileError, match=r"https://www\.example\.gov\.cn/zfxxgk/P1\.pdf"):
        read(page)


def test_a_report_with_an_attachment_and_an_image_is_read():
    report = REPORTS["01_yunling_2022"]
    page = portal(report.parts).replace(
        "六、其他", "<img src=tu.jpg></p><p><a href=a.pdf>附件.pdf</a></p><p>六、其他"
    )
    assert "一、总体情况" in report_text(read(page))


def test_what_scripts_show_is_read_where_nothing_else_is_the_report():
    page = f"<div id=a style='display:none'><p>一、总体情况</p><p>{PARAGRAPH * 4}</p></div><div>请稍候</div>"
    assert PARAGRAPH in report_text(read(page))
    shown = f"<div><p>一、总体情况</p><p>{PARAGRAPH * 4}</p></div><div style='display: none'>{'隐藏的文字。' * 60}</div>"
    assert "隐藏" not in read(shown).text


def test_a_page_without_any_text_says_what_to_do():
    with pytest.raises(UnreadableFileError, match="save the page from the browser"):
        read("<html><body><div id='app'></div><script src='app.js'></script></body></html>")


ARCHIVE = """From: <Saved by Blink>
Snapshot-Content-Location: https://www.example.gov.cn/nb/1.html
Subject: =?utf-8?Q?=E5=B9=B4=E6=8A=A5?=
MIME-Version: 1.0
Content-Type: multipart/related; type="text/html"; boundary="----B"

------B
Content-Type: text/html
Content-Transfer-Encoding: quoted-printable
Content-Location: https://www.example.gov.cn/nb/1.html

{outer}
------B
Content-Type: text/html; charset=gb2312
Content-Transfer-Encoding: base64
Content-Location: https://www.example.gov.cn/nb/frame.html

{inner}
------B
Content-Type: text/css
Content-Transfer-Encoding: 8bit

p {{ color: red }}
------B--
"""


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_a_web_archive_is_read_the_report_in_a_frame_as_well(line_end: str):
    from base64 import encodebytes
    from quopri import encodestring

    report = f"<p>青屏县公安局2023年政府信息公开工作年度报告</p><p>一、总体情况</p><p>{PARAGRAPH}</p><p>二、主动公开政府信息情况</p>"
    frame = f"<html><head><meta charset=gb2312></head><body>{report}</body></html>"
    page = "<html><body><p>青屏县人民政府</p><iframe src='frame.html'></iframe></body></html>"
    archive = ARCHIVE.format(
        outer=encodestring(page.encode()).decode("ascii"),
        inner=encodebytes(frame.encode("gb18030")).decode("ascii"),
    ).replace("\n", line_end)
    assert PARAGRAPH in report_text(read(archive))
    whole = ARCHIVE.format(
        outer=encodestring(f"<html><body>{report}</body></html>".encode()).decode("ascii"), inner=""
    ).replace("\n", line_end)
    assert PARAGRAPH in report_text(read(whole))
