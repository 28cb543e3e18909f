"""Speed and memory of reading text reports on one core: ``python -m gongkai.eval.bench.speed [FOLDER]``."""

import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from ...extraction.masthead import read_masthead
from ...extraction.narrative.facts import read_facts
from ...extraction.narrative.statements import read_statements
from ...extraction.pipeline import extract
from ...extraction.readers import read_document
from ...extraction.sections import find_sections
from ...extraction.tables import check_tables, read_tables
from ...extraction.writers import json_line

ROUNDS = 20
GROWTH = (1, 4, 16, 64)


def main() -> None:
    """Print reports a second, where the time goes, growth with length, and the peak memory."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "examples")
    files = sorted(folder.glob("*.txt"))
    if not files:
        sys.exit(f"no .txt files in {folder}")
    characters = sum(len(read_document(path).text) for path in files) // len(files)
    seconds = _best(lambda: [json_line(extract(path)) for path in files]) / len(files)
    print(f"{len(files)} reports of {characters} characters on average, best of {ROUNDS} rounds")
    print(f"{1 / seconds:.0f} reports a second on one core ({seconds * 1e3:.1f} ms each), file to JSON line")
    for name, milliseconds in _stages(files).items():
        print(f"  {name:<12}{milliseconds:6.2f} ms a report")
    print(_growth(files[0]))
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
    """Milliseconds a report in each component; what is left of the total is merging and writing."""
    documents = [read_document(path) for path in files]
    sections = [find_sections(document) for document in documents]
    cells = [read_tables(d, s).cells for d, s in zip(documents, sections, strict=True)]
    both = list(zip(documents, sections, strict=True))
    steps: dict[str, Callable[[], object]] = {
        "reader": lambda: [read_document(path) for path in files],
        "sections": lambda: [find_sections(d) for d in documents],
        "masthead": lambda: [read_masthead(d, s) for d, s in both],
        "tables": lambda: [read_tables(d, s) for d, s in both],
        "checks": lambda: [check_tables(c) for c in cells],
        "facts": lambda: [read_facts(d, s) for d, s in both],
        "statements": lambda: [read_statements(d, s) for d, s in both],
    }
    return {name: _best(step) * 1e3 / len(files) for name, step in steps.items()}


def _growth(path: Path) -> str:
    """Seconds for one report with its narrative repeated, to see that time grows with length and no faster."""
    text = read_document(path).text
    lines = ["growth with length:"]
    for factor in GROWTH:
        seconds = _time_text(text * factor)
        lines.append(f"  {len(text) * factor:>9} characters {seconds:8.3f} s")
    return "\n".join(lines)


def _time_text(text: str) -> float:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "report.txt"
        path.write_text(text, encoding="utf-8")
        return _best(lambda: extract(path), rounds=3)


if __name__ == "__main__":
    main()
