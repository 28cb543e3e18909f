"""The settings of a training run: the defaults, and changes that a user writes on the command line."""

import pytest
from gongkai.training.settings import SettingsError, settings


def test_the_defaults_are_settings():
    chosen = settings()
    assert chosen.base is None
    assert chosen.optimiser.precision in ("bf16", "fp32")
    assert chosen == settings([])


CHANGES = [
    ("seed=7", "seed", 7),
    ("seed = 7", "seed", 7),
    ("base=encoders/zh", "base", "encoders/zh"),
    ("base=bilstm:encoders/zh", "base", "bilstm:encoders/zh"),
    ("base=encoders/a=b", "base", "encoders/a=b"),
    ("network.layers=null", "network.layers", None),
    ("network.words=true", "network.words", True),
    ("optimiser.epochs=0.5", "optimiser.epochs", 0.5),
    ("optimiser.encoder_rate=3e-5", "optimiser.encoder_rate", 3e-5),
    ("optimiser.precision=fp32", "optimiser.precision", "fp32"),
    ("loss.rare_metrics=0", "loss.rare_metrics", 0),
]


@pytest.mark.parametrize(("change", "name", "value"), CHANGES)
def test_a_change_reaches_its_setting_and_no_other(change: str, name: str, value: object):
    default, changed = settings().model_dump(), settings([change]).model_dump()
    *room, last = name.split(".")
    place, as_it_was = changed, default
    for part in room:
        place, as_it_was = place[part], as_it_was[part]
    assert place[last] == value
    place[last] = as_it_was[last]
    assert changed == default


def test_the_last_of_several_changes_counts():
    chosen = settings(["optimiser.epochs=2", "optimiser.batch=4", "optimiser.epochs=3"])
    assert (chosen.optimiser.epochs, chosen.optimiser.batch) == (3, 4)


def test_changes_do_not_outlast_their_run():
    before = settings()
    assert settings(["network.hidden=64"]) != before
    assert settings() == before


@pytest.mark.parametrize(
    "name", ["epochs", "optimiser.epoch", "optimizer.epochs", "network.layers.first", "seed.x", "base.x", ""]
)
def test_an_unknown_setting_is_named(name: str):
    with pytest.raises(SettingsError) as error:
        settings([f"{name}=1"])
    assert f"there is no setting {name};" in str(error.value)
    assert "training/defaults.yaml" in str(error.value)


BAD_VALUES = [
    ("seed=many", "seed"),
    ("seed=1.5", "seed"),
    ("seed=", "seed"),
    ("base=3", "base"),
    ("network=null", "network"),
    ("network.layers=0", "network.layers"),
    ("network.hidden=4", "network.hidden"),
    ("network.dropout=1", "network.dropout"),
    ("network.words=perhaps", "network.words"),
    ("data.copies=-1", "data.copies"),
    ("data.hints=1.2", "data.hints"),
    ("optimiser.epochs=0", "optimiser.epochs"),
    ("optimiser.epochs=[1, 2]", "optimiser.epochs"),
    ("optimiser.batch=0", "optimiser.batch"),
    ("optimiser.encoder_rate=-1e-4", "optimiser.encoder_rate"),
    ("optimiser.precision=fp16", "optimiser.precision"),
    ("loss.smoothing=0.5", "loss.smoothing"),
    ("loss.metric=.nan", "loss.metric"),
]


@pytest.mark.parametrize(("change", "name"), BAD_VALUES)
def test_a_value_that_makes_no_sense_is_an_error_that_names_its_setting(change: str, name: str):
    with pytest.raises(SettingsError) as error:
        settings([change])
    assert f"{name}: " in str(error.value)


@pytest.mark.parametrize("value", ["[1", "*there", "2020-13-45", "{a: b: c}", "\x07"])
def test_a_value_that_is_no_yaml_is_an_error_that_names_its_setting(value: str):
    with pytest.raises(SettingsError, match=r"optimiser\.epochs"):
        settings([f"optimiser.epochs={value}"])


@pytest.mark.parametrize("name", ["optimiser.epochs", "optimiser.encoder_rate", "loss.metric"])
def test_an_endless_value_is_an_error_that_names_its_setting(name: str):
    with pytest.raises(SettingsError, match=name):
        settings([f"{name}=.inf"])


def test_a_change_without_a_value_is_told_how_to_write_it():
    with pytest.raises(SettingsError, match=r"'optimiser\.epochs': write NAME=VALUE"):
        settings(["optimiser.epochs"])
