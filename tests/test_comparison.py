"""Tables of variants of the learned reader."""

from pathlib import Path

import pytest
from gongkai.annotations.corpus import part_of, read_corpus
from gongkai.annotations.labelled import is_passage
from gongkai.eval.ablation import ablation_table, variants
from gongkai.eval.comparison import comparison_table, settings_for
from gongkai.models.runtime import load_reader
from gongkai.training.settings import settings


def test_a_variant_shows_mean_and_deviation_over_its_seeds():
    table = comparison_table(
        {
            "one": [{"dev: F1": 0.70, "MB": 12.0}, {"dev: F1": 0.80, "MB": 12.0}],
            "two": [{"dev: F1": 0.5, "characters a second": 12345.6}],
        }
    )
    assert table.splitlines() == [
        "|  | seeds | dev: F1 | MB | characters a second |",
        "| --- | --- | --- | --- | --- |",
        "| one | 2 | 0.750 ± 0.071 | 12.0 | – |",
        "| two | 1 | 0.500 | – | 12,346 |",
    ]


@pytest.mark.parametrize(
    ("variant", "base"),
    [("6 layers", "BERT"), ("4 layers, adapted", "runs/adapted"), ("BiLSTM from scratch", "bilstm:BERT")],
)
def test_a_variant_starts_from_its_own_base(variant: str, base: str):
    assert settings(settings_for(variant, "BERT", Path("runs"), "1")).base == base


def test_the_ablation_has_a_row_for_each_variant_and_its_parts_matter():
    dense = [text for text in read_corpus() if part_of(text) == "dev" and is_passage(text)][:12]
    rows = ablation_table(variants(load_reader()), {"dev": dense}).splitlines()[4:]
    cells = {row.split("|")[1].strip(): row.split("|")[2].strip() for row in rows}
    assert list(cells)[:3] == ["rules alone", "network alone", "both"]
    assert len(set(cells.values())) == len(cells)
