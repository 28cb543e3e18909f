"""How long each stage of reading scans takes, told by a profile of the reader as it is."""

import cProfile
import os
import pstats
import time
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

Stages = dict[str, float]
"""Seconds of a core by stage."""

_OF_A_PAGE = "recognise_page"
_STAGES = {
    "prepare": "evening out, setting straight",
    "set_upright": "finding lines, which way is up",
    "find_rules": "rules and tables",
    "find_tables": "rules and tables",
    "read_lines": "reading lines",
    "_table": "reading cells",
}
"""What `recognise_page` calls."""
_AGAIN, _REST = "reading doubtful cells again", "all else"
_NAMES = (*dict.fromkeys(_STAGES.values()), _AGAIN, _REST)


def busy() -> float:
    """Return the seconds of a core that this process and those it waited for have used."""
    return sum(os.times()[:4])


@contextmanager
def staged() -> Generator[Stages]:
    """Profile what is done inside; afterwards the mapping holds the seconds of each stage."""
    stages: Stages = {}
    profile = cProfile.Profile(time.process_time)
    begin = time.process_time()
    profile.enable()
    try:
        yield stages
    finally:
        profile.disable()
        stages |= _stages_of(profile, time.process_time() - begin)


def _stages_of(profile: cProfile.Profile, seconds: float) -> Stages:
    told = dict.fromkeys(_NAMES, 0.0)
    statistics: Any = pstats.Stats(profile)
    for (file, _, name), (_, _, _, taken, callers) in statistics.stats.items():
        if name == "reread_tables":
            told[_AGAIN] += taken
        for (_, _, caller), times in callers.items():
            if caller == _OF_A_PAGE and name in _STAGES and Path(file).parent.name == "scan":
                told[_STAGES[name]] += times[3]
    told[_REST] = seconds - sum(told.values())
    return told


def stages_table(stages: Mapping[str, Stages], pages: Mapping[str, int]) -> str:
    """Return a Markdown table: seconds of a core a page, a line for each design."""
    lines = [["CPU s a page", *_NAMES], ["---"] * (1 + len(_NAMES))]
    for name, told in stages.items():
        lines.append([name, *(f"{told[stage] / max(pages[name], 1):.2f}" for stage in _NAMES)])
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
