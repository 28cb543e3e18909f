"""An Office file's parts, opened within limits, its XML read without entities.

Sources: ECMA-376 part 2 (packages) and part 1 (strict namespaces). Nothing outside the file is ever opened.
"""

import io
import posixpath
import zipfile
import zlib
from dataclasses import dataclass, field
from typing import NamedTuple

from lxml import etree

from ..errors import UnreadableFileError

Element = etree._Element  # pyright: ignore[reportPrivateUsage]  # lxml exports its type under no other name

MAX_PART_BYTES = 48 * 1024 * 1024
"""Largest part read. The main part of a report of 50 pages has under 4 MB."""
MAX_RATIO = 250
"""Largest ratio of a part's size to its compressed size, for parts over `_SMALL`; Word's own stay under 60."""
MAX_MEMBERS = 20_000
_SMALL = 4 * 1024 * 1024

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"

_STRICT = "http://purl.oclc.org/ooxml/"
_TRANSITIONAL = {
    f"{_STRICT}wordprocessingml/main": W[1:-1],
    f"{_STRICT}officeDocument/relationships": R[1:-1],
    f"{_STRICT}officeDocument/math": "http://schemas.openxmlformats.org/officeDocument/2006/math",
    f"{_STRICT}drawingml/main": "http://schemas.openxmlformats.org/drawingml/2006/main",
    f"{_STRICT}drawingml/chart": "http://schemas.openxmlformats.org/drawingml/2006/chart",
    f"{_STRICT}drawingml/diagram": "http://schemas.openxmlformats.org/drawingml/2006/diagram",
    f"{_STRICT}drawingml/picture": "http://schemas.openxmlformats.org/drawingml/2006/picture",
    f"{_STRICT}drawingml/wordprocessingDrawing": (
        "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
    ),
}
_DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError)
_DEEPEST = "Excessive depth"


class Relationship(NamedTuple):
    """A part that another one names: ``kind`` is the last word of its type (``header``), ``target`` its name."""

    kind: str
    target: str


@dataclass(frozen=True, slots=True)
class Package:
    """An open package; ``names`` maps the parts' names in lower case to those of the ZIP's members."""

    archive: zipfile.ZipFile
    names: dict[str, str] = field(default_factory=dict[str, str])

    def part(self, name: str) -> Element | None:
        """Return the root of an XML part in the transitional namespaces, None when the package has no such part.

        Raises `UnreadableFileError` when it is damaged, too large, or holds a document type definition.
        """
        content = self.content(name)
        return None if content is None else _parse(content, name)

    def content(self, name: str) -> bytes | None:
        """Return the bytes of a part, None when the package has no such part.

        Raises `UnreadableFileError` when it is damaged or too large.
        """
        member = self.names.get(name.lower())
        return None if member is None else _read(self.archive, member)

    def relationships(self, name: str) -> dict[str, Relationship]:
        """Return the parts inside the package that a part (``""``: the package itself) names, by their ids."""
        folder, base = posixpath.split(name)
        root = self.part(posixpath.join(folder, "_rels", f"{base}.rels"))
        found: dict[str, Relationship] = {}
        for element in () if root is None else root:
            told = element.attrib
            if not isinstance(element.tag, str) or told.get("TargetMode") == "External":
                continue
            target = posixpath.normpath(posixpath.join("/", folder, told.get("Target", "")))
            found[told.get("Id", "")] = Relationship(
                told.get("Type", "").rpartition("/")[2], target.lstrip("/")
            )
        return found


def open_package(raw: bytes) -> Package:
    """Open the bytes of an Office file.

    Raises `UnreadableFileError` when they are no ZIP file, or one that is cut off, has a password or too many members.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(raw))
    except _DAMAGE:
        raise UnreadableFileError(
            "the file is damaged or cut off (it is no whole ZIP file, as a DOCX is): fetch it again, or let Word repair "
            "it and save it anew"
        ) from None
    members = archive.infolist()
    if len(members) > MAX_MEMBERS:
        raise UnreadableFileError(
            f"the file has {len(members)} parts, more than any report has; it is not read"
        )
    names = {member.filename.replace("\\", "/").lstrip("/").lower(): member.filename for member in members}
    return Package(archive, names)


def _read(archive: zipfile.ZipFile, member: str) -> bytes:
    told = archive.getinfo(member)
    if told.flag_bits & 1:
        raise UnreadableFileError("the file has a password: remove it, or save a copy without one")
    ratio = told.file_size / max(told.compress_size, 1)
    if told.file_size > MAX_PART_BYTES or (told.file_size > _SMALL and ratio > MAX_RATIO):
        raise UnreadableFileError(
            f"its part {member} grows to {told.file_size / 1e6:.0f} MB when unpacked ({ratio:.0f} times its size), more "
            "than a report has; it is not read"
        )
    try:
        return archive.read(member)
    except _DAMAGE:
        raise UnreadableFileError(
            f"its part {member} is damaged: let Word repair the file and save it anew"
        ) from None


def _parse(raw: bytes, member: str) -> Element:
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(raw, parser)
    except etree.XMLSyntaxError as error:
        if _DEEPEST in str(error):
            raise UnreadableFileError(
                f"its part {member} nests tables or other things deeper than any report does; it is not read"
            ) from None
        raise UnreadableFileError(
            f"its part {member} is no sound XML ({error.msg}): let Word repair the file and save it anew"
        ) from None
    if root.getroottree().docinfo.doctype:
        raise UnreadableFileError(
            f"its part {member} has a document type definition, which no Office program writes and which could fetch "
            "other files; it is not read"
        )
    if _STRICT in "".join(filter(None, root.nsmap.values())):
        _to_transitional(root)
    return root


def _to_transitional(root: Element) -> None:
    """Rename what is in a strict namespace, so that the rest needs to know one set of names only."""
    for element in root.iter(etree.Element):
        element.tag = _transitional(str(element.tag))
        for name, value in list(element.attrib.items()):
            renamed = _transitional(str(name))
            if renamed != name:
                del element.attrib[name]
                element.set(renamed, value)


def _transitional(name: str) -> str:
    space, brace, local = name.rpartition("}")
    return f"{{{_TRANSITIONAL.get(space[1:], space[1:])}}}{local}" if brace else name
