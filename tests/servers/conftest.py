"""Tests against the real annotation programs, collected only where these are named (``make test-servers``).

``GONGKAI_LABEL_STUDIO`` and ``GONGKAI_DOCCANO`` are the paths of the programs ``label-studio`` and ``doccano``, each in
a virtual environment of its own.
"""

import os
from pathlib import Path

import pytest
from gongkai.annotations.labelled import LabelledText
from gongkai.extraction.labelling import labelled_record, reread
from gongkai.extraction.pipeline import extract

PROGRAMS = {"test_label_studio.py": "GONGKAI_LABEL_STUDIO", "test_doccano.py": "GONGKAI_DOCCANO"}
collect_ignore = [name for name, variable in PROGRAMS.items() if variable not in os.environ]


@pytest.fixture(scope="session")
def real_reports(seeds: Path) -> list[LabelledText]:
    """The records of the five real reports, as labelled texts."""
    records = [extract(str(path)) for path in sorted(seeds.glob("*.txt"))]
    assert len(records) == 5
    return [labelled_record(record, reread(record)) for record in records]
