"""Readers: a file in, a `Document` out. The reader is chosen by the file's content, not by its name."""

from .choose import Limits, read_document
from .errors import UnreadableFileError

__all__ = ["Limits", "UnreadableFileError", "read_document"]
