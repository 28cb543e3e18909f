"""Speed and memory of reading text reports: ``python -m gongkai.eval.bench.speed [FOLDER]``."""

import os
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path

from ...extraction.batch import extract_files
from ...extraction.components import RULES, shipped
from ...extraction.masthead import read_masthead
from ...extraction.merge import Findings, merge
from ...extraction.narrative.channel_words import read_channels
from ...extraction.narrative.facts import read_facts
from ...extraction.narrative.statements import read_statements
from ...extraction.normalise import normalised
from ...extraction.pipeline import extract
from ...extraction.readers import read_document
from ...extraction.sections import find_sections
from ...extraction.tables import check_tables, read_tables
from ...extraction.writers import json_line

ROUNDS = 8
MANY = 40


def main() -> None:
    """Print reports a second, where the time goes, and the peak memory; `batches` tells how time grows with length."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "examples")
    files = sorted(folder.glob("*.txt"))
    if not files:
        sys.exit(f"no .txt files in {folder}")
    characters = sum(len(read_document(path).text) for path in files) // len(files)
    seconds = _best(lambda: [json_line(extract(path)) for path in files]) / len(files)
    print(f"{len(files)} reports of {characters} characters on average, best of {ROUNDS} rounds")
    print(f"{1 / seconds:.1f} reports a second one by one ({seconds * 1e3:.1f} ms each), file to JSON line")
    many = [str(path) for path in files] * MANY
    together = _best(lambda: [json_line(record) for record in extract_files(many)], rounds=2) / len(many)
    print(
        f"{1 / together:.1f} reports a second with all {os.cpu_count()} cores, {len(many)} reports, start included"
    )
    ruled = _best(lambda: [json_line(extract(path, RULES)) for path in files]) / len(files)
    print(f"{1 / ruled:.0f} reports a second by the rules alone")
    for name, milliseconds in _stages(files).items():
        print(f"  {name:<22}{milliseconds:6.2f} ms a report")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak memory {peak:.0f} MB")


def _best(step: Callable[[], object], rounds: int = ROUNDS) -> float:
    """The shortest time of several, which other work on the machine disturbs least."""
    times: list[float] = []
    for _ in range(rounds):
        begin = time.perf_counter()
        step()
        times.append(time.perf_counter() - begin)
    return min(times)


def _stages(files: list[Path]) -> dict[str, float]:
    """Milliseconds a report in each component, one report after the other as in a batch; the rest is writing."""
    seconds: dict[str, float] = {}
    for path in files:
        document = read_document(path)
        sections = find_sections(document)
        cells = read_tables(document, sections).cells
        facts = read_facts(document, sections)
        found = Findings(read_masthead(document, sections), "2021", sections, cells, facts=facts)
        steps: dict[str, Callable[[], object]] = {
            "reader": lambda path=path: read_document(path),
            "sections": lambda d=document: (normalised.cache_clear(), find_sections(d)),
            "masthead": lambda d=document, s=sections: read_masthead(d, s),
            "tables": lambda d=document, s=sections: read_tables(d, s),
            "checks": lambda c=cells: check_tables(c),
            "facts, by rules": lambda d=document, s=sections: read_facts(d, s),
            "channels, by rules": lambda d=document, s=sections: read_channels(d, s),
            "statements, by rules": lambda d=document, s=sections: read_statements(d, s),
            "narrative, learned": lambda d=document, s=sections: shipped().narrative(d, s),
            "merge": lambda d=document, f=found: merge(d, f),
        }
        for name, step in steps.items():
            seconds[name] = seconds.get(name, 0.0) + _best(step)
    return {name: total * 1e3 / len(files) for name, total in seconds.items()}


if __name__ == "__main__":
    main()
