"""What a reader says when it cannot read a file."""


class UnreadableFileError(Exception):
    """The file cannot be read; the message says what was wrong and what to do, in words for people."""
