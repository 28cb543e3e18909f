"""``gongkai train`` on a small corpus and a tiny encoder."""

import re
from pathlib import Path

import pytest
import torch
from gongkai.app.cli import app
from gongkai.eval.gold import load_gold
from gongkai.models.runtime import load_reader
from typer.testing import CliRunner

from tests.tiny_reader import tiny_base

TEXTS = """
=== tiny-{n}
agency: {agency}
kind: city_police
region: 云东省 云岭市
year: 2021
section: {section}
---
{text}
"""
NARRATIVE = "全年通过[门户网站|website]发布信息{203条|info_published@website}，[微博|weibo]发布{12条|info_published@weibo}，召开发布会{3场|press_conferences}，{未收取|processing_fee =0}费用，破获案件51起。"
PROBLEMS = (
    "一是[[信息更新不够及时|P timeliness]]；二是[[人员不足|P staff]]。下一步[[加强培训|I training >2]]。"
)
QUICK = ["network.hidden=16", "data.copies=0", "optimiser.epochs=1", "optimiser.precision=fp32"]


@pytest.fixture(scope="module", autouse=True)
def one_thread():
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("corpus")
    documents = [
        TEXTS.format(n=n, agency=f"{name}市公安局", section=section, text=text)
        for n, (name, section, text) in enumerate(
            (name, section, text)
            for name in "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳"
            for section, text in (("overview.disclosure", NARRATIVE), ("problems", PROBLEMS))
        )
    ]
    (folder / "tiny_passages.txt").write_text("".join(documents), "utf-8")
    return folder


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> str:
    return tiny_base(tmp_path_factory.mktemp("base"))


def train(corpus: Path, base: str, output: Path, *more: str):
    given = ["train", "--base", base, "--corpus", str(corpus), "-o", str(output), *QUICK, *more]
    return CliRunner().invoke(app, given)


def weights(run: Path) -> bytes:
    return (run / "network.safetensors").read_bytes()


def test_a_run_leaves_a_reader_that_eval_can_score(corpus: Path, base: str, tmp_path: Path):
    trained = train(corpus, base, tmp_path / "run")
    assert trained.exit_code == 0, trained.output
    assert re.search(r"^steps \d+/\d+$", trained.output, re.MULTILINE)
    assert "pass 1" in trained.output
    scored = CliRunner().invoke(
        app, ["eval", str(tmp_path / "run" / "reader"), "--gold", str(corpus), "--part", "dev"]
    )
    assert scored.exit_code == 0, scored.output
    assert "facts (metric, channel, value)" in scored.output


def test_the_same_seed_gives_the_same_weights_and_another_seed_others(
    corpus: Path, base: str, tmp_path: Path
):
    for name, seed in (("one", 0), ("again", 0), ("other", 1)):
        assert train(corpus, base, tmp_path / name, f"seed={seed}").exit_code == 0
    assert weights(tmp_path / "one") == weights(tmp_path / "again")
    assert weights(tmp_path / "one") != weights(tmp_path / "other")


def test_a_run_that_was_cut_short_goes_on_and_ends_as_if_it_had_not_been(
    corpus: Path, base: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    from gongkai.training import trainer

    assert train(corpus, base, tmp_path / "whole", "optimiser.epochs=2").exit_code == 0
    scored = trainer.dev_score
    passes: list[int] = []

    def cut_in_the_second_pass(*given: object, **named: object):
        passes.append(1)
        if len(passes) == 2:
            raise KeyboardInterrupt
        return scored(*given, **named)  # pyright: ignore[reportArgumentType]

    monkeypatch.setattr(trainer, "dev_score", cut_in_the_second_pass)
    assert train(corpus, base, tmp_path / "cut", "optimiser.epochs=2").exit_code != 0
    monkeypatch.setattr(trainer, "dev_score", scored)
    resumed = train(corpus, base, tmp_path / "cut", "--resume", "optimiser.epochs=2")
    assert resumed.exit_code == 0, resumed.output
    assert "pass 1" not in resumed.output
    assert weights(tmp_path / "cut") == weights(tmp_path / "whole")


def test_a_bilstm_from_scratch_is_trained_and_shipped_the_same_way(corpus: Path, base: str, tmp_path: Path):
    trained = train(corpus, f"bilstm:{base}", tmp_path / "run")
    assert trained.exit_code == 0, trained.output
    assert load_reader(tmp_path / "run" / "reader").labels.metrics[0] == "none"


def test_a_student_imitates_a_finished_run(corpus: Path, base: str, tmp_path: Path):
    assert train(corpus, base, tmp_path / "teacher").exit_code == 0
    student = train(
        corpus, base, tmp_path / "student", "network.layers=1", f"distil.teacher={tmp_path / 'teacher'}"
    )
    assert student.exit_code == 0, student.output


def test_a_run_goes_on_from_a_finished_one(corpus: Path, base: str, tmp_path: Path):
    assert train(corpus, base, tmp_path / "first").exit_code == 0
    unmoved = ["optimiser.encoder_rate=1e-30", "optimiser.heads_rate=1e-30", "seed=1"]
    second = train(corpus, base, tmp_path / "second", f"start={tmp_path / 'first'}", *unmoved)
    assert second.exit_code == 0, second.output
    assert weights(tmp_path / "second") == weights(tmp_path / "first")
    other = train(corpus, base, tmp_path / "other", "network.layers=1", f"start={tmp_path / 'first'}")
    assert other.exit_code == 2
    assert "first" in other.output


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (["optimiser.epoch=3"], "optimiser.epoch"),
        (["optimiser.epochs=-1"], "optimiser.epochs"),
        (["distil.teacher=./nowhere"], "nowhere"),
        (["start=./nowhere"], "nowhere"),
    ],
)
def test_a_setting_that_makes_no_sense_is_named(
    corpus: Path, base: str, tmp_path: Path, given: list[str], told: str
):
    trained = train(corpus, base, tmp_path / "run", *given)
    assert trained.exit_code == 2
    assert told in trained.output


def test_a_base_that_is_not_there_is_named(corpus: Path, tmp_path: Path):
    trained = train(corpus, "./nowhere", tmp_path / "run")
    assert trained.exit_code == 2
    assert "nowhere" in trained.output


def test_the_corpus_of_the_tests_has_both_parts(corpus: Path):
    from gongkai.annotations.corpus import part_of

    assert {part_of(text) for text in load_gold(corpus)} == {"train", "dev"}
