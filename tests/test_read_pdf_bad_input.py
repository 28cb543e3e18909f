"""PDFs that cannot be read, or not in whole: what is said, and that it costs neither much time nor memory."""

import re
import socket
import threading
import zlib
from collections.abc import Sequence

import numpy as np
import pytest
from gongkai.extraction.document import Box, Document
from gongkai.extraction.readers import UnreadableFileError
from gongkai.extraction.readers.assemble import Glyph, Paragraph, Part
from gongkai.extraction.readers.pdf import file as reader
from gongkai.extraction.readers.pdf import recognition
from gongkai.extraction.readers.pdf.file import read_pdf
from gongkai.extraction.readers.pdf.opening import PdfLimits
from gongkai.extraction.readers.pdf.pdfium import LOCK
from gongkai.extraction.readers.scan.file import recognise_page
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

from .pdf_pages import HEIGHT, WIDTH, page_of, pdf, put_lines, raw_pdf, shown, stream, wrapped

TEXT = "2022年，云岭市公安局通过门户网站主动公开政府信息1286条，其中警务动态742条、通知公告318条。"


def read(raw: bytes, limits: PdfLimits = reader.LIMITS) -> Document:
    return read_pdf(raw, "report.pdf", "0" * 64, limits)


def draw(canvas: Canvas) -> None:
    put_lines(canvas, wrapped(TEXT))


def draw_image(canvas: Canvas) -> None:
    """A scan: nothing but an image over the page."""
    pixels = np.full((842, 595, 3), 255, np.uint8)
    pixels[100:104, 60:500] = 0
    canvas.drawInlineImage(_picture(pixels), 0, 0, WIDTH, HEIGHT)


def _picture(pixels: NDArray[np.uint8]):
    from PIL import Image

    return Image.fromarray(pixels)


def refusal(raw: bytes, limits: PdfLimits = reader.LIMITS) -> str:
    with pytest.raises(UnreadableFileError) as refused:
        read(raw, limits)
    return str(refused.value)


