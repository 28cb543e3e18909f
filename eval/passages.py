"""Fresh passages with facts: the reader of facts measured on text its rules were not written beside.

``python -m gongkai.eval.passages`` prints the scores. The passages are invented, in the manner of many bureaus, by
writers who did not know the rules. ``development`` has been looked at since, to widen the vocabulary. The others have
only ever been scored: ``held_out_natural`` tells figures as densely as real reports do, ``held_out_dense`` crams them
into terse lists.
"""

from pathlib import Path

from pydantic import TypeAdapter

from ..annotations.matching import Score, score
from ..extraction.document import Document
from ..extraction.narrative.facts import Fact, read_facts
from ..extraction.record import Model
from ..extraction.sections import Section
from .gold import GoldFact

FOLDER = Path(__file__).parent / "passages"
SETS = ("development", "held_out_natural", "held_out_dense")


class Passage(Model):
    """A stretch of narrative from one section, with its facts."""

    id: str
    section: str
    agency: str
    year: int
    text: str
    facts: list[GoldFact]


def load_passages(name: str) -> list[Passage]:
    """Return the passages of one of `SETS`."""
    return TypeAdapter(list[Passage]).validate_json((FOLDER / f"{name}.json").read_bytes())


def read_passage(passage: Passage) -> tuple[Fact, ...]:
    """Return the facts that the reader finds in ``passage``."""
    document = Document(passage.text, (), passage.id, "", "text")
    return read_facts(document, (Section(passage.section, "", 0, 0, len(passage.text)),))


def score_passages(passages: list[Passage]) -> dict[str, Score]:
    """Return the scores over all ``passages``; uncertain facts are don't-care (`metrics.score`)."""
    totals = {"metric, channel, value": Score(), "metric, value": Score(), "span": Score()}
    for passage in passages:
        found = read_passage(passage)
        for name, fits in (
            ("metric, channel, value", _same_fact),
            ("metric, value", _same_metric),
            ("span", _any),
        ):
            totals[name] += score(passage.facts, found, fits)
    return totals


def _same_fact(g: GoldFact, p: Fact) -> bool:
    return _same_metric(g, p) and g.channel == p.channel


def _same_metric(g: GoldFact, p: Fact) -> bool:
    return g.metric == p.metric and g.value == p.value


def _any(_g: GoldFact, _p: Fact) -> bool:
    return True


def main() -> None:
    """Print precision, recall and F1 for each set."""
    print(f"{'':<44}{'precision':>10}{'recall':>8}{'F1':>8}{'facts':>8}")
    for name in SETS:
        for level, s in score_passages(load_passages(name)).items():
            print(
                f"{name + ': ' + level:<44}{s.precision:>10.3f}{s.recall:>8.3f}{s.f1:>8.3f}{s.hits + s.misses:>8}"
            )


if __name__ == "__main__":
    main()
