"""What a real Label Studio takes, and gives back through its API."""

import json
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from gongkai.annotations.formats import FORMATS, ImportProblem
from gongkai.annotations.labelled import LabelledText
from hypothesis import HealthCheck, given, settings

from ..labelled_texts import many
from .label_studio_server import LabelStudio, running

FORMAT = FORMATS["label-studio"]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LabelStudio]:
    with running(Path(os.environ["GONGKAI_LABEL_STUDIO"]), tmp_path_factory.mktemp("label_studio")) as studio:
        yield studio


def through(server: LabelStudio, texts: list[LabelledText]) -> list[LabelledText | ImportProblem]:
    """Export, import into a new project, accept the predictions, export from there, and read that."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        assert FORMAT.write(texts, folder) == []
        project = server.project((folder / "label_config.xml").read_text("utf-8"))
        taken = server.import_tasks(project, json.loads((folder / "tasks.json").read_text("utf-8")))
        assert (taken["task_count"], taken["prediction_count"]) == (len(texts), len(texts))
        server.accept_predictions(project)
        exported = server.export(project)
        assert [len(task["annotations"]) for task in exported] == [1] * len(texts)
        (folder / "project.json").write_text(json.dumps(exported), "utf-8")
        return list(FORMAT.read(folder))


def test_the_configuration_is_valid(server: LabelStudio, tmp_path: Path):
    FORMAT.write([], tmp_path)
    config = (tmp_path / "label_config.xml").read_text("utf-8")
    assert server.call("POST", "/api/projects/validate/", {"label_config": config}) is None


def test_the_records_of_the_real_reports_come_back_equal(
    server: LabelStudio, real_reports: list[LabelledText]
):
    assert through(server, real_reports) == real_reports


@given(texts=many)
@settings(max_examples=3, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
def test_random_texts_come_back_equal(server: LabelStudio, texts: list[LabelledText]):
    assert through(server, texts) == texts
