"""PDF pages drawn for tests: text by reportlab in a font that need not be embedded, and files written object by object."""

import io
import zlib
from collections.abc import Callable, Mapping, Sequence

from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

FONT = "STSong-Light"
pdfmetrics.registerFont(UnicodeCIDFont(FONT))
WIDTH, HEIGHT = A4
SIZE = 12.0
PITCH = 20.0
LEFT, TOP = 90.0, 100.0
LINE = 34
"""Characters that the lines of a paragraph hold."""

Draw = Callable[[Canvas], None]


def pdf(*pages: Draw, size: tuple[float, float] = A4, **options: object) -> bytes:
    """Return a PDF with a page for each drawing."""
    target = io.BytesIO()
    canvas = Canvas(target, pagesize=size, **options)  # type: ignore[arg-type]
    for draw in pages:
        canvas.setFont(FONT, SIZE)
        draw(canvas)
        canvas.showPage()
    canvas.save()
    return target.getvalue()


def put(canvas: Canvas, x: float, y: float, text: str, size: float = SIZE) -> None:
    """Print ``text`` with its upper left corner ``y`` points below the upper edge of an A4 page."""
    canvas.setFont(FONT, size)
    canvas.drawString(x, HEIGHT - y - 0.88 * size, text)


def wrapped(text: str, width: int = LINE, indent: int = 2) -> list[str]:
    """Return ``text`` in lines as wide as so many hanzi, the first one begun ``indent`` hanzi in."""
    lines, room = [" " * (2 * indent)], (width - indent) * SIZE
    for sign in text:
        wide = pdfmetrics.stringWidth(sign, FONT, SIZE)
        if wide > room:
            lines.append("")
            room = width * SIZE
        lines[-1] += sign
        room -= wide
    return lines


def put_lines(
    canvas: Canvas, lines: Sequence[str], x: float = LEFT, y: float = TOP, pitch: float = PITCH
) -> float:
    """Print lines under one another, blanks before them as room, and return where the next one would stand."""
    for line in lines:
        text = line.lstrip(" ")
        put(canvas, x + SIZE / 2 * (len(line) - len(text)), y, text)
        y += pitch
    return y


Cells = Mapping[tuple[int, int, int, int], str]
"""Texts by row, column, row span and column span."""


def put_table(
    canvas: Canvas,
    cells: Cells,
    columns: Sequence[float],
    y: float = TOP,
    height: float = 24.0,
    ruled: bool = True,
    x: float = LEFT,
    size: float = 9.0,
) -> float:
    """Draw a table with columns of these widths, texts centred and wrapped in their cells; return where it ends."""
    edges = [x + sum(columns[:i]) for i in range(len(columns) + 1)]
    bottom = y
    for (row, column, row_span, column_span), text in cells.items():
        left, right = edges[column], edges[column + column_span]
        upper, lower = y + row * height, y + (row + row_span) * height
        bottom = max(bottom, lower)
        if ruled:
            canvas.rect(left, HEIGHT - lower, right - left, lower - upper)
        room = max(1, int((right - left - 4) / size))
        lines = [text[i : i + room] for i in range(0, len(text), room)] if not text.isdigit() else [text]
        first = (upper + lower - len(lines) * 1.1 * size) / 2
        for index, line in enumerate(lines):
            wide = pdfmetrics.stringWidth(line, FONT, size)
            put(canvas, (left + right - wide) / 2, first + index * 1.1 * size, line, size)
    return bottom


def raw_pdf(objects: Sequence[bytes], root: int = 1) -> bytes:
    """Return a PDF of these objects, numbered from 1."""
    out = io.BytesIO()
    out.write(b"%PDF-1.7\n")
    places: list[int] = []
    for number, body in enumerate(objects, 1):
        places.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, body))
    start = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    out.writelines(b"%010d 00000 n \n" % place for place in places)
    out.write(
        b"trailer\n<</Size %d/Root %d 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, root, start)
    )
    return out.getvalue()


def stream(content: bytes, entries: bytes = b"", packed: bool = False) -> bytes:
    """Return a stream object, deflated if asked for."""
    if packed:
        content, entries = zlib.compress(content, 9), entries + b"/Filter/FlateDecode"
    return b"<<%s/Length %d>>\nstream\n%s\nendstream" % (entries, len(content), content)


def page_of(content: bytes, page: bytes = b"", catalog: bytes = b"", more: Sequence[bytes] = ()) -> bytes:
    """Return a PDF with one page of this content; objects of ``more`` are numbered from 6."""
    font = (
        b"<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UCS2-H/DescendantFonts[<</Type/Font"
        b"/Subtype/CIDFontType0/BaseFont/STSong-Light/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 4>>"
        b"/DW 1000>>]>>"
    )
    return raw_pdf(
        [
            b"<</Type/Catalog/Pages 2 0 R%s>>" % catalog,
            b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>%s>>"
            % page,
            content,
            font,
            *more,
        ]
    )


def shown(text: str, x: float = 90, y: float = 700, size: float = 12, before: str = "") -> bytes:
    """Return the operators that print ``text`` in the font of `page_of`."""
    return f"BT {before} /F {size} Tf {x} {y} Td <{text.encode('utf-16-be').hex()}> Tj ET\n".encode()
