"""When training stops: a slice of the training texts is watched, and the best epoch's state is kept."""

import hashlib
from collections.abc import Callable, Sequence
from typing import TypeVar

from ...annotations.labelled import LabelledText

State = TypeVar("State")

_SHARE = 12
"""One agency in so many is held back."""
_PATIENCE = 6
"""So many epochs without a better one, and training ends."""


def held_back(texts: Sequence[LabelledText]) -> tuple[list[LabelledText], list[LabelledText]]:
    """Return the texts to learn from and the texts to watch, no agency in both.

    With few agencies there is nothing to spare: all texts are learnt from, and the same ones are watched.
    """
    agencies = sorted(
        {_agency(text) for text in texts}, key=lambda name: hashlib.sha256(name.encode()).digest()[::-1]
    )
    watched = set(agencies[: len(agencies) // _SHARE])
    if not watched:
        return list(texts), list(texts)
    learnt = [text for text in texts if _agency(text) not in watched]
    return learnt, [text for text in texts if _agency(text) in watched]


def best_state(
    epoch: Callable[[], None], watch: Callable[[], float], state: Callable[[], State], epochs: int
) -> State:
    """Train for at most ``epochs`` and return the ``state`` after the one that ``watch`` scored highest.

    ``state`` must return a copy. Where no epoch scores above 0 the state is the last one's.
    """
    best, kept, since = 0.0, None, 0
    for _ in range(epochs):
        epoch()
        score = watch()
        since += 1
        if score > best:
            best, kept, since = score, state(), 0
        if kept is not None and since >= _PATIENCE:
            break
    return state() if kept is None else kept


def _agency(text: LabelledText) -> str:
    return text.report.agency or text.id
