"""Sections where headings are damaged: ``python -m gongkai.eval.bench.headings --reports ../shared/seeds``."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from ...annotations.corpus import part_of, read_corpus
from ...annotations.labelled import LabelledText, is_passage
from ...extraction.components import RULES, Components, shipped
from ...extraction.document import Document
from ...extraction.readers.text import text_blocks
from ...training.line_examples import NO_HEADINGS, NO_NUMERALS, PLAIN, without_headings
from ..gold import load_gold
from ..predictions import with_texts
from ..score import Accuracy

DAMAGE = {
    "headings as they are": PLAIN,
    "numerals of headings removed": NO_NUMERALS,
    "headings removed": NO_HEADINGS,
}


def main(
    reports: Annotated[Path | None, typer.Option(help="The folder with the gold set's reports.")] = None,
) -> None:
    """Print how many lines of whole reports get the label of their innermost section, by the rules and with the reader."""
    sets = {"dev part": [t for t in read_corpus() if part_of(t) == "dev" and not is_passage(t)]}
    if reports is not None:
        sets["real reports"] = with_texts(load_gold(), reports)
    for damage, variant in DAMAGE.items():
        for name, texts in sets.items():
            ruled, read = (label_accuracy(texts, variant, parts) for parts in (RULES, shipped()))
            print(
                f"{damage}, {name}: rules {ruled.rate:.3f}, with the reader {read.rate:.3f} of {read.total} lines"
            )


def label_accuracy(texts: Sequence[LabelledText], variant: int, components: Components) -> Accuracy:
    """Return how many lines of damaged ``texts`` that are not blank lie in a section of the right label."""
    right = total = 0
    for text in texts:
        printed, wanted = without_headings(text, variant)
        document = Document(printed, text_blocks(printed), text.id, "", "text")
        found = ["noise"] * len(printed)
        for section in sorted(components.sections(document), key=lambda s: (s.start, -s.end)):
            found[section.start : section.end] = [section.label] * (section.end - section.start)
        for block in document.blocks:
            line = printed[block.start : block.end]
            if line.strip():
                at = block.start + len(line) - len(line.lstrip())
                right, total = right + (found[at] == wanted[at]), total + 1
    return Accuracy(right, total)


if __name__ == "__main__":
    typer.run(main)
