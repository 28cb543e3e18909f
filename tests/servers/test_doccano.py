"""What a real doccano takes, and gives back through its API, in both shapes of its files."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from gongkai.annotations.formats import FORMATS, ImportProblem
from gongkai.annotations.labelled import LabelledText
from hypothesis import HealthCheck, given, settings

from ..labelled_texts import many
from .doccano_server import Doccano, running

FORMAT = FORMATS["doccano"]
both_shapes = pytest.mark.parametrize("relations", [True, False])


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Doccano]:
    with running(Path(os.environ["GONGKAI_DOCCANO"]), tmp_path_factory.mktemp("doccano")) as doccano:
        yield doccano


def through(
    server: Doccano, texts: list[LabelledText], relations: bool
) -> list[LabelledText | ImportProblem]:
    """Export, import into a new project, export from there, and read that."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        FORMAT.write(texts, folder)
        project = server.project(relations)
        path = folder / ("relations.jsonl" if relations else "sequence_labelling.jsonl")
        assert server.import_file(project, path, relations) == []
        (folder / "all.jsonl").write_bytes(server.export(project))
        return list(FORMAT.read(folder))


@both_shapes
def test_the_records_of_the_real_reports_come_back_equal(
    server: Doccano, real_reports: list[LabelledText], relations: bool
):
    assert through(server, real_reports, relations) == real_reports


@both_shapes
@given(texts=many)
@settings(max_examples=3, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
def test_random_texts_come_back_equal(server: Doccano, texts: list[LabelledText], relations: bool):
    assert through(server, texts, relations) == [text for text in texts if text.text]
