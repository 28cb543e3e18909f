"""What a Word document prints, and what it does not."""

from gongkai.extraction.document import Document
from gongkai.extraction.readers.word.docx import read_docx

from .word_documents import cell, docx, lines_of, package, paragraph, row, run, table, text_box

_TRACKED = 'w:id="1" w:author="甲" w:date="2023-01-01T00:00:00Z"'


def _read(body: str, **parts: str) -> Document:
    return read_docx(docx(body, **parts), "report.docx", "0" * 64)


def _lines(body: str, **parts: str) -> list[str]:
    return _read(body, **parts).text.split("\n")


def _noise(document: Document) -> list[str]:
    return [document.text[block.start : block.end] for block in document.blocks if block.noise]


def _inserted(content: str) -> str:
    return f"<w:ins {_TRACKED}>{content}</w:ins>"


def _deleted(text: str) -> str:
    return f"<w:del {_TRACKED}><w:r><w:delText>{text}</w:delText></w:r></w:del>"


def _field(instruction: str, result: str) -> str:
    def mark(kind: str) -> str:
        return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'

    told = f"<w:r><w:instrText>{instruction}</w:instrText></w:r>"
    return mark("begin") + told + mark("separate") + result + mark("end")


def test_each_paragraph_is_a_line_without_its_indent() -> None:
    assert _lines(paragraph("　　全年公开信息12条。") + paragraph("") + paragraph("二、情况")) == [
        "全年公开信息12条。",
        "二、情况",
    ]


def test_a_soft_break_ends_a_line_and_a_tab_stays() -> None:
    body = paragraph(run("甲局"), "<w:r><w:br/></w:r>", run("2022年报告"), "<w:r><w:tab/></w:r>", run("12"))
    assert _lines(body) == ["甲局", "2022年报告\t12"]


def test_hyphens_symbols_and_ruby_are_read_as_printed() -> None:
    reading = "<w:r><w:ruby><w:rt><w:r><w:t>pǔ</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>浦</w:t></w:r></w:rubyBase></w:ruby></w:r>"
    body = paragraph(
        run("0900"), "<w:r><w:noBreakHyphen/></w:r>", run("5550110澄"), reading, run("，公"), "<w:r><w:softHyphen/></w:r>",
        run("开"), '<w:r><w:sym w:font="Wingdings" w:char="F0FE"/></w:r>',
        '<w:r><w:sym w:font="Symbol" w:char="F032"/></w:r>', '<w:r><w:sym w:font="宋体" w:char="2460"/></w:r>',
    )  # fmt: skip
    assert _lines(body) == ["0900-5550110澄浦，公开☑2①"]


def test_tracked_changes_are_accepted() -> None:
    body = paragraph(
        run("收到申请"), _deleted("52"), _inserted(run("53")), run("件"),
        f"<w:moveFrom {_TRACKED}>{run('，走了')}</w:moveFrom>", f"<w:moveTo {_TRACKED}>{run('，来了')}</w:moveTo>",
    )  # fmt: skip
    assert _lines(body) == ["收到申请53件，来了"]


def test_a_deleted_paragraph_mark_joins_two_paragraphs() -> None:
    body = (
        paragraph("全年公开", form=f"<w:rPr><w:del {_TRACKED}/></w:rPr>")
        + paragraph("信息12条。")
        + paragraph("完")
    )
    assert _lines(body) == ["全年公开信息12条。", "完"]


def test_a_paragraph_deleted_as_a_whole_leaves_no_line() -> None:
    gone = paragraph(_deleted("旧数据99件"), form=f"<w:rPr><w:del {_TRACKED}/></w:rPr>")
    assert _lines(paragraph("前") + gone + paragraph("后")) == ["前", "后"]


def test_deleted_rows_and_cells_are_left_out() -> None:
    body = table(
        row("规章", "1", cell("9", form=f"<w:cellDel {_TRACKED}/>")),
        row("文件", "7", form=f"<w:del {_TRACKED}/>"),
        row("许可", "2", form=f"<w:ins {_TRACKED}/>"),
    )
    assert _lines(body) == ["规章\t1", "许可\t2"]


