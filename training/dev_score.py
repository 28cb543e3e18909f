"""How well a reader in training reads the examples of the dev part."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..annotations.matching import Score
from ..extraction.narrative.hints import linkable
from ..models.reader import Reader
from ..models.tags import best_spans
from ..models.windows import Candidate
from .examples import Example


@dataclass(frozen=True, slots=True)
class DevScore:
    """F1 of the heads: facts are (metric, channel) of quantities, statements exact spans, themes of the gold spans."""

    facts: Score
    metrics: Score
    mentions: Score
    statements: Score
    themes: Score
    lines: Score

    @property
    def mean(self) -> float:
        """What training watches: facts count most. A head without gold counts as perfect, always."""
        parts = (self.mentions, self.statements, self.themes, self.lines)
        return 0.6 * self.facts.f1 + 0.1 * sum(part.f1 for part in parts)


def dev_score(reader: Reader, examples: Sequence[Example], *, hints: bool) -> DevScore:
    """Score ``reader`` on labelled examples, with what the rules made of them or without."""
    facts = metrics = mentions = statements = themes = lines = Score()
    for example, states in zip(examples, reader.states([e.window for e in examples]), strict=True):
        found = reader.mentions(states, told_hints(example.mention_hints, len(states), hints))
        if example.mentions is not None:
            mentions += _score(set(example.mentions), {m[:3] for m in found})
        if example.candidates:
            asked = asked_candidates(example, hints)
            reading = reader.quantities(states, asked, linkable(found, example.named) if hints else found)
            best = np.stack((reading.metric.argmax(-1), reading.channel.argmax(-1)), -1).tolist()
            have = {(n, *pair) for n, pair in enumerate(best) if pair[0]}
            want = {(n, *row[:2]) for n, row in enumerate(example.facts) if row[0]}
            facts += _score(want, have)
            metrics += _score({w[:2] for w in want}, {h[:2] for h in have})
        if example.statements is not None:
            told = told_hints(example.statement_hints, len(states), hints)
            spans = best_spans(reader.statement_scores(states, told))
            statements += _score(set(example.statements), {s[:3] for s in spans})
        if example.items:
            ruled = [item.ruled for item in example.items] if hints else None
            chances, _ = reader.items(states, [(i.start, i.end) for i in example.items], ruled)
            for item, chance in zip(example.items, chances, strict=True):
                themes += _score(set(item.themes), {int(t) for t in np.flatnonzero(chance >= 0.5)})
        if example.lines:
            best_lines = reader.lines(states, [(a, b) for a, b, _ in example.lines]).argmax(-1)
            lines += _score(
                set(example.lines),
                {(a, b, int(n)) for (a, b, _), n in zip(example.lines, best_lines, strict=True)},
            )
    return DevScore(facts, metrics, mentions, statements, themes, lines)


def asked_candidates(example: Example, hints: bool) -> list[Candidate]:
    """Return an example's candidates, with what the rules made of them or without."""
    return [c if hints else Candidate(c.start, c.end) for c in example.candidates]


def told_hints(hints: Sequence[int], length: int, asked: bool) -> Sequence[int] | None:
    """Return the rules' labels of ``length`` characters, None where they are not asked."""
    return (hints or [0] * length) if asked else None


def _score(want: set[tuple[int, ...]] | set[int], have: set[tuple[int, ...]] | set[int]) -> Score:
    hits = len(want & have)  # type: ignore[reportOperatorIssue]
    return Score(hits, len(have) - hits, len(want) - hits)
