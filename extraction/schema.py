"""The JSON Schema of the record; ``python -m gongkai.extraction.schema`` writes it anew after a change."""

import json
from pathlib import Path

from .record import Record

SCHEMA_FILE = Path(__file__).with_name("record.schema.json")


def schema_text() -> str:
    """Return the JSON Schema of `Record` as the text of its file."""
    return json.dumps(Record.model_json_schema(), ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    SCHEMA_FILE.write_text(schema_text(), encoding="utf-8")