def test_hidden_text_is_left_out_whether_the_run_or_a_style_hides_it() -> None:
    styles = (
        '<w:style w:type="character" w:styleId="H"><w:name w:val="h"/><w:rPr><w:vanish/></w:rPr></w:style>'
        + (
            '<w:style w:type="paragraph" w:styleId="P"><w:name w:val="p"/><w:rPr><w:vanish/></w:rPr></w:style>'
            '<w:style w:type="paragraph" w:styleId="Q"><w:name w:val="q"/><w:basedOn w:val="P"/></w:style>'
        )
    )
    body = (
        paragraph("公开12", run("3", "<w:vanish/>"), run("4", '<w:rStyle w:val="H"/>'), run("条"))
        + paragraph("全部隐藏", form='<w:pStyle w:val="Q"/>')
        + paragraph(run("显示", '<w:vanish w:val="0"/>'), form='<w:pStyle w:val="Q"/>')
    )
    assert _lines(body, styles=styles) == ["公开12条", "显示"]


def test_comments_are_left_out() -> None:
    mark = (
        '<w:commentRangeStart w:id="0"/>',
        '<w:commentRangeEnd w:id="0"/><w:r><w:commentReference w:id="0"/></w:r>',
    )
    assert _lines(paragraph(mark[0], run("公开12条"), mark[1])) == ["公开12条"]


def test_fields_give_their_results_and_not_their_instructions() -> None:
    nested = _field("IF 1 = 1", _field("REF x99", run("53")))
    body = paragraph(
        run("共"),
        nested,
        run("件，"),
        '<w:fldSimple w:instr="NUMPAGES 8">' + run("12") + "</w:fldSimple>",
        run("页"),
    )
    assert _lines(body) == ["共53件，12页"]


def test_a_field_that_never_ends_hides_nothing() -> None:
    broken = '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
    assert _lines(paragraph(broken, run("前12条")) + paragraph("后")) == ["前12条", "后"]


def test_wrappers_at_every_level_are_looked_through() -> None:
    def control(content: str) -> str:
        return f"<w:sdt><w:sdtPr/><w:sdtContent>{content}</w:sdtContent></w:sdt>"

    body = control(
        paragraph(
            '<w:hyperlink w:anchor="x">' + run("门户") + "</w:hyperlink>",
            f'<w:smartTag w:element="date">{run("2022")}</w:smartTag>',
            control(run("年")),
        )
    ) + table(control(row(control(cell("甲")), cell(control(paragraph("乙"))))))
    assert _lines(body) == ["门户2022年", "甲\t乙"]


def test_a_prompt_that_nobody_filled_in_is_left_out() -> None:
    prompt = (
        "<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>"
        + run("单击此处输入文字。")
        + "</w:sdtContent></w:sdt>"
    )
    assert _lines(paragraph(run("姓名："), prompt)) == ["姓名："]


def test_a_text_box_is_read_once_and_before_the_paragraph_it_hangs_on() -> None:
    assert _lines(paragraph(text_box("甲局年报"), run("正文")) + paragraph("完")) == [
        "甲局年报",
        "正文",
        "完",
    ]
    assert _lines(paragraph(run("正文"), text_box("旁注", fallback=False))) == ["正文", "旁注"]


def test_a_table_in_a_text_box_is_a_table() -> None:
    document = _read(paragraph(text_box(table(row("规章", "1"), row("文件", "2"))), run("正文")))
    assert (document.text, len(document.grids)) == ("规章\t1\n文件\t2\n正文", 1)


def test_word_art_is_read() -> None:
    art = '<w:r><w:pict><v:shape><v:textpath string="云岭市公安局文件"/></v:shape></w:pict></w:r>'
    assert _lines(paragraph(art) + paragraph("正文")) == ["云岭市公安局文件", "正文"]


def test_notes_stand_behind_their_paragraph_and_their_marks_lengthen_no_number() -> None:
    def note(number: int, text: str) -> str:
        return (
            f'<w:footnote w:id="{number}">{paragraph("<w:r><w:footnoteRef/></w:r>", run(text))}</w:footnote>'
        )

    def mark(number: int) -> str:
        return f'<w:r><w:footnoteReference w:id="{number}"/></w:r>'

    body = (
        paragraph(run("公开12"), mark(2), run("条。"))
        + table(row(cell(paragraph(run("3"), mark(3))), "4"), row("5", "6"))
        + paragraph("完")
    )
    lines = _lines(body, footnotes=note(2, "不含转发。") + note(3, "含上年。"))
    assert lines == ["公开12条。", "不含转发。", "3\t4", "5\t6", "含上年。", "完"]


