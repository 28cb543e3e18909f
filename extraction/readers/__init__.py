"""Readers: a file in, a `Document` out. The reader is chosen by the file's content, not by its name."""

from .choose import read_document
from .errors import UnreadableFileError

__all__ = ["UnreadableFileError", "read_document"]
