"""Themes of problems and improvements, told by cue words."""

import re
from functools import cache

from .items import statement_wording

_MOST = 3
_HEAD_FACTOR = 2.0
_REPEAT_FACTOR = 0.5
_SHARE_OF_BEST = 0.45
_LEAST = 3.0


def themes_of(text: str) -> tuple[str, ...]:
    """Return one to three themes of a normalised statement, the most fitting first; ``other`` where none is told.

    A sure cue weighs more than a hint, a cue in the first clause (the little title) more than a later one, and
    each repetition of a theme less than its first cue.
    """
    first_clause = re.search(r"[,。;:]", text)
    head = first_clause.start() if first_clause else len(text)
    scores: dict[str, float] = {}
    seen: dict[str, int] = {}
    for cue in _cues().finditer(text):
        group = cue.lastgroup or ""
        theme, weight = group[:-1], float(group[-1])
        weight *= _REPEAT_FACTOR ** seen.get(theme, 0)
        seen[theme] = seen.get(theme, 0) + 1
        scores[theme] = scores.get(theme, 0.0) + weight * (_HEAD_FACTOR if cue.start() < head else 1.0)
    if not scores:
        return ("other",)
    ranked = sorted(scores, key=lambda theme: -scores[theme])
    best = scores[ranked[0]]
    fitting = [t for t in ranked if scores[t] >= max(_SHARE_OF_BEST * best, _LEAST)]
    return tuple(fitting[:_MOST]) or (ranked[0],)


@cache
def _cues() -> re.Pattern[str]:
    """All cues as one pattern; a group's name is the theme and the weight."""
    groups: list[str] = []
    for weight in (3, 1):
        groups += [f"(?P<{t}{weight}>{words[weight]})" for t, words in statement_wording()["themes"].items()]
    return re.compile("|".join(groups))
