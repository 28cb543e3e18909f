"""The DuckDB file: opened, made where there is none, and refused where it is not ours."""

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
from duckdb import DuckDBPyConnection

from ..extraction.record import SCHEMA_VERSION
from .tidy_tables import create_tables

_MEMORY = "1500MB"
"""What DuckDB may hold in memory; beyond it writes into a folder beside the database, gone afterwards."""


class DatabaseError(Exception):
    """The database cannot be used; the message names the file and says what to do."""


@contextmanager
def open_database(path: Path | None) -> Generator[DuckDBPyConnection]:
    """Open the database at ``path``, a new one where there is none; None for one that is gone afterwards.

    A new file that nothing came into is removed again when the block ends with an error.

    Raises `DatabaseError`.
    """
    if path is None:
        with TemporaryDirectory() as folder, open_database(Path(folder) / "panel.duckdb") as connection:
            yield connection
        return
    is_new = not path.exists()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        connection = duckdb.connect(str(path), config={"memory_limit": _MEMORY})
    except OSError as error:
        raise DatabaseError(f"cannot write {path}: {error.strerror}") from None
    except duckdb.Error as error:
        raise DatabaseError(_reason(str(path), str(error))) from None
    with connection:
        try:
            _prepare(connection, str(path))
            yield connection
        except BaseException:
            if is_new and _is_bare(connection):
                connection.close()
                path.unlink(missing_ok=True)
                path.with_name(path.name + ".wal").unlink(missing_ok=True)
            raise


def _is_bare(connection: DuckDBPyConnection) -> bool:
    """Whether nothing has come into the database yet."""
    try:
        return connection.execute("SELECT count(*) FROM reports").fetchone() == (0,)
    except duckdb.Error:
        return True


def _prepare(connection: DuckDBPyConnection, path: str) -> None:
    """Make the tables of a database that has none; refuse one whose tables are not this version's."""
    if connection.execute("SELECT count(*) FROM duckdb_tables()").fetchone() == (0,):
        connection.execute("BEGIN")
        connection.execute(
            "CREATE TABLE gongkai AS SELECT $version AS schema_version", {"version": SCHEMA_VERSION}
        )
        create_tables(connection)
        connection.execute("COMMIT")
        return
    try:
        row = connection.execute("SELECT schema_version FROM gongkai").fetchone()
    except duckdb.CatalogException:
        raise DatabaseError(
            f"{path}: a DuckDB database, but not one of gongkai's; name another file"
        ) from None
    if row != (SCHEMA_VERSION,):
        version = row[0] if row else "unknown"
        raise DatabaseError(
            f"{path}: made from records of schema version {version}, this gongkai writes {SCHEMA_VERSION}; "
            "extract the reports again into a new database"
        )


def _reason(path: str, message: str) -> str:
    if "lock" in message:
        return (
            f"{path}: open in another program; close it there and run this again ({message.splitlines()[0]})"
        )
    if "not a valid DuckDB" in message or "Serialization" in message:
        return f"{path}: not a DuckDB database, or one of another version of DuckDB; name another file"
    return f"cannot open {path}: {message.splitlines()[0]}"
