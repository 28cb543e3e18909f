"""A cell of the statistics tables, as read."""

from typing import Literal, NamedTuple

CellStatus = Literal["read", "blank", "repaired", "unreadable", "absent"]


class Cell(NamedTuple):
    """One cell of the official tables.

    ``id`` follows `annotations/scheme.yaml` (``applications.refused.internal.natural``). ``value`` is in base
    units (yuan for money) and None unless status is ``read`` or ``repaired``. ``printed`` is the text of the cell
    as it stands, trimmed, empty for a blank one. ``start`` and ``end`` lie in ``Document.text``, None for an absent
    cell or a repaired one that was not printed. ``repair`` names the identity that forced a repaired value.

    - ``read``: a value is printed and nothing speaks against where it stands (a total that the report itself
      adds up wrongly is still ``read``; the check fails).
    - ``blank``: the place of the cell is known and nothing (or a sign for nothing: / — 无) is printed there.
    - ``repaired``: the value follows from an identity because the print is damaged or missing.
    - ``unreadable``: something is printed, or the row has lost cells, and no identity decides.
    - ``absent``: the table or the row is not in the report.
    """

    id: str
    value: int | float | None
    printed: str
    status: CellStatus
    start: int | None = None
    end: int | None = None
    repair: str | None = None
