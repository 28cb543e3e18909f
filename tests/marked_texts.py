"""Labelled texts written in the corpus's inline markup."""

from typing import Any

from gongkai.annotations.labelled import LabelledText
from gongkai.annotations.markup import parse_markup


def marked_text(markup: str, **more: Any) -> LabelledText:
    """Return the text of ``markup`` with its marks; ``more`` are other fields, or such as replace the marks'."""
    marks = parse_markup(markup)
    return LabelledText(**{"id": "t", **{name: getattr(marks, name) for name in marks.__slots__}, **more})
