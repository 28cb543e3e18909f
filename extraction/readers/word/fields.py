"""Word's fields: their results are printed, their instructions are not."""

from dataclasses import dataclass, field

from .ooxml import Element, W

_CHAR = f"{W}fldChar"
_TYPE = f"{W}fldCharType"


@dataclass(slots=True)
class _Field:
    instruction: str = ""
    has_result: bool = False


@dataclass(slots=True)
class Fields:
    """The fields that are open at a place of a story (the body, a note, a text box), which is walked in its order."""

    broken: frozenset[Element] = frozenset()
    _open: list[_Field] = field(default_factory=list[_Field])

    @property
    def shown(self) -> bool:
        """Whether text that stands here is printed, being part of no instruction."""
        return all(one.has_result for one in self._open)

    @property
    def lists_contents(self) -> bool:
        """Whether text that stands here belongs to a table of contents."""
        return any(one.has_result and one.instruction.split()[:1] == ["TOC"] for one in self._open)

    def pass_mark(self, mark: Element) -> None:
        """Take note of a ``w:fldChar``."""
        kind = mark.get(_TYPE)
        if kind == "begin" and mark not in self.broken:
            self._open.append(_Field())
        elif kind == "separate" and self._open:
            self._open[-1].has_result = True
        elif kind == "end" and self._open:
            self._open.pop()

    def instruct(self, text: str) -> None:
        """Take note of a piece of an instruction."""
        if self._open and not self._open[-1].has_result:
            self._open[-1].instruction += text


def fields_of(story: Element) -> Fields:
    """Return the fields of a story; those that never end, as in damaged files, hide nothing."""
    begun: list[Element] = []
    for mark in story.iter(_CHAR):
        kind = mark.get(_TYPE)
        if kind == "begin":
            begun.append(mark)
        elif kind == "end" and begun:
            begun.pop()
    return Fields(frozenset(begun))
