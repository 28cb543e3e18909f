"""Inputs that hold the same bytes as another."""

import hashlib
from collections import Counter
from collections.abc import Sequence

from ..readers import UnreadableFileError
from ..readers.choose import MAX_BYTES
from ..record import Record
from ..writers import json_line
from .inputs import Input, bytes_of


def find_copies(inputs: Sequence[Input]) -> dict[int, int]:
    """Return for each input with the same bytes as an earlier one the number of the first of them.

    Only inputs of the same size are opened. What cannot be opened is no copy.
    """
    sizes = Counter(given.size for given in inputs)
    first: dict[bytes, int] = {}
    copies: dict[int, int] = {}
    for number, given in enumerate(inputs):
        if sizes[given.size] < 2 or not 0 <= given.size <= MAX_BYTES:
            continue
        try:
            digest = hashlib.sha256(bytes_of(given)).digest()
        except (OSError, UnreadableFileError):
            continue
        if first.setdefault(digest, number) != number:
            copies[number] = first[digest]
    return copies


def record_of_copy(line: bytes, name: str) -> bytes:
    """Return the record of an input with this name, whose bytes are those that ``line`` is the record of."""
    record = Record.model_validate_json(line)
    return json_line(record.model_copy(update={"report": record.report.model_copy(update={"source": name})}))
