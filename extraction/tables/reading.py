"""The statistics tables of a report, read cell by cell."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from ..document import Document
from ..sections import Section
from .applications import find_applications, read_applications
from .cells import Cell
from .disclosure import Amount, read_disclosure
from .grid import Source, read_source
from .proceedings import read_proceedings
from .template import APPLICANTS, OUTCOMES, PROCEEDINGS, cell_ids
from .verdicts import Verdict

Edition = Literal["2021", "2019", "legacy", "none"]


@dataclass(frozen=True, slots=True)
class TablesReading:
    """The edition of a report's statistics tables and all cells of that edition in the order of the form.

    Cells of the other edition follow where the report prints them.
    """

    edition: Edition
    cells: tuple[Cell, ...]


def read_tables(document: Document, sections: Sequence[Section]) -> TablesReading:
    """Return the cells of the statistics tables, wherever they stand in the document.

    ``sections`` help only where a table's own wording is lost. A report without tables has the edition ``none``
    and every cell of the form of 2021 absent.
    """
    source = read_source(document.text, document.grids)
    region = find_applications(source)
    found: dict[str, Amount] = {}
    disclosed, edition = read_disclosure(source, sections, region.start if region else None)
    found.update(disclosed)
    if region is not None:
        for row, verdicts in read_applications(source, region).items():
            for column, verdict in zip(APPLICANTS, verdicts, strict=True):
                found[f"applications.{row}.{column}"] = Amount(verdict)
    proceedings = read_proceedings(source, region.end if region else 0)
    for name in PROCEEDINGS if proceedings else ():
        for column, verdict in zip(OUTCOMES, (proceedings or {})[name], strict=True):
            found[f"proceedings.{name}.{column}"] = Amount(verdict)
    if edition is None and region is not None:
        edition = "2019" if region.second_edition else "2021"
    main: Edition = "none" if not found else "2019" if edition == "2019" else "2021"
    open_end = None if _ends_in_a_box(document) else len(document.text)
    ids = cell_ids(main)
    extra = found.keys() - set(ids)
    return TablesReading(
        main,
        tuple(
            _cell(source, cell_id, found.get(cell_id), open_end)
            for cell_id in (*ids, *(i for i in found if i in extra))
        ),
    )


_LAST_CELL = "proceedings.after_review.total"
"""Any other figure at the very end of a file may be one that was cut off."""


def _ends_in_a_box(document: Document) -> bool:
    """Whether the last print is that of a cell drawn on a page, which holds the whole of its figure."""
    end = len(document.text)
    return any(cell.box is not None and cell.end == end for grid in document.grids for cell in grid.cells)


def _cell(source: Source, cell_id: str, amount: Amount | None, open_end: int | None) -> Cell:
    """The cell as told; a figure that ends at ``open_end`` may be cut off."""
    if amount is None:
        return Cell(cell_id, None, "", "absent")
    verdict = amount.verdict
    if verdict.end is not None and verdict.end == open_end and cell_id != _LAST_CELL:
        return Cell(
            cell_id, None, source.text[verdict.start : verdict.end], "unreadable", verdict.start, verdict.end
        )
    value = verdict.value if amount.money is None else amount.money
    printed = ""
    if verdict.start is not None and verdict.end is not None:
        printed = source.text[verdict.start : verdict.end].strip()
    return Cell(
        cell_id, value, printed, verdict.status, verdict.start, verdict.end, _repair_name(cell_id, verdict)
    )


def _repair_name(cell_id: str, verdict: Verdict) -> str | None:
    if verdict.status != "repaired":
        return None
    return (
        f"row total: {cell_id.rpartition('.')[0]}"
        if verdict.repair is None or ":" not in verdict.repair
        else verdict.repair
    )