def test_a_raised_digit_does_not_lengthen_a_number() -> None:
    body = paragraph(
        run("公开53"),
        run("1", '<w:vertAlign w:val="superscript"/>'),
        run("条，PM"),
        run("2", '<w:vertAlign w:val="subscript"/>'),
    )
    assert _lines(body) == ["公开53¹条，PM₂"]


def test_heads_feet_and_page_numbers_are_noise_told_once() -> None:
    document = _read(
        paragraph("正文12条。"),
        header1=paragraph("云岭市公安局"),
        footer1=paragraph(run("— "), _field("PAGE", run("3")), run(" —")),
    )
    assert document.text.split("\n") == ["正文12条。", "云岭市公安局", "— 3 —"]
    assert _noise(document) == ["云岭市公安局", "— 3 —"]


def test_a_table_of_contents_is_noise() -> None:
    entries = paragraph(
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> TOC \\o "1-3" </w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r>', run("一、总体情况"), "<w:r><w:tab/></w:r>",
        _field("PAGEREF x", run("1")),
    ) + paragraph(run("二、情况"), "<w:r><w:tab/></w:r>", run("2"), '<w:r><w:fldChar w:fldCharType="end"/></w:r>')  # fmt: skip
    document = _read(
        paragraph("年度报告") + paragraph("目  录") + entries + lines_of(["一、总体情况", "正文。"])
    )
    assert _noise(document) == ["目  录", "一、总体情况\t1", "二、情况\t2"]
    assert document.text.startswith("年度报告\n一、总体情况\n正文。")


def test_entries_of_a_contents_style_are_noise() -> None:
    styles = '<w:style w:type="paragraph" w:styleId="11"><w:name w:val="toc 1"/></w:style>'
    document = _read(
        paragraph("一、总体情况1", form='<w:pStyle w:val="11"/>') + paragraph("正文。"), styles=styles
    )
    assert _noise(document) == ["一、总体情况1"]


def test_a_formula_keeps_its_numbers_apart() -> None:
    half = "<m:oMath><m:f><m:num><m:r><m:t>1</m:t></m:r></m:num><m:den><m:r><m:t>2</m:t></m:r></m:den></m:f></m:oMath>"
    assert _lines(paragraph(run("占"), half)) == ["占1/2"]


def _drawing(inner: str, centimetres: int) -> str:
    size = centimetres * 360_000
    return (
        f'<w:r><w:drawing><wp:inline><wp:extent cx="{size}" cy="{size}"/><a:graphic>{inner}</a:graphic>'
        "</wp:inline></w:drawing></w:r>"
    )


def test_pictures_and_charts_are_told_as_a_gap_but_seals_are_not() -> None:
    picture = '<a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"/>'
    chart = '<a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/chart"/>'
    document = _read(
        paragraph(
            "正文", _drawing(picture, 8), _drawing(picture, 9), _drawing(chart, 8), _drawing(picture, 2)
        )
    )
    (gap,) = document.gaps
    assert "1 chart and 2 pictures" in gap.message
    assert _read(paragraph("正文", _drawing(picture, 2))).gaps == ()


def test_an_embedded_worksheet_is_told_as_a_gap() -> None:
    sheet = (
        '<w:r><w:object><v:shape style="width:400pt;height:200pt"><v:imagedata/></v:shape>'
        '<o:OLEObject ProgID="Excel.Sheet.12"/></w:object></w:r>'
    )
    assert "1 embedded worksheet" in _read(paragraph("正文", sheet)).gaps[0].message


def test_strict_documents_are_read_like_transitional_ones() -> None:
    strict = (
        '<w:document xmlns:w="http://purl.oclc.org/ooxml/wordprocessingml/main"><w:body><w:p><w:r><w:t>甲</w:t></w:r></w:p>'
        '<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val="2"/></w:tcPr><w:p><w:r><w:t>合并</w:t></w:r></w:p></w:tc></w:tr>'
        "<w:tr><w:tc><w:p><w:r><w:t>1</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>2</w:t></w:r></w:p></w:tc></w:tr>"
        "</w:tbl></w:body></w:document>"
    )
    relations = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r" '
        'Type="http://purl.oclc.org/ooxml/officeDocument/relationships/officeDocument" Target="/word/main.xml"/>'
        "</Relationships>"
    )
    document = read_docx(
        package({"word/main.xml": strict, "_rels/.rels": relations}), "strict.docx", "0" * 64
    )
    assert document.text == "甲\n合并\n1\t2"
    assert document.grids[0].cells[0].column_span == 2
