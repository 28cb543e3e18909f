"""Reports as files of every format, made by real software and kept in a folder so that they are made once.

A file's name holds a digest of what it was made from: reports or designs that change are printed anew. Delete the
folder when the way of printing itself changes.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

from .rendering import DESIGNS, Design, convert, html_of, pdf_of_html, write_docx
from .report_parts import Report
from .scanning import POOR, USUAL, Wear, write_scan
from .web_pages import GB_PAGES, PAGES

Make = Callable[[Sequence[Report], Path], list[Path]]
"""Takes reports and the cache's folder; returns the file of each report, made if it is not there."""

_AT_ONCE = 12
"""Files that LibreOffice converts in one go."""
_DESIGNS = {design.name: design for design in DESIGNS}


def _digest(*sources: object) -> str:
    return hashlib.sha256("\0".join(map(str, sources)).encode()).hexdigest()[:10]


def _text(reports: Sequence[Report], folder: Path) -> list[Path]:
    return [_written(folder / "text" / f"{one.id}.txt", one.text.encode()) for one in reports]


def _written(path: Path, content: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def _page(name: str, reports: Sequence[Report], folder: Path) -> list[Path]:
    encoding = "gb18030" if name in GB_PAGES else "utf-8"
    return [
        _written(folder / "html" / name / f"{one.id}.html", PAGES[name](one.parts).encode(encoding))
        for one in reports
    ]


def _docx(design: Design, reports: Sequence[Report], folder: Path) -> list[Path]:
    made: list[Path] = []
    for one in reports:
        path = folder / "docx" / design.name / f"{one.id}-{_digest(one.parts, design)}.docx"
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            write_docx(one.parts, design, path)
        made.append(path)
    return made


def _converted(
    make: Make, place: str, kind: str, reports: Sequence[Report], folder: Path, *, reader: str = ""
) -> list[Path]:
    """What LibreOffice makes of the files of another format."""
    sources = make(reports, folder)
    if kind == "docx" and not reader:
        sources = _converted(make, f"{place} (odt)", "odt", reports, folder)
    into = folder / place
    into.mkdir(parents=True, exist_ok=True)
    made = [into / f"{source.stem}.{kind}" for source in sources]
    missing = [source for source, path in zip(sources, made, strict=True) if not path.exists()]
    for start in range(0, len(missing), _AT_ONCE):
        convert(missing[start : start + _AT_ONCE], kind, into, reader=reader)
    return made


def _named_pages(name: str, reports: Sequence[Report], folder: Path) -> list[Path]:
    """Web pages whose names hold a digest, for what is made from them."""
    made: list[Path] = []
    for one in reports:
        page = PAGES[name](one.parts)
        made.append(_written(folder / "pages" / name / f"{one.id}-{_digest(page)}.html", page.encode()))
    return made


def _printed(design: Design, reports: Sequence[Report], folder: Path) -> list[Path]:
    """PDFs by Chromium."""
    made: list[Path] = []
    for one in reports:
        page = html_of(one.parts, design)
        path = folder / "pdf" / f"chromium {design.name}" / f"{one.id}-{_digest(page)}.pdf"
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            pdf_of_html(page, path)
        made.append(path)
    return made


def _scanned(make: Make, dpi: int, wear: Wear, reports: Sequence[Report], folder: Path) -> list[Path]:
    made: list[Path] = []
    for pdf in make(reports, folder):
        seed = int(_digest(pdf.parent.name, pdf.name, dpi), 16)
        path = folder / "scan" / f"{pdf.parent.name} {dpi}" / f"{pdf.stem}-{_digest(wear)}.pdf"
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            write_scan(pdf, dpi, wear, seed, path)
        made.append(path)
    return made


def _office(design: str, kind: str) -> Make:
    return partial(_converted, partial(_docx, _DESIGNS[design]), f"{kind}/libreoffice {design}", kind)


FILES: Mapping[str, Mapping[str, Make]] = {
    "text": {"tabbed lines": _text},
    "html": {
        **{name: partial(_page, name) for name in PAGES},
        "libreoffice": _office("official", "html"),
    },
    "docx": {
        **{name: partial(_docx, _DESIGNS[name]) for name in ("official", "unruled")},
        "libreoffice official": _office("official", "docx"),
        "libreoffice, of a web page": partial(
            _converted, partial(_named_pages, "clean"), "docx/libreoffice page", "docx", reader="HTML (StarWriter)"
        ),
    },
    "doc": {f"libreoffice {name}": _office(name, "doc") for name in ("official", "unruled")},
    "pdf": {
        **{f"chromium {name}": partial(_printed, design) for name, design in _DESIGNS.items()},
        **{f"libreoffice {name}": _office(name, "pdf") for name in ("official", "unruled")},
    },
}  # fmt: skip
"""What makes the files of each format in each design."""


def scans(resolutions: Sequence[int]) -> Mapping[str, Make]:
    """Return what makes scans at these resolutions (dots per inch): of two designs, and worn ones at 200."""
    printed = {
        f"chromium {name}": partial(_printed, _DESIGNS[name]) for name in ("official", "web")
    } | {"libreoffice official": _office("official", "pdf")}  # fmt: skip
    made: dict[str, Make] = {
        f"{name}, {dpi} dpi": partial(_scanned, make, dpi, USUAL)
        for dpi in resolutions
        for name, make in printed.items()
    }
    if 200 in resolutions:
        made["chromium web, 200 dpi, poor"] = partial(_scanned, printed["chromium web"], 200, POOR)
    return made
