"""Files read piece by piece, so that a broken one still gives all that is whole in it."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from .exchange import ImportProblem, Place

_BLANK = re.compile(r"[ \t\n\r]*")
_UNDECODED = re.compile("[\udc80-\udcff]")
_NO_UTF_8 = "not UTF-8"


def read_items(path: Path, noun: str) -> Iterator[tuple[Place, Any | ImportProblem]]:
    """Yield each item of the JSON array in a file, where it stands (``noun`` and its number), or what is wrong there.

    A single object counts as an array of one.
    """
    text = _content(path)
    decoder = json.JSONDecoder()
    at = _skip(text, 0)
    array = text.startswith("[", at)
    at = _skip(text, at + 1) if array else at
    number = 0
    while not (array and text.startswith("]", at)):
        number += 1
        place = Place(path.name, f"{noun} {number}")
        try:
            item, end = decoder.raw_decode(text, at)
        except (json.JSONDecodeError, RecursionError) as error:
            yield place, place.problem("JSON", f"{error}; nothing behind it was read")
            return
        yield place, place.problem("encoding", _NO_UTF_8) if _UNDECODED.search(text, at, end) else item
        at = _skip(text, end)
        if not array:
            return
        if text.startswith(",", at):
            at = _skip(text, at + 1)
        elif not text.startswith("]", at):
            yield (
                place,
                place.problem(
                    "JSON", f"no ',' or ']' behind it: {text[at : at + 20]!r}; nothing more was read"
                ),
            )
            return


def read_lines(path: Path) -> Iterator[tuple[Place, str | ImportProblem]]:
    """Yield the lines of a file, without their ends, and where each stands, or what is wrong there.

    Only LF, and CR before it, end a line.
    """
    for number, line in enumerate(_content(path).split("\n"), 1):
        place = Place(path.name, f"line {number}")
        if _UNDECODED.search(line):
            yield place, place.problem("encoding", _NO_UTF_8)
        else:
            yield place, line.removesuffix("\r")


def read_json_lines(path: Path) -> Iterator[tuple[Place, Any | ImportProblem]]:
    """Yield what each line of a file holds, where it stands, or what is wrong there; blank lines are passed over."""
    for place, line in read_lines(path):
        if isinstance(line, ImportProblem):
            yield place, line
        elif line.strip():
            try:
                yield place, json.loads(line)
            except (json.JSONDecodeError, RecursionError) as error:
                yield place, place.problem("JSON", str(error))


def one_line(value: Any) -> str:  # noqa: ANN401
    """Return ``value`` as JSON without any character that some program takes for the end of a line."""
    text = json.dumps(value, ensure_ascii=False)
    return re.sub(r"[\x7f-\x9f\u2028\u2029]", lambda match: f"\\u{ord(match[0]):04x}", text)


def _content(path: Path) -> str:
    """The text of a file, bytes that are no UTF-8 as lone surrogates."""
    return path.read_bytes().decode("utf-8", "surrogateescape").removeprefix("\ufeff")


def _skip(text: str, at: int) -> int:
    match = _BLANK.match(text, at)
    return match.end() if match else at
