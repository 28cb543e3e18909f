"""A page's tree as the lines that a reader of the page sees, in order, with the blocks they stand in."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from typing import Literal

from selectolax.lexbor import LexborHTMLParser, LexborNode

from ..assemble import TableCell
from .block_tables import Shape, join_rows, shape_of
from .lists import Numbering, open_numbering, with_marker
from .styles import Look, Sheet, look_of, read_sheet
from .tables import CellFrame, Line, TableFrame, close_table, table_line

_MOST_TABLES = 12
"""Tables inside each other; those further inside are read as plain blocks."""

_BLOCK_TAGS = (
    "address article aside blockquote body button caption center dd details dialog dir div dl dt fieldset figcaption"
    " figure footer form frameset h1 h2 h3 h4 h5 h6 header hgroup hr html legend li listing main menu nav ol optgroup"
    " option p plaintext pre search section select summary ul xmp"
)
_BLOCKS = frozenset(_BLOCK_TAGS.split())
_UNSEEN_TAGS = (
    "audio canvas datalist del embed frame head iframe img input map math noembed noframes noscript object rp rt script"
    " style svg template textarea title video"
)
_UNSEEN = frozenset(_UNSEEN_TAGS.split())
_TARGETS = {"img": "src", "iframe": "src", "frame": "src", "embed": "src", "object": "data"}
_PREFORMATTED = frozenset(("listing", "plaintext", "pre", "xmp"))
_MARKS = frozenset(("aside", "button", "footer", "h1", "h2", "h3", "h4", "h5", "h6", "menu", "nav", "select"))
_ROLES = {"navigation": "nav", "contentinfo": "footer", "search": "nav", "heading": "h2"}
_FLEXIBLE = frozenset(("flex", "grid", "inline-flex", "inline-grid"))
_BLOCK_DISPLAYS = _FLEXIBLE | {"block", "list-item", "table-caption"}

Kind = Literal["inline", "block", "table", "group", "row", "cell"]

_TABLE_TAGS: dict[str, Kind] = {
    "table": "table", "tbody": "group", "thead": "group", "tfoot": "group", "tr": "row", "td": "cell", "th": "cell",
}  # fmt: skip
_TABLE_DISPLAYS: dict[str, Kind] = {
    "table": "table", "inline-table": "table", "table-row-group": "group", "table-header-group": "group",
    "table-footer-group": "group", "table-row": "row", "table-cell": "cell",
}  # fmt: skip
_HOLDERS: dict[Kind, tuple[Kind, ...]] = {
    "group": ("table",),
    "row": ("table", "group"),
    "cell": ("row", "table", "group"),
}
_MOST_ROWS = 65534
_MOST_COLUMNS = 1000
_DIGITS = re.compile(r"\s*\+?(\d{1,9})")

_BLANKS = re.compile(r"[ \t\r\n\f]+")
_WIDE = "\u2e80-\u9fff\uf900-\ufaff\uff00-\uff60\U00020000-\U0003fffd"
_SOFT_BREAK = re.compile(rf"(?<=[{_WIDE}])\n(?=[{_WIDE}])")
_KEPT = {ord("\n"): "\x01", ord("\t"): "\x02", ord(" "): "\x03"}
"""Stand for blanks of preformatted text; pages cannot hold these characters."""
_UNKEPT = {ord(kept): chr(blank) for blank, kept in _KEPT.items()}
_ALL_BLANKS = "".join((" \t\r\n\f\v\u00a0\u3000\u2002\u2003\u200b\ufeff", *_KEPT.values()))
_LONGEST_LINK = 200


@dataclass(frozen=True, slots=True)
class Target:
    """What a page points to: a link, an image (``image``) or a frame, and before which line it stands."""

    address: str
    text: str
    line: int
    tag: str
    attributes: Mapping[str, str | None]


@dataclass(slots=True)
class Flow:
    """A page as read: its lines, the ranges of lines that its blocks hold, and what it points to."""

    lines: list[Line] = field(default_factory=list[Line])
    blocks: list[tuple[int, int]] = field(default_factory=list[tuple[int, int]])
    targets: list[Target] = field(default_factory=list[Target])
    hidden: bool = False
    """Whether something was left out because it is hidden."""


@dataclass(slots=True)
class _Open:
    """An element being read."""

    tag: str
    kind: Kind
    first: int
    blocks: int
    linked: bool = False
    mark: str = ""
    preformatted: bool = False
    flexible: bool = False
    own_text: bool = False
    children: list[Shape] = field(default_factory=list[Shape])
    numbering: Numbering | None = None
    target: tuple[str, int, int] | None = None


def read_flow(tree: LexborHTMLParser, *, with_hidden: bool = False) -> Flow:
    """Return the lines of a page; what styles hide is left out unless ``with_hidden``. Linear in the page's length."""
    sheet = read_sheet("\n".join(style.text() or "" for style in tree.css("style")))
    walker = _Walker(sheet, with_hidden)
    node = tree.root
    while node is not None:
        if walker.enter(node):
            child = node.first_child
            if child is not None:
                node = child
                continue
            walker.leave()
        while node is not None and node.next is None:
            node = node.parent if walker.leave() else None
        node = node.next if node is not None else None
    return walker.flow


