"""Random tables in every layout, with every damage: read back exactly or called unreadable, never wrong."""

from dataclasses import dataclass
from random import Random

import pytest
from gongkai.extraction.document import Document
from gongkai.extraction.tables import TablesReading, check_tables, read_tables
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from .table_layouts import (
    APPLICANTS,
    BLIND,
    LABELS,
    LAYOUTS,
    PROCEEDINGS,
    SECOND_EDITION_LACKS,
    Figures,
    Noise,
    plain_print,
    random_figures,
    random_printer,
    render,
)

PAGES = ("— 5 —", "Page 4", "- 12 -", "第 3 页", "第3页 共9页")
FORMS = ("flat", "column", "upright", "three", "no_totals")
RELAXED = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@dataclass
class Print:
    """A printed report, the figures it was made from and the cells whose print is lost.

    ``meant`` are the figures before the report's own slips: what a lost cell should have held.
    """

    text: str
    figures: Figures
    edition: str
    lost: set[str]
    meant: Figures


def read(text: str) -> TablesReading:
    return read_tables(Document(text, (), "", "", "text"), ())


def wrong_cells(printed: Print, reading: TablesReading) -> list[tuple[str, int | None, object]]:
    """The cells with a wrong value. Where a cell's print is lost, nothing and 0 are the same."""
    wrong: list[tuple[str, int | None, object]] = []
    for cell in reading.cells:
        if cell.id not in printed.figures:
            if cell.status != "absent":
                wrong.append((cell.id, None, cell))
            continue
        truth = printed.figures[cell.id]
        if cell.id in printed.lost and (cell.value or 0) == (printed.meant[cell.id] or 0):
            truth = cell.value
        nothing = cell.id in printed.lost and not truth
        right = {
            "read": cell.value == truth or (nothing and cell.value == 0),
            "repaired": cell.value == truth or (nothing and cell.value == 0),
            "blank": cell.value is None and (truth is None or nothing),
            "unreadable": cell.value is None,
            "absent": False,
        }[cell.status]
        if not right:
            wrong.append((cell.id, truth, cell))
    return wrong


def rows_of(edition: str) -> list[str]:
    return [name for name in LABELS if not (edition == "2019" and name in SECOND_EDITION_LACKS)]


def damage(random: Random, rows: list[str], figures: Figures, layout: str) -> tuple[Noise, set[str]]:
    """Up to five cells dropped, split or smudged, at most one in a row dropped or split."""
    dropped: set[tuple[str, int]] = set()
    split: set[tuple[str, int]] = set()
    debris: set[tuple[str, int]] = set()
    for name in random.sample(rows, random.randrange(4)):
        cell = (name, random.randrange(7))
        printed = [c for c, a in enumerate(APPLICANTS) if figures[f"applications.{name}.{a}"] is not None]
        if printed == [cell[1]]:  # with its only figure a row would lose every trace of it
            continue
        whole = all(figures[f"applications.{name}.{a}"] is not None for a in APPLICANTS)
        if random.random() < 0.5:
            dropped.add(cell)
        elif layout not in BLIND or whole:  # lost blanks and a split number may look like a whole row
            split.add(cell)
    for name in random.sample(rows, random.choice((0, 0, 1, 2))):
        if not any(row == name for row, _ in dropped | split):
            debris.add((name, random.randrange(7)))
    lost = {f"applications.{name}.{APPLICANTS[column]}" for name, column in dropped | debris}
    return Noise(dropped=frozenset(dropped), split=frozenset(split), debris=frozenset(debris)), lost


def slip(random: Random, figures: Figures, count: int) -> Figures:
    """The figures as a report prints them that adds up wrongly because of ``count`` of them."""
    ids = [cell_id for cell_id in figures if not cell_id.startswith("disclosure")]
    wrong = random.sample(ids, count)
    return figures | {cell_id: (figures[cell_id] or 0) + random.randrange(1, 9) for cell_id in wrong}


