"""The five real reports, cell by cell, against a careful reading by eye."""

from pathlib import Path

import pytest
from gongkai.annotations.scheme import scheme
from gongkai.extraction.document import Document
from gongkai.extraction.tables import check_tables, read_tables

BLANK = None
ZEROS = [0] * 7
BLANKS = [BLANK] * 7


def lone(value: int) -> list[int | None]:
    """A row with one figure for natural persons and in the total, blanks between."""
    return [value, *[BLANK] * 5, value]


# The first file's ten figures of disclosure, its rows of requests that are not `rest`, its fifteen proceedings.
TRUTH = {
    "000": (
        [0, 0, 0, 3, 1, 35, 7372481, 12968327, 169270, 354590000],
        ZEROS,
        {
            "new": [1201, 71, 0, 0, 8, 4, 1284],
            "carried_in": [27, 1, 0, 0, 0, 0, 28],
            "granted": [133, 20, 0, 0, 3, 3, 159],
            "partly_granted": [9, 1, 0, 0, 0, 0, 10],
            "refused.state_secret": [2, 0, 0, 0, 0, 0, 2],
            "refused.third_party": [5, 0, 0, 0, 0, 0, 5],
            "refused.internal": [80, 10, 0, 0, 1, 0, 91],
            "refused.process": [6, 0, 0, 0, 0, 0, 6],
            "refused.enforcement_file": [23, 5, 0, 0, 0, 0, 28],
            "refused.inquiry": [6, 0, 0, 0, 0, 0, 6],
            "unavailable.not_held": [423, 21, 0, 0, 3, 1, 448],
            "unavailable.needs_creation": [185, 2, 0, 0, 0, 0, 187],
            "unavailable.unclear": [2, 0, 0, 0, 0, 0, 2],
            "unprocessed.petition": [35, 1, 0, 0, 0, 0, 36],
            "unprocessed.repeat": [12, 0, 0, 0, 0, 0, 12],
            "unprocessed.excessive": [4, 0, 0, 0, 0, 0, 4],
            "other.no_correction": [33, 1, 0, 0, 0, 0, 34],
            "other.other": [248, 11, 0, 0, 1, 0, 260],
            "total": [1206, 72, 0, 0, 8, 4, 1290],
            "carried_out": [22, 0, 0, 0, 0, 0, 22],
        },
        [10, 0, 1, 6, 17, 9, 0, 1, 1, 11, 3, 0, 1, 5, 9],
    ),
    "001": (
        [0, 0, 0, 2, 3, 10, 1927308, 444354, 7553, 102673400],
        ZEROS,
        {
            "new": [32, 0, 0, 0, 0, 0, 32],
            "granted": [1, 0, 0, 0, 0, 0, 1],
            "unavailable.not_held": [27, 0, 0, 0, 0, 0, 27],
            "unprocessed.confirmation": [1, 0, 0, 0, 0, 0, 1],
            "other.other": [3, 0, 0, 0, 0, 0, 3],
            "total": [32, 0, 0, 0, 0, 0, 32],
        },
        [0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
    ),
    "002": (
        [0, 0, 0, 6, 0, 26, 335873, 235627, 140, 0],
        ZEROS,
        {
            "new": [19, 0, 0, 0, 0, 0, 19],
            "granted": [6, 0, 0, 0, 0, 0, 6],
            "unavailable.not_held": [11, 0, 0, 0, 0, 0, 11],
            "unavailable.needs_creation": [1, 0, 0, 0, 0, 0, 1],
            "other.other": [1, 0, 0, 0, 0, 0, 1],
            "total": [19, 0, 0, 0, 0, 0, 19],
        },
        [0] * 15,
    ),
    "003": (
        [0, 0, 0, 0, 0, 0, 136557, 1325160, 7030, 0],
        BLANKS,
        {
            "new": [56, 0, 0, 0, 0, 0, 56],
            "carried_in": [2, 0, 0, 0, 0, 0, 2],
            "granted": lone(12),
            "refused.law": lone(2),
            "refused.enforcement_file": lone(1),
            "unavailable.not_held": lone(40),
            "unprocessed.repeat": lone(3),
            "total": [58, 0, 0, 0, 0, 0, 58],
            "carried_out": ZEROS,
        },
        [BLANK, BLANK, BLANK, BLANK, 0] * 3,
    ),
    "004": ([0, 0, 0, 0, 0, 0, 0, 142, 54, 14700], ZEROS, {}, [0] * 15),
}


def document(seeds: Path, prefix: str) -> Document:
    path = next(seeds.glob(f"{prefix}_*.txt"))
    return Document(path.read_bytes().decode("utf-8"), (), path.name, "", "text")


@pytest.mark.parametrize("prefix", TRUTH)
def test_every_cell_of_a_real_report_is_read(seeds: Path, prefix: str):
    reading = read_tables(document(seeds, prefix), ())
    disclosure, rest, rows, proceedings = TRUTH[prefix]
    tables = scheme().tables
    names = [
        cell_id.rpartition(".")[0].removeprefix("applications.") for cell_id in tables["applications"][::7]
    ]
    figures = [*disclosure, *(value for name in names for value in rows.get(name, rest)), *proceedings]
    ids = [*tables["disclosure"], *tables["applications"], *tables["proceedings"]]
    assert reading.edition == "2021"
    assert [cell.id for cell in reading.cells] == ids
    wrong = {
        cell.id: (cell.value, cell.status, figure)
        for cell, figure in zip(reading.cells, figures, strict=True)
        if cell.value != figure or (cell.status == "blank") != (figure is BLANK)
    }
    assert not wrong


@pytest.mark.parametrize("prefix", TRUTH)
def test_spans_hold_the_figures(seeds: Path, prefix: str):
    text = document(seeds, prefix)
    for cell in read_tables(text, ()).cells:
        if cell.status == "read" and cell.start is not None and not cell.id.startswith("disclosure.fees"):
            assert text.text[cell.start : cell.end] == cell.printed == str(cell.value)


@pytest.mark.parametrize("prefix", TRUTH)
def test_all_identities_are_evaluated_and_hold(seeds: Path, prefix: str):
    checks = check_tables(read_tables(document(seeds, prefix), ()).cells)
    outcomes = {check.id: check.outcome for check in checks}
    assert len(outcomes) == 7 + 7 + 25 + 3
    assert "fail" not in outcomes.values()
    blank_rows = {f"applications.row_total.{name}" for name in BLANK_ROWS} if prefix == "003" else set()
    assert {check_id for check_id, outcome in outcomes.items() if outcome != "pass"} == blank_rows


BLANK_ROWS = [
    "partly_granted",
    "refused.state_secret",
    "refused.security",
    "refused.third_party",
    "refused.internal",
    "refused.process",
    "refused.inquiry",
    "unavailable.needs_creation",
    "unavailable.unclear",
    "unprocessed.petition",
    "unprocessed.publication",
    "unprocessed.excessive",
    "unprocessed.confirmation",
    "other.no_correction",
    "other.fee_unpaid",
    "other.other",
]
