"""The statistics tables of the official form: their cells, repairs and accounting checks."""

from .cells import Cell
from .checks import Check, check_tables
from .reading import TablesReading, read_tables

__all__ = ["Cell", "Check", "TablesReading", "check_tables", "read_tables"]
