"""DOCX files written for tests, as plain WordprocessingML: what stands in each is seen in the test."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape

from gongkai.eval.bench.report_parts import rows_of, width_of
from gongkai.extraction.readers.assemble import Table

MAIN = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_NAMESPACES = {
    "w": MAIN,
    "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
    "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
    "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
    "pic": "http://schemas.openxmlformats.org/drawingml/2006/picture",
    "m": "http://schemas.openxmlformats.org/officeDocument/2006/math",
    "v": "urn:schemas-microsoft-com:vml",
    "o": "urn:schemas-microsoft-com:office:office",
}
_DECLARED = " ".join(f'xmlns:{prefix}="{address}"' for prefix, address in _NAMESPACES.items())
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGES = "http://schemas.openxmlformats.org/package/2006"
_WORD_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_ROOTS = {
    "document": "document", "styles": "styles", "numbering": "numbering", "footnotes": "footnotes",
    "endnotes": "endnotes", "header1": "hdr", "footer1": "ftr",
}  # fmt: skip
_KINDS = {"document": "document.main", "header1": "header", "footer1": "footer"}


def docx(body: str, **parts: str) -> bytes:
    """Return a DOCX file with this body and these other parts (``styles``, ``numbering``, ``footnotes``, ``header1`` ...).

    Heads and feet are named by a section at the end of the body.
    """
    heads = "".join(
        f'<w:{name[:6]}Reference w:type="default" r:id="{name}"/>'
        for name in ("header1", "footer1")
        if name in parts
    )
    inner = {"document": f"<w:body>{body}<w:sectPr>{heads}</w:sectPr></w:body>", **parts}
    return package(
        {f"word/{name}.xml": _part(_ROOTS[name], xml) for name, xml in inner.items()}
        | {"word/_rels/document.xml.rels": _relationships(parts)}
    )


def package(members: Mapping[str, str | bytes]) -> bytes:
    """Return a ZIP file with these members beside those that each Word package has."""
    types = "".join(
        f'<Override PartName="/word/{name}.xml" ContentType="{_WORD_TYPE}.{_KINDS.get(name, name)}+xml"/>'
        for name in _ROOTS
        if f"word/{name}.xml" in members
    )
    usual = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGES}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{types}</Types>',
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGES}/relationships"><Relationship Id="r1" '
        f'Type="{_OFFICE}/officeDocument" Target="word/document.xml"/></Relationships>',
    }
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in (usual | dict(members)).items():
            archive.writestr(name, content)
    return made.getvalue()


def _part(root: str, inner: str) -> str:
    return f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:{root} {_DECLARED}>{inner}</w:{root}>'


def _relationships(parts: Mapping[str, str]) -> str:
    told = "".join(
        f'<Relationship Id="{name}" Type="{_OFFICE}/{name.rstrip("1")}" Target="{name}.xml"/>'
        for name in parts
    )
    return f'<Relationships xmlns="{_PACKAGES}/relationships">{told}</Relationships>'


def run(text: str, form: str = "") -> str:
    """Return a run of text; ``form`` is what its ``w:rPr`` holds."""
    return f'<w:r><w:rPr>{form}</w:rPr><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def paragraph(*content: str, form: str = "") -> str:
    """Return a paragraph: markup stays as it is, plain text becomes a run; ``form`` is what its ``w:pPr`` holds."""
    inner = "".join(one if one.startswith("<") else run(one) for one in content if one)
    return f"<w:p><w:pPr>{form}</w:pPr>{inner}</w:p>"


def numbered(num: int, level: int, *content: str) -> str:
    """Return a paragraph of a list."""
    return paragraph(*content, form=f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{num}"/></w:numPr>')


def level(index: int, form: str, text: str, extra: str = "", start: int = 1) -> str:
    """Return a level of a list's definition."""
    return (
        f'<w:lvl w:ilvl="{index}"><w:start w:val="{start}"/><w:numFmt w:val="{form}"/>{extra}'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
    )


def numbering(definitions: Mapping[int, str], nums: Mapping[int, tuple[int, str]]) -> str:
    """Return the content of a numbering part: definitions' levels by number, and lists with theirs and overrides."""
    return "".join(
        f'<w:abstractNum w:abstractNumId="{number}">{levels}</w:abstractNum>'
        for number, levels in definitions.items()
    ) + "".join(
        f'<w:num w:numId="{number}"><w:abstractNumId w:val="{definition}"/>{overrides}</w:num>'
        for number, (definition, overrides) in nums.items()
    )


def cell(*content: str, form: str = "") -> str:
    """Return a cell; plain text becomes a paragraph each."""
    inner = "".join(one if one.startswith("<") else paragraph(one) for one in content) or paragraph()
    return f"<w:tc><w:tcPr>{form}</w:tcPr>{inner}</w:tc>"


def row(*cells: str, form: str = "") -> str:
    """Return a row; plain text becomes a cell."""
    inner = "".join(one if one.startswith("<") else cell(one) for one in cells)
    return f"<w:tr><w:trPr>{form}</w:trPr>{inner}</w:tr>"


def table(*rows: str, columns: int = 2) -> str:
    """Return a table of rows."""
    grid = '<w:gridCol w:w="900"/>' * columns
    borders = "".join(
        f'<w:{edge} w:val="single" w:sz="4"/>'
        for edge in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="0" w:type="auto"/><w:tblBorders>{borders}</w:tblBorders></w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>"
    )


def form_table(told: Table) -> str:
    """Return a table with its merged cells."""
    width = width_of(told)
    covered = {
        (one.row + down, one.column): (one, down) for one in told.cells for down in range(one.row_span)
    }
    rows: list[str] = []
    for row_index in range(len(rows_of(told))):
        made: list[str] = []
        column = 0
        while column < width:
            one, down = covered[row_index, column]
            form = f'<w:gridSpan w:val="{one.column_span}"/>' if one.column_span > 1 else ""
            if one.row_span > 1:
                form += '<w:vMerge w:val="restart"/>' if down == 0 else "<w:vMerge/>"
            made.append(cell("" if down else one.text, form=form))
            column += one.column_span
        rows.append(row(*made))
    return table(*rows, columns=width)


def text_box(*content: str, fallback: bool = True) -> str:
    """Return a run with a text box, twice as Word writes it: in DrawingML and, for older readers, in VML."""
    inner = "".join(one if one.startswith("<") else paragraph(one) for one in content)
    drawn = (
        '<w:drawing><wp:anchor><wp:positionV relativeFrom="page"><wp:posOffset>100</wp:posOffset></wp:positionV>'
        '<wp:extent cx="4000000" cy="900000"/><a:graphic><a:graphicData '
        'uri="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"><wps:wsp><wps:txbx>'
        f"<w:txbxContent>{inner}</w:txbxContent></wps:txbx></wps:wsp></a:graphicData></a:graphic></wp:anchor></w:drawing>"
    )
    old = f"<w:pict><v:shape><v:textbox><w:txbxContent>{inner}</w:txbxContent></v:textbox></v:shape></w:pict>"
    if not fallback:
        return f"<w:r>{old}</w:r>"
    return (
        f'<w:r><mc:AlternateContent><mc:Choice Requires="wps">{drawn}</mc:Choice>'
        f"<mc:Fallback>{old}</mc:Fallback></mc:AlternateContent></w:r>"
    )


def lines_of(paragraphs: Sequence[str]) -> str:
    """Return a paragraph for each line."""
    return "".join(paragraph(line) for line in paragraphs)
