"""Tables torn in print: figures cut off, labels lost, rows short of cells, files that break off."""

import pytest

from .table_layouts import render
from .test_tables import FIRST_PART, cells, first_part, large_figures, read, small_figures


@pytest.mark.parametrize("printed", ["93,", ",642", "93,#", "93,64"])
def test_a_number_torn_at_its_thousands_separator_is_unreadable(printed: str):
    cell = first_part(licensing=printed)["disclosure.licensing.decisions"]
    assert (cell.status, cell.value) == ("unreadable", None)


def test_a_figure_at_the_very_end_of_a_file_may_be_cut_off():
    whole = FIRST_PART.format(rules="0\t0\t0", licensing="7372", unit="万元", fees="0")
    cut = whole[: whole.index("7372") + 3]
    cell = cells(cut)["disclosure.licensing.decisions"]
    assert (cell.status, cell.value, cell.printed) == ("unreadable", None, "737")


def test_figures_of_a_row_without_words_of_an_identity_are_never_joined():
    cell = first_part(licensing="2\t0\t5")["disclosure.licensing.decisions"]
    assert (cell.status, cell.value) == ("unreadable", None)


def test_rows_one_cell_short_are_not_taken_by_position_when_another_row_is_damaged():
    """One row of a table whose rows lost a cell beside a blank is smudged: the identities cannot place the others."""
    figures = small_figures()
    lines = render(figures, "tabs").split("\n")
    for i, line in enumerate(lines):
        if any(label in line for label in ("予以公开", "部分公开")):
            head, *values = line.rsplit("\t", 7)
            lines[i] = "\t".join([head, "", values[0], *values[2:]])
        if "属于国家秘密" in line:
            lines[i] = line[:-1] + "#"
    found = cells("\n".join(lines))
    assert found["applications.granted.business"].status != "read"
    assert found["applications.granted.natural"].value in (None, figures["applications.granted.natural"])


def test_a_row_that_lost_its_label_does_not_give_its_figures_to_the_row_before():
    figures = small_figures() | dict.fromkeys(
        (cell for cell in small_figures() if ".refused.process." in cell), None
    )
    lines = render(figures, "tab_cells").split("\n")
    label = next(i for i, line in enumerate(lines) if "行政执法案卷" in line)
    del lines[label]
    found = cells("\n".join(lines))
    assert found["applications.refused.process.natural"].status in ("blank", "unreadable")


@pytest.mark.parametrize("layout", ["tabs", "markdown", "lines", "spaces"])
def test_a_file_cut_off_inside_a_row_tells_nothing_wrong_of_it(layout: str):
    figures = large_figures()
    text = render(figures, layout)
    start = text.index("行政执法案卷")
    for end in range(start, start + 40):
        for cell in read(text[:end]).cells:
            if cell.status in ("read", "repaired"):
                assert cell.value == figures[cell.id], cell
