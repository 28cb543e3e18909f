"""Spans as one tag a character, BIO (IOB2) or BIOES, and back."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Literal

Encoding = Literal["bio", "bioes"]
Span = tuple[int, int, str]
"""Start, end and label."""


def encode_tags(spans: Iterable[Span], size: int, encoding: Encoding) -> list[str]:
    """Return ``size`` tags for spans that do not overlap."""
    tags = ["O"] * size
    for start, end, label in spans:
        tags[start:end] = [f"I-{label}"] * (end - start)
        tags[start] = f"B-{label}"
        if encoding == "bioes":
            tags[end - 1] = f"{'E' if end - start > 1 else 'S'}-{label}"
    return tags


def decode_tags(tags: Sequence[str], encoding: Encoding) -> Iterator[Span | tuple[int, str]]:
    """Yield the spans of ``tags``, and where and why there is none: a tag of another kind, or one out of its order."""
    start, label = 0, ""
    for at, tag in enumerate([*tags, "O"]):
        kind, _, name = tag.partition("-")
        if label and kind in ("I", "E") and name == label:
            if kind == "E":
                yield start, at + 1, label
                label = ""
            continue
        if label and encoding == "bio":
            yield start, at, label
        elif label:
            yield start, f"B-{label} is closed by no E-{label}"
        label = ""
        if kind == "B" and name:
            start, label = at, name
        elif kind == "S" and name and encoding == "bioes":
            yield at, at + 1, name
        elif tag != "O":
            yield at, f"'{tag}' follows on no B-, or is no tag of {encoding.upper()}"
