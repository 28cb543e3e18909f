"""A reader's files: `encoder.onnx`, `heads.safetensors`, `themes.safetensors` and `reader.json`, each checked by its
digest when loaded."""

import hashlib
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from ..annotations.labelled import Model
from .decoding import Decoding
from .labels import Labels
from .vocabulary import Vocabulary

ENCODER, HEADS, THEMES = "encoder.onnx", "heads.safetensors", "themes.safetensors"
DESCRIPTION = "reader.json"
_WEIGHTS = (ENCODER, HEADS, THEMES)
_REMEDY = "install gongkai again, or train the reader anew with 'gongkai train'"


class WeightsError(Exception):
    """A file of the learned reader is missing or damaged; the message names it and the remedy."""


class ReaderFile(Model):
    """What `reader.json` holds: all of a reader but its weights, whose SHA-256 it gives by file.

    ``about`` tells where it comes from: the settings it was trained with and its scores.
    """

    labels: Labels
    vocabulary: Vocabulary
    decoding: Decoding
    words: bool
    about: dict[str, Any]
    digests: dict[str, str]


def digests_of(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of the files with weights in ``folder``."""
    return {name: _digest((folder / name).read_bytes()) for name in _WEIGHTS}


def load_files(folder: Path) -> tuple[ReaderFile, dict[str, bytes]]:
    """Return the description of the reader in ``folder``, and the bytes of its files with weights by their names.

    Raises `WeightsError`.
    """
    try:
        description = ReaderFile.model_validate_json(_bytes(folder / DESCRIPTION))
    except ValidationError as error:
        raise WeightsError(
            f"{folder / DESCRIPTION} is damaged ({error.errors()[0]['msg']}); {_REMEDY}"
        ) from None
    return description, {name: _checked(folder / name, description.digests) for name in _WEIGHTS}


def _checked(path: Path, digests: dict[str, str]) -> bytes:
    data = _bytes(path)
    if _digest(data) != digests.get(path.name):
        raise WeightsError(f"{path} is damaged: it is not the file that {DESCRIPTION} tells of; {_REMEDY}")
    return data


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise WeightsError(f"{path} cannot be read ({error.strerror}); {_REMEDY}") from None
