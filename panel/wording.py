"""The database's own words in Chinese, for the people who read the sheets, the page and the file of decisions."""

import re
from functools import cache

from ..annotations.scheme import scheme
from .codebook import statistic_columns
from .knowledge import panel_knowledge


def in_chinese(words: str) -> str:
    """Return what the database says in English, or by a code, in Chinese; other words as they are."""
    for pattern, chinese in _said():
        found = pattern.fullmatch(words)
        if found:
            return found.expand(chinese)
    return _cells().get(words) or _identity(words) or words


def _identity(check: str) -> str | None:
    """What a check compares, by its id."""
    for pattern, chinese, names in _identities():
        found = pattern.fullmatch(check)
        if found:
            code = found[1] if found.lastindex else ""
            return chinese.format(_name(names, code))
    return None


def _name(names: str, code: str) -> str:
    known = scheme()
    match names:
        case "column":
            return known.column_names.get(code, code)
        case "metric":
            return known.metrics[code].zh if code in known.metrics else code
        case _:
            return known.row_names.get(f"{names}.{code}", code)


@cache
def _said() -> list[tuple[re.Pattern[str], str]]:
    return [(re.compile(pattern), words) for pattern, words in panel_knowledge()["said"]]


@cache
def _identities() -> list[tuple[re.Pattern[str], str, str]]:
    return [(re.compile(pattern), words, names) for pattern, words, names in panel_knowledge()["identities"]]


@cache
def _cells() -> dict[str | None, str]:
    return {column.code: column.name_zh for column in statistic_columns()}