@pytest.fixture
def no_recogniser(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(reader, "page_recogniser", lambda: None)


def recogniser(
    monkeypatch: pytest.MonkeyPatch, parts: Sequence[Part]
) -> list[tuple[tuple[int, ...], int, float, float]]:
    """Put one in place that sees ``parts`` on every page, and return what it is asked."""
    asked: list[tuple[tuple[int, ...], int, float, float]] = []

    def recognise(image: NDArray[np.uint8], number: int, width: float, height: float) -> Sequence[Part]:
        asked.append((image.shape, number, width, height))
        return parts

    monkeypatch.setattr(reader, "page_recogniser", lambda: recognise)
    return asked


def test_a_password_is_asked_for():
    encrypted = pdf(draw, encrypt=StandardEncryption("secret", "owner", canPrint=1))
    assert "password" in refusal(encrypted)


def test_a_file_that_only_restricts_printing_is_read():
    restricted = pdf(draw, encrypt=StandardEncryption("", "owner", canPrint=0))
    assert read(restricted).text == TEXT


def test_a_truncated_file_is_damaged_or_read_as_far_as_it_goes():
    whole = pdf(draw)
    assert "damaged" in refusal(whole[:200])
    assert "damaged" in refusal(b"%PDF-1.7\n" + b"\x00\xff" * 500)


def test_a_broken_cross_reference_table_is_mended():
    assert read(re.sub(rb"startxref\s+\d+", b"startxref\n99999", pdf(draw))).text == TEXT


def test_no_pages():
    assert "no pages" in refusal(
        raw_pdf([b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[]/Count 0>>"])
    )


def test_empty_pages():
    assert "empty" in refusal(pdf(lambda canvas: None, lambda canvas: None))


def test_more_pages_than_a_report_has():
    kids = b" ".join(b"%d 0 R" % number for number in range(3, 2003))
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>"
    raw = raw_pdf(
        [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[%s]/Count 2000>>" % kids, *[page] * 2000]
    )
    message = refusal(raw)
    assert "2000 pages" in message
    assert "500" in message
    assert len(read(pdf(*[draw] * 3), PdfLimits(pages=3)).pages) == 3


def test_a_loop_of_pages_ends():
    raw = raw_pdf([b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[2 0 R 2 0 R]/Count 5>>"])
    assert refusal(raw)


def test_what_time_does_not_allow_is_told():
    document = read(pdf(draw), PdfLimits(seconds=60))
    assert document.gaps == ()
    assert "no time left" in refusal(pdf(draw, draw), PdfLimits(seconds=-1))


def test_a_stream_that_unpacks_to_a_hundred_times_its_size_is_not_opened():
    bomb = stream(b" " * (3 << 20), packed=True)
    limits = PdfLimits(stream=1 << 20)
    assert "unpacks to more than 1 MB" in refusal(page_of(bomb), limits)
    assert "unpacks to more than 1 MB" in refusal(
        page_of(bomb.replace(b"/FlateDecode", b"/Fl#61teDecode")), limits
    )
    assert "unpacks to more than 1 MB" in refusal(page_of(bomb), PdfLimits(content=1 << 20))
    assert "unpacks" in refusal(
        page_of(stream(b" " * 900_000, packed=True), more=[bomb]), PdfLimits(unpacked=1 << 20)
    )


def test_a_bomb_in_an_encrypted_file_is_not_opened():
    def heavy(canvas: Canvas) -> None:
        draw(canvas)
        canvas._code.append(" " * (3 << 20))

    encrypted = pdf(heavy, encrypt=StandardEncryption("", "owner", canPrint=0), pageCompression=1)
    assert "unpacks" in refusal(encrypted, PdfLimits(stream=1 << 20))


def test_a_stream_packed_several_times_is_not_opened():
    twice = zlib.compress(zlib.compress(b" " * 1000))
    content = b"<</Filter[/FlateDecode/FlateDecode]/Length %d>>\nstream\n%s\nendstream" % (len(twice), twice)
    assert "several times" in refusal(page_of(content))


def forms_inside_forms(depth: int, draws: int, packed: bool) -> bytes:
    """A page that draws a form, which draws another one several times over, and so on."""
    forms = [
        stream(
            b"/X Do " * draws if level < depth else b"0 0 m 9 9 l S",
            b"/Type/XObject/Subtype/Form/BBox[0 0 595 842]/Resources<</XObject<</X %d 0 R>>>>" % (7 + level),
            packed,
        )
        for level in range(depth + 1)
    ]
    content = stream(b"/X Do " + shown(TEXT, x=20, size=10), packed=packed)
    return page_of(content, more=forms).replace(b"/Resources<<", b"/Resources<</XObject<</X 6 0 R>>", 1)


@pytest.mark.parametrize("packed", [False, True], ids=["plain", "packed"])
def test_forms_that_draw_billions_of_forms_are_not_opened(packed: bool):
    assert "forms inside forms" in refusal(forms_inside_forms(12, 10, packed))
    assert read(forms_inside_forms(3, 10, packed)).text == TEXT


def test_forms_that_draw_themselves_are_read():
    raw = forms_inside_forms(2, 2, packed=False).replace(b"/X 9 0 R", b"/X 6 0 R")
    assert read(raw).text == TEXT


def test_an_image_of_forty_thousand_pixels_a_side_is_not_opened():
    image = stream(
        b"", b"/Type/XObject/Subtype/Image/Width 40000/Height 40000/ColorSpace/DeviceGray/BitsPerComponent 8"
    )
    assert "40000 by 40000" in refusal(page_of(stream(shown(TEXT, x=20, size=10)), more=[image]))


def test_a_page_of_kilometres_is_told(no_recogniser: None):
    raw = page_of(stream(shown(TEXT, x=20, size=10))).replace(
        b"/MediaBox[0 0 595 842]", b"/MediaBox[0 0 9999999 842]"
    )
    assert "size" in refusal(raw)


def test_a_page_drawn_of_too_many_strokes_is_told_and_the_others_are_read(no_recogniser: None):
    strokes = b"0 0 m 9 9 l S\n" * 60_000
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R 4 0 R]/Count 2>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 5 0 R>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 6 0 R/Resources<</Font<</F 7 0 R>>>>>>",
        stream(strokes, packed=True), stream(shown(TEXT, x=20, size=10)),
        b"<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UCS2-H/DescendantFonts[<</Type/Font/Subtype"
        b"/CIDFontType0/BaseFont/STSong-Light/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 4>>/DW 1000>>]>>",
    ]  # fmt: skip
    document = read(raw_pdf(objects))
    assert document.text == TEXT
    assert [(gap.page, "strokes" in gap.message) for gap in document.gaps] == [(1, True)]


def test_scripts_and_links_are_neither_run_nor_followed(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(socket, "socket", lambda *_: pytest.fail("a connection was opened"))
    action = b"/OpenAction<</S/JavaScript/JS(app.launchURL\\('http://example.com'\\))>>"
    link = b"/Annots[<</Type/Annot/Subtype/Link/Rect[0 0 9 9]/A<</S/URI/URI(http://example.com)>>>>]"
    assert read(page_of(stream(shown(TEXT, x=20, size=10)), link, action)).text == TEXT


def test_a_scan_without_a_recogniser_says_what_to_install(no_recogniser: None):
    assert 'pip install "gongkai[scan]"' in refusal(pdf(draw_image))


def test_a_scanned_page_among_others_is_a_gap(no_recogniser: None):
    document = read(pdf(draw, draw_image))
    assert document.text == TEXT
    assert [gap.page for gap in document.gaps] == [2]
    assert "gongkai[scan]" in document.gaps[0].message


def test_a_scanned_page_is_recognised_where_it_can_be(monkeypatch: pytest.MonkeyPatch):
    glyphs = [Glyph(Box(2, 10 * i, 20, 10 * i + 10, 30), 0.9) for i in range(4)]
    asked = recogniser(
        monkeypatch, [Paragraph("认出的字", 2, glyphs=glyphs), Paragraph("—2—", 2, noise=True)]
    )
    document = read(pdf(draw, draw_image))
    assert document.text.split("\n") == [TEXT, "认出的字", "—2—"]
    assert document.reader == "pdf"
    assert [page.scanned for page in document.pages] == [False, True]
    assert document.print is not None
    assert document.print.certainty is not None
    place = document.text.index("认")
    assert document.print.certainty[place] == pytest.approx(0.9)
    assert document.print.certainty[0] == 1
    ((shape, number, width, height),) = asked
    assert (number, round(width), round(height)) == (2, 595, 842)
    assert shape[0] > 1700 > shape[1] > 1200


def test_others_may_use_pdfium_while_a_page_is_recognised(monkeypatch: pytest.MonkeyPatch):
    free: list[bool] = []

    def look() -> None:
        free.append(LOCK.acquire(blocking=False))
        if free[-1]:
            LOCK.release()

    def recognise(image: NDArray[np.uint8], number: int, width: float, height: float) -> Sequence[Part]:
        other = threading.Thread(target=look)
        other.start()
        other.join()
        return [Paragraph("认出的字", number)]

    monkeypatch.setattr(reader, "page_recogniser", lambda: recognise)
    assert read(pdf(draw_image)).text == "认出的字"
    assert free == [True]


def test_a_text_layer_of_other_characters_than_are_seen_is_not_taken(monkeypatch: pytest.MonkeyPatch):
    """A font without a map to Unicode gives codes as characters."""
    garbled = "".join(chr(0x3400 + 37 * i) for i in range(60)) + "ㄒ唬┲鲃庸_" * 4
    raw = page_of(stream(shown(garbled[:45]) + shown(garbled[45:], y=650)))
    monkeypatch.setattr(reader, "page_recogniser", lambda: None)
    assert "garbled" in refusal(raw)
    recogniser(monkeypatch, [Paragraph(TEXT, 1)])
    document = read(raw)
    assert (document.text, document.reader) == (TEXT, "scan")


def test_glyphs_without_a_character_are_told_and_show_as_boxes(no_recogniser: None):
    raw = page_of(
        stream(shown("公开信息") + shown("\ue123\ue124\ue125\ue126", y=650) + shown(TEXT * 1, y=600))
    )
    document = read(raw)
    assert "公开信息" in document.text


def test_a_layer_recognised_by_another_program_is_taken_when_there_is_nothing_better(no_recogniser: None):
    def scan(canvas: Canvas) -> None:
        draw_image(canvas)
        text = canvas.beginText(90, 700)
        text.setFont("STSong-Light", 12)
        text.setTextRenderMode(3)
        text.textLine(TEXT[:30])
        canvas.drawText(text)

    document = read(pdf(scan))
    assert document.text == TEXT[:30]
    assert "another program" in document.gaps[0].message


def test_traditional_script_is_no_garbled_text(no_recogniser: None):
    text = "雲嶺市公安局主動公開政府信息，辦理依申請公開，開展業務培訓，發佈權威資訊，回應群眾關切，強化監督保障。"
    assert read(page_of(stream(shown(text, x=30, size=10)))).text == text


def test_what_the_extra_brings_recognises_pages():
    assert recognition.page_recogniser() is recognise_page


def test_the_extra_is_looked_for_when_it_is_needed(monkeypatch: pytest.MonkeyPatch):
    def missing(name: str, package: str | None = None) -> None:
        raise ImportError(name)

    monkeypatch.setattr(recognition, "import_module", missing)
    assert recognition.page_recogniser() is None


@settings(max_examples=60)
@given(st.data())
def test_damage_anywhere_gives_a_document_or_a_message(data: st.DataObject):
    raw = bytearray(WHOLE)
    for _ in range(data.draw(st.integers(1, 12))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    if data.draw(st.booleans()):
        del raw[data.draw(st.integers(0, len(raw) - 1)) :]
    try:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(reader, "page_recogniser", lambda: None)
            document = read(bytes(raw))
    except UnreadableFileError as error:
        assert str(error)
    else:
        assert document.text.strip()


WHOLE = pdf(draw, draw)
