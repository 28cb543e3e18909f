"""Shared fixtures."""

import os
from pathlib import Path

import pytest
from hypothesis import settings

# How long an example takes says nothing of whether it is right; speed is measured in eval/bench.
settings.register_profile("gongkai", deadline=None)
settings.load_profile("gongkai")

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def seeds() -> Path:
    """The folder of the five real reports. It lies beside the checkout, since they are not ours to publish."""
    folder = Path(os.environ.get("GONGKAI_SEEDS", ROOT.parent / "shared" / "seeds"))
    if not folder.is_dir():
        if os.environ.get("CI"):
            pytest.fail(f"the real reports are missing at {folder}; set GONGKAI_SEEDS to their folder")
        pytest.skip(
            f"the real reports are not at {folder}; set GONGKAI_SEEDS to their folder to test on them"
        )
    return folder


@pytest.fixture(scope="session")
def examples() -> Path:
    """The folder of the example reports shipped with the project."""
    return ROOT / "examples"
