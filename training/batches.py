# pyright: basic
"""Examples as rows of a data set, and rows as batches of tensors."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from datasets import Dataset
from torch import Tensor

from ..extraction.narrative.hints import linkable
from ..models.boundaries import word_boundaries
from ..models.heads import HeadShapes, distance_bucket, hint_rows
from ..models.network import Batch
from ..models.tags import tags_of
from ..models.vocabulary import Vocabulary
from ..models.windows import Hint, Span
from .examples import Example

_torch: Any = torch
IGNORED = -100


@dataclass(frozen=True, slots=True)
class Targets:
    """What the heads should say of a `Batch`; `IGNORED` where there is nothing to learn."""

    mentions: Tensor
    statements: Tensor
    facts: Tensor
    weights: Tensor
    themes: Tensor
    done: Tensor
    lines: Tensor


def rows_of(examples: Sequence[Example], vocabulary: Vocabulary, *, words: bool) -> Dataset:
    """Return a data set with one row an example: numbers of characters, spans by token, and what is to be learnt."""
    return Dataset.from_list([_row(example, vocabulary, words) for example in examples])


def _row(example: Example, vocabulary: Vocabulary, words: bool) -> dict[str, Any]:
    window = example.window
    text = vocabulary.encode(window.text)
    first = 2 + len(window.prefix)
    ids = [vocabulary.begin, *vocabulary.encode(window.prefix), vocabulary.end, *text, vocabulary.end]
    boundaries = [0] * len(ids)
    if words:
        boundaries[first : first + len(text)] = word_boundaries(window.text)

    told = [Span(*mention, 1.0) for mention in example.mentions or ()]

    def by_token(spans: Sequence[Sequence[int]]) -> list[list[int]]:
        return [[span[0] + first, span[1] + first, *span[2:]] for span in spans]

    def tagged(spans: Sequence[tuple[int, int, int]] | None) -> list[int]:
        tags = [IGNORED] * len(text) if spans is None else tags_of(spans, len(text))
        return [IGNORED] * first + tags + [IGNORED]

    def hinted(hints: Sequence[int]) -> list[int]:
        return [0] * first + list(hints or [0] * len(text)) + [0]

    return {
        "length": len(ids),
        "ids": ids,
        "boundaries": boundaries,
        "mention_tags": tagged(example.mentions),
        "mention_hints": hinted(example.mention_hints),
        "statement_tags": tagged(example.statements),
        "statement_hints": hinted(example.statement_hints),
        "candidates": by_token([candidate[:2] for candidate in example.candidates]),
        "hints": [list(candidate.hint) for candidate in example.candidates],
        "facts": [list(row) for row in example.facts],
        "weights": list(example.weights),
        "mentions": by_token([mention[:3] for mention in told]),
        "named": by_token([words[:3] for words in linkable(told, example.named) if words not in told]),
        "items": by_token([(item.start, item.end) for item in example.items]),
        "item_hints": [list(item.ruled) for item in example.items],
        "themes": [list(item.themes) for item in example.items],
        "done": [IGNORED if item.done is None else int(item.done) for item in example.items],
        "lines": by_token(example.lines),
    }


@dataclass(frozen=True, slots=True)
class Collator:
    """Puts rows together as a batch.

    ``hints`` is how often what the rules made of a window is shown, ``masked`` the share of characters that are not.
    """

    shapes: HeadShapes
    vocabulary: Vocabulary
    themes: int
    hints: float
    masked: float
    dropped_mentions: float = 0.15
    """How often a mention is no link's, so that a candidate's own words count too."""

    def __call__(self, rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
        """Return the batch and its targets."""
        length = max(row["length"] for row in rows)
        shown = np.random.random(len(rows)) < self.hints

        def padded(name: str, value: int) -> Tensor:
            return torch.tensor([row[name] + [value] * (length - row["length"]) for row in rows])

        def spans(name: str) -> Tensor:
            found = [[n, *span[:2]] for n, row in enumerate(rows) for span in row[name]]
            return torch.tensor(found, dtype=torch.long).reshape(-1, 3)

        def tag_hints(name: str, untold: int) -> Tensor:
            hints = padded(name, 0)
            hints[torch.tensor(~shown)] = untold
            return hints

        ids = padded("ids", self.vocabulary.pad)
        edges = torch.tensor([self.vocabulary.begin, self.vocabulary.end, self.vocabulary.pad])
        hidden = torch.tensor(np.random.random(ids.shape) < self.masked) & ~_torch.isin(ids, edges)
        ids[hidden] = self.vocabulary.mask
        lengths = torch.tensor([row["length"] for row in rows])
        linked = [row["mentions"] + (row["named"] if shown[n] else []) for n, row in enumerate(rows)]
        mentions = [[n, *span] for n, spans in enumerate(linked) for span in spans]
        hints = [Hint(*hint) if shown[n] else Hint() for n, row in enumerate(rows) for hint in row["hints"]]
        facts = [row for each in rows for row in each["facts"]]
        themes = torch.zeros(sum(len(row["themes"]) for row in rows), self.themes)
        for place, numbers in enumerate(numbers for row in rows for numbers in row["themes"]):
            themes[place, numbers] = 1
        item_hints = torch.zeros(len(themes), self.themes + 1)
        told = [
            row["item_hints"] if shown[n] else [[self.themes]] * len(row["themes"])
            for n, row in enumerate(rows)
        ]
        for place, numbers in enumerate(numbers for each in told for numbers in each):
            item_hints[place, numbers] = 1
        batch = Batch(
            ids=ids,
            attention=(_torch.arange(length)[None] < lengths[:, None]).long(),
            boundaries=padded("boundaries", 0),
            mention_hints=tag_hints("mention_hints", self.shapes.mentions + 1),
            statement_hints=tag_hints("statement_hints", self.shapes.statements + 1),
            candidates=spans("candidates"),
            hints=torch.tensor(hint_rows(hints, self.shapes.facts), dtype=torch.long).reshape(
                -1, len(self.shapes.facts)
            ),
            mentions=torch.tensor([span[:3] for span in mentions], dtype=torch.long).reshape(-1, 3),
            mention_labels=torch.tensor([span[3] + 1 for span in mentions], dtype=torch.long),
            links=torch.tensor(self._links(rows, linked), dtype=torch.long).reshape(-1, 3),
            items=spans("items"),
            item_hints=item_hints,
            lines=spans("lines"),
        )
        targets = Targets(
            mentions=padded("mention_tags", IGNORED),
            statements=padded("statement_tags", IGNORED),
            facts=torch.tensor(facts, dtype=torch.long).reshape(-1, len(self.shapes.facts)),
            weights=torch.tensor([weight for row in rows for weight in row["weights"]]),
            themes=themes,
            done=torch.tensor([done for row in rows for done in row["done"]], dtype=torch.long),
            lines=torch.tensor([line[2] for row in rows for line in row["lines"]], dtype=torch.long),
        )
        return {"batch": batch, "targets": targets}

    def _links(
        self, rows: Sequence[dict[str, Any]], linked: Sequence[list[list[int]]]
    ) -> list[tuple[int, int, int]]:
        links: list[tuple[int, int, int]] = []
        candidates = mentions = 0
        for row, named in zip(rows, linked, strict=True):
            kept = np.random.random(len(named)) >= self.dropped_mentions
            for i, candidate in enumerate(row["candidates"]):
                for j, mention in enumerate(named):
                    if kept[j]:
                        span = (mention[0], mention[1])
                        links.append(
                            (
                                candidates + i,
                                mentions + j,
                                distance_bucket((candidate[0], candidate[1]), span),
                            )
                        )
            candidates += len(row["candidates"])
            mentions += len(named)
        return links
