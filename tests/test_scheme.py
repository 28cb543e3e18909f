"""The label scheme as shipped: its definitions come out as they stand in the file."""

import re
from pathlib import Path
from typing import Any

import gongkai.annotations
import pytest
import yaml
from gongkai.annotations.scheme import scheme

FILE = Path(gongkai.annotations.__file__).with_name("scheme.yaml")
TEXT = FILE.read_text("utf-8")
METRIC_LINES = re.findall(r"^  (\w+): +\{zh: .*?, unit: .*?, doc: (.*)\}$", TEXT, re.MULTILINE)


def test_every_metric_stands_on_a_line_of_its_own_with_its_definition():
    assert [code for code, _ in METRIC_LINES] == list(scheme().metrics)


@pytest.mark.parametrize(("code", "printed"), METRIC_LINES)
def test_the_definition_of_a_metric_is_whole(code: str, printed: str):
    assert scheme().metrics[code].doc == printed.strip("\"'")


def test_definitions_with_commas_braces_and_quotes_are_not_cut():
    docs = {code: metric.doc for code, metric in scheme().metrics.items()}
    assert docs["followers"] == "followers, subscribers"
    assert docs["info_published"].endswith('; "Weibo posts" is this metric on channel weibo')
    assert docs["trainees"] == "staff trained; the public and volunteers in a campaign are participants"


def test_no_entry_of_the_file_is_left_without_a_value():
    """A text that is cut at a comma leaves its rest as a key without a value."""
    assert _empty(yaml.safe_load(TEXT)) == ["metrics.other.unit"]


def _empty(value: Any, path: str = "") -> list[str]:
    if isinstance(value, dict):
        return [found for key, inner in value.items() for found in _empty(inner, f"{path}.{key}".lstrip("."))]
    if isinstance(value, list):
        return [found for inner in value for found in _empty(inner, path)]
    return [path] if value is None else []