def make_print(random: Random, layout: str, damaged: bool, sound: bool, slips: int = 0) -> Print:
    edition = random.choice(("2021", "2021", "2019"))
    blanks = "none" if layout == "glued" else random.choice(("none", "some", "all", "rows"))
    meant = random_figures(random, edition, sound, blanks, random.choice((3, 12, 40, 3000)))
    figures = slip(random, meant, slips)
    rows, lost, noise = rows_of(edition), set[str](), Noise()
    if damaged and layout != "glued":
        noise, lost = damage(random, rows, figures, layout)
    misprintable = [name for name in rows if name not in {"other.other", "total"}]
    noise = Noise(
        dropped=noise.dropped,
        split=noise.split,
        debris=noise.debris,
        before={n: [random.choice(PAGES)] for n in random.sample(rows[1:], random.randrange(3))},
        head_again=frozenset(random.sample(rows[1:], random.choice((0, 0, 1)))),
        broken=frozenset(random.sample(rows, random.choice((0, 0, 3, 9)))),
        misprinted=frozenset(random.sample(misprintable, random.randrange(3))) if damaged else frozenset(),
        unnumbered=damaged and random.random() < 0.15,
    )
    form = random.choice(FORMS if sound and not slips else FORMS[:-1])
    if form == "no_totals":
        lost |= {f"proceedings.{name}.total" for name in PROCEEDINGS}
    if layout in BLIND:
        lost |= {i for i, v in figures.items() if v is None and (form == "upright" or "proceed" not in i)}
    if layout == "short_tabs":
        lost |= {i for i, v in figures.items() if v == 0 and i.startswith("applications.")}
    printer = plain_print if layout == "glued" or random.random() < 0.5 else random_printer(random)
    return Print(render(figures, layout, noise, printer, edition, form), figures, edition, lost, meant)


@pytest.mark.parametrize("layout", LAYOUTS)
@RELAXED
@given(random=st.randoms(use_true_random=False))
def test_a_damaged_table_is_never_read_wrong(layout: str, random: Random):
    printed = make_print(random, layout, damaged=True, sound=True)
    assert not wrong_cells(printed, read(printed.text))


@pytest.mark.parametrize("layout", [layout for layout in LAYOUTS if layout != "glued"])
@RELAXED
@given(random=st.randoms(use_true_random=False), sound=st.booleans())
def test_a_damaged_table_that_adds_up_wrongly_is_never_read_wrong(layout: str, random: Random, sound: bool):
    printed = make_print(random, layout, damaged=True, sound=sound, slips=int(sound))
    assert not wrong_cells(printed, read(printed.text))


@pytest.mark.parametrize("layout", LAYOUTS)
@RELAXED
@given(random=st.randoms(use_true_random=False))
def test_spans_hold_what_is_printed_and_nothing_else(layout: str, random: Random):
    printed = make_print(random, layout, damaged=True, sound=True)
    for cell in read(printed.text).cells:
        if cell.status == "read":
            assert cell.printed.strip() == cell.printed != ""
            assert printed.text[cell.start : cell.end] == cell.printed
        elif cell.status == "blank" and cell.start is not None:
            assert printed.text[cell.start : cell.end].strip() == cell.printed
            assert not any(character.isdigit() for character in cell.printed)


@pytest.mark.parametrize("layout", LAYOUTS)
@RELAXED
@given(random=st.randoms(use_true_random=False))
def test_figures_that_do_not_add_up_are_never_read_wrong(layout: str, random: Random):
    printed = make_print(random, layout, damaged=False, sound=False)
    assert not wrong_cells(printed, read(printed.text))


@pytest.mark.parametrize("layout", ["tabs", "tab_cells", "markdown"])
@RELAXED
@given(random=st.randoms(use_true_random=False), sound=st.booleans())
def test_layouts_that_show_every_cell_are_read_whole(layout: str, random: Random, sound: bool):
    """Where the sums fail, a row with blanks at its edge may be one that lost a cell: it need not be read."""
    edition = random.choice(("2021", "2019"))
    figures = random_figures(random, edition, sound, random.choice(("none", "some")) if sound else "none")
    rows = rows_of(edition)
    noise = Noise(before={random.choice(rows[1:]): [random.choice(PAGES)]}, broken=frozenset(rows[::3]))
    reading = read(render(figures, layout, noise, random_printer(random), edition))
    assert reading.edition == edition
    expected = dict(figures)
    assert {c.id: c.value for c in reading.cells if c.status in {"read", "blank"}} == expected


@pytest.mark.parametrize("layout", [layout for layout in LAYOUTS if layout != "glued"])
@RELAXED
@given(random=st.randoms(use_true_random=False))
def test_a_sound_table_without_blanks_is_read_whole_in_every_layout(layout: str, random: Random):
    figures = random_figures(random)
    reading = read(render(figures, layout))
    # Where merged heads leave rows one cell short, the cell that is not printed may count as blank.
    assert {c.id: c.value or 0 for c in reading.cells} == figures
    assert not any(cell.status == "unreadable" for cell in reading.cells)
    assert {check.outcome for check in check_tables(reading.cells)} == {"pass"}


@RELAXED
@given(random=st.randoms(use_true_random=False))
def test_glued_rows_of_single_figures_are_cut(random: Random):
    figures = dict.fromkeys(random_figures(random), 0)
    column = random.choice(APPLICANTS[:-1])
    value = random.randrange(1, 10)
    for row in ("new", random.choice(rows_of("2021")[2:23]), "total"):
        figures[f"applications.{row}.{column}"] = figures[f"applications.{row}.total"] = value
    reading = read(render(figures, "glued"))
    assert {c.id: c.value for c in reading.cells} == figures
