"""What a batch is read with: which reader, and how much time and memory a document may take."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from ...models.files import DESCRIPTION, load_files
from ...models.runtime import SHIPPED, load_reader
from ..components import RULES, Components, learned, shipped
from ..readers import Limits

LEARNED, RULES_ALONE = "learned", "rules"
_FOR_PAGES = 0.8
"""Of the time limit; the rest is for what is made of the pages."""


@dataclass(frozen=True, slots=True)
class Settings:
    """``reader`` is ``learned`` (the one that comes with gongkai), ``rules`` (the rules alone), or a trained reader's folder.

    ``time_limit`` is in seconds a document; ``memory_limit`` in megabytes that the process reading it may hold, with
    the programs it starts.
    """

    reader: str = LEARNED
    time_limit: float = 600
    memory_limit: int = 4096


def components_of(reader: str) -> Components:
    """Return the components that the reader of these `Settings` reads with.

    Raises `models.files.WeightsError` where a learned reader's files are missing or damaged.
    """
    if reader == RULES_ALONE:
        return RULES
    return shipped() if reader == LEARNED else learned(load_reader(Path(reader)))


def limits_of(settings: Settings) -> Limits:
    """Return the limits of the readers: pages for which there is no time are left out before the time limit is reached."""
    return Limits(seconds=_FOR_PAGES * settings.time_limit)


def digest_of(reader: str) -> str | None:
    """Return the SHA-256 of a learned reader's description, which holds those of its weights; None for the rules.

    Raises `models.files.WeightsError` where its files are missing or damaged.
    """
    if reader == RULES_ALONE:
        return None
    folder = SHIPPED if reader == LEARNED else Path(reader)
    load_files(folder)
    return hashlib.sha256((folder / DESCRIPTION).read_bytes()).hexdigest()
