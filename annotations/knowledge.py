"""Knowledge about the reports is data: one YAML file beside each module that uses it, read here."""

from pathlib import Path
from typing import Any

import yaml


def read_knowledge(module_file: str, name: str) -> Any:  # noqa: ANN401
    """Return what the YAML file ``name`` beside the module ``__file__`` holds."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the C parser where PyYAML was built with it
    return yaml.load(Path(module_file).with_name(name).read_text("utf-8"), loader)