class _Walker:
    """Takes the elements of a page as they open and close. What is open lies on stacks, so that depth costs nothing."""

    def __init__(self, sheet: Sheet, with_hidden: bool) -> None:
        self.flow = Flow()
        self._sheet = sheet
        self._with_hidden = with_hidden
        self._open: list[_Open] = []
        self._blocks: list[_Open] = []
        self._frames: list[TableFrame | None] = []
        self._pieces: list[str] = []
        self._linked = 0
        self._marker = ""

    def enter(self, node: LexborNode) -> bool:
        """Take a node; say whether it is an element whose content is to be read, and then to be left."""
        tag = node.tag or ""
        if tag == "-text":
            self._add(node.text_content or "")
            return False
        if tag == "br":
            self._flush()
            return False
        if not node.is_element_node:
            return False
        attributes = node.attributes
        if tag in _TARGETS:
            address = attributes.get(_TARGETS[tag]) or ""
            self.flow.targets.append(Target(address, "", len(self.flow.lines), tag, attributes))
        if tag in _UNSEEN:
            return False
        look = look_of(tag, attributes, self._sheet)
        if look.hidden and tag != "body":
            self.flow.hidden = True
            if not self._with_hidden:
                return False
        self._push(tag, attributes, look)
        return True

    def leave(self) -> bool:
        """Take the end of the innermost open element; say whether there was one."""
        if not self._open:
            self._flush()
            return False
        if self._open[-1].kind != "inline":
            self._flush()
        left = self._open.pop()
        if left.target:
            address, piece, line = left.target
            text = "".join(self._pieces[piece:])[:_LONGEST_LINK].strip()
            self.flow.targets.append(Target(address, text, line, "a", {}))
        if left.kind != "inline":
            self._blocks.pop()
            self._close(left)
        return True

    def _push(self, tag: str, attributes: Mapping[str, str | None], look: Look) -> None:
        outer = self._open[-1] if self._open else None
        kind = self._kind(tag, look, outer)
        if kind != "inline":
            self._flush()
        lines = self.flow.lines
        opened = _Open(tag, kind, len(lines), len(self.flow.blocks))
        own_mark = tag if tag in _MARKS else _ROLES.get(attributes.get("role") or "", "")
        opened.mark = own_mark or (outer.mark if outer else "")
        opened.flexible = look.display in _FLEXIBLE
        if look.preformatted is not None:
            opened.preformatted = look.preformatted
        else:
            opened.preformatted = tag in _PREFORMATTED or (outer is not None and outer.preformatted)
        opened.linked = outer is not None and outer.linked
        if tag == "a" and attributes.get("href"):
            opened.linked = True
            opened.target = (attributes.get("href") or "", len(self._pieces), len(lines))
        if tag == "ol":
            opened.numbering = open_numbering(attributes, look.numbering)
        elif tag == "li":
            numbering = self._blocks[-1].numbering if self._blocks else None
            self._marker = numbering.marker(attributes, look.numbering) if numbering else ""
        self._open.append(opened)
        if kind != "inline":
            self._open_table_part(kind, attributes)
            self._blocks.append(opened)

    def _kind(self, tag: str, look: Look, outer: _Open | None) -> Kind:
        kind = _TABLE_TAGS.get(tag) or _TABLE_DISPLAYS.get(look.display)
        if kind == "table":
            return kind
        if kind:
            inside = self._blocks[-1].kind if self._blocks else "block"
            fits = bool(self._frames and self._frames[-1]) and inside in _HOLDERS[kind]
            return kind if fits else "block"
        if look.display == "inline":
            return "inline"
        is_block = tag in _BLOCKS or look.display in _BLOCK_DISPLAYS or (outer is not None and outer.flexible)
        return "block" if is_block else "inline"

    def _open_table_part(self, kind: Kind, attributes: Mapping[str, str | None]) -> None:
        if kind == "table":
            deep = len(self._frames) >= _MOST_TABLES
            self._frames.append(None if deep else TableFrame(len(self.flow.lines)))
        frame = self._frames[-1] if self._frames else None
        if frame is None:
            return
        if kind == "group":
            frame.groups.append(len(frame.rows))
        elif kind == "row" or (kind == "cell" and self._blocks[-1].kind != "row"):
            frame.rows.append([])
        if kind == "cell":
            spans = (
                _span(attributes.get("rowspan"), _MOST_ROWS),
                _span(attributes.get("colspan"), _MOST_COLUMNS),
            )
            frame.rows[-1].append(CellFrame(*spans, len(self.flow.lines)))

    def _close(self, left: _Open) -> None:
        """Take the end of a block: what of it is a table, and what it is to the block around it."""
        flow = self.flow
        replaced = False
        if left.kind == "table":
            frame = self._frames.pop()
            replaced = frame is not None and close_table(flow.lines, frame)
        elif left.children:
            replaced = join_rows(flow.lines, left.children)
        if replaced:
            del flow.blocks[left.blocks :]
        last = len(flow.lines)
        if left.kind == "cell":
            frame = self._frames[-1]
            if frame:
                frame.rows[-1][-1].last = last
        if left.tag == "li":
            self._marker = ""
        if last > left.first:
            flow.blocks.append((left.first, last))
        if self._blocks and left.tag != "hr":
            whole = left.kind == "block" and not replaced
            self._blocks[-1].children.append(
                shape_of(left.children, left.first, last, left.own_text)
                if whole
                else Shape("other", left.first, last)
            )

    def _add(self, text: str) -> None:
        if self._open and self._open[-1].preformatted:
            text = text.translate(_KEPT)
        if self._open and self._open[-1].linked:
            self._linked += len(text.strip())
        self._pieces.append(text)

    def _flush(self) -> None:
        """End the line that is being read."""
        if not self._pieces:
            return
        text = "".join(self._pieces)
        self._pieces.clear()
        linked, self._linked = self._linked, 0
        text = _SOFT_BREAK.sub("", _BLANKS.sub(_one_blank, text)).replace("\n", " ")
        if not text.strip(_ALL_BLANKS):
            return
        if self._blocks:
            self._blocks[-1].own_text = True
        mark = self._open[-1].mark if self._open else ""
        if any(kept in text for kept in _KEPT.values()):
            self.flow.lines += preformatted_lines(text.translate(_UNKEPT), linked, mark)
        else:
            self.flow.lines.append(Line(with_marker(self._marker, text.strip()), linked, mark))
        self._marker = ""


def preformatted_lines(text: str, linked: int, mark: str) -> Iterator[Line]:
    """Yield the lines of a preformatted text; lines with tabs that follow each other are a table."""
    lines = [line.strip(" \r") for line in text.split("\n") if line.strip()]
    share = linked // max(len(lines), 1)
    for tabbed, run in groupby(lines, key=lambda line: "\t" in line):
        rows = list(run)
        if tabbed and len(rows) > 1:
            yield table_line(
                [
                    TableCell(r, c, text)
                    for r, row in enumerate(rows)
                    for c, text in enumerate(row.split("\t"))
                ],
                share * len(rows),
            )
        else:
            yield from (Line(row, share, mark) for row in rows)


def _one_blank(blanks: re.Match[str]) -> str:
    return "\n" if "\n" in blanks.group() else " "


def _span(told: str | None, most: int) -> int:
    digits = _DIGITS.match(told or "")
    return min(int(digits[1]), most) if digits else 1
