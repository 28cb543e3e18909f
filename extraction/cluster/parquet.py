"""Records as Parquet: nested and typed, one row a report, the same columns whatever the records hold."""

import json
import tempfile
from collections.abc import Sequence
from pathlib import Path

import duckdb

from ..record_types import record_columns

_OPTIONS = "FORMAT parquet, COMPRESSION zstd"


def parquet_of(lines: Sequence[bytes]) -> bytes:
    """Return a Parquet file of records, each given as a line of JSON; the columns of no record are there too."""
    with (
        tempfile.TemporaryDirectory(prefix="gongkai-") as folder,
        duckdb.connect(config={"threads": 1}) as connection,
    ):
        connection.execute(
            "CREATE TEMP TABLE records AS SELECT unnest(from_json_strict(line, $structure)) "
            "FROM (SELECT unnest($lines::VARCHAR[]) AS line)",
            {"lines": [line.decode() for line in lines], "structure": json.dumps(record_columns())},
        )
        # DuckDB calls a column required when it holds no null just now; a row that is not written keeps it from that.
        connection.execute("INSERT INTO records (schema_version, status) VALUES ('', '')")
        file = Path(folder) / "records.parquet"
        target = file.as_posix().replace("'", "''")
        connection.execute(f"COPY (FROM records WHERE schema_version <> '') TO '{target}' ({_OPTIONS})")
        return file.read_bytes()
