"""Ruled tables on drawn pages: which cells the rules make, whatever a scanner did to them."""

import cv2
import numpy as np
import pytest
from gongkai.extraction.readers.ruled_grid import RuledGrid
from gongkai.extraction.readers.scan.image import prepare
from gongkai.extraction.readers.scan.lines import find_rules, find_tables
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

Spans = list[tuple[int, int, int, int]]
WIDTH, HEIGHT, DPI = 1240, 1754, 150


def blank() -> NDArray[np.uint8]:
    return np.full((HEIGHT, WIDTH), 255, np.uint8)


def draw(
    spans: Spans, rows: int, columns: int, at: tuple[int, int] = (120, 200), size: tuple[int, int] = (90, 44)
) -> NDArray[np.uint8]:
    """A page with a table of these cells (row, column, row span, column span)."""
    page = blank()
    (x, y), (w, h) = at, size
    for row, column, down, across in spans:
        corner = (x + column * w, y + row * h)
        cv2.rectangle(page, corner, (corner[0] + across * w, corner[1] + down * h), 0, 2)
    return page


def tables(page: NDArray[np.uint8]) -> list[RuledGrid]:
    straight = prepare(page, 72 * page.shape[1] / DPI, 72 * page.shape[0] / DPI)
    return find_tables(*find_rules(straight), straight.dpi)


def spans_of(table: RuledGrid) -> Spans:
    return sorted((c.row, c.column, c.row_span, c.column_span) for c in table.cells)


@st.composite
def tilings(draw_from: st.DrawFn) -> tuple[Spans, int, int]:
    """A table whose every rule is drawn somewhere: two plain rows and columns beside cells joined at random."""
    rows, columns = draw_from(st.integers(3, 9)), draw_from(st.integers(3, 9))
    taken = np.zeros((rows, columns), bool)
    spans: Spans = []
    for row in range(rows):
        for column in range(columns):
            if taken[row, column]:
                continue
            down = draw_from(st.integers(1, 3)) if row > 0 and column > 0 else 1
            across = draw_from(st.integers(1, 3)) if row > 0 and column > 0 else 1
            down, across = min(down, rows - row), min(across, columns - column)
            while taken[row : row + down, column : column + across].any():
                across -= 1
            taken[row : row + down, column : column + across] = True
            spans.append((row, column, down, across))
    return sorted(spans), rows, columns


@given(tilings())
@settings(max_examples=25)
def test_cells_of_a_clean_table_are_found_as_drawn(tiling: tuple[Spans, int, int]):
    spans, rows, columns = tiling
    (table,) = tables(draw(spans, rows, columns))
    assert spans_of(table) == spans


SPANS: Spans = sorted(
    [
        (0, 0, 1, 4),
        *((r, 0, 1, 1) for r in (1, 2, 3)),
        (1, 1, 1, 3),
        *((r, c, 1, 1) for r in (2, 3) for c in (1, 2, 3)),
    ]
)


@pytest.mark.parametrize("angle", [-5.0, -1.3, 0.4, 5.0])
def test_a_tilted_table_has_the_same_cells_and_boxes_on_the_page(angle: float):
    page = draw(SPANS, 4, 4, at=(300, 500), size=(150, 60))
    matrix = cv2.getRotationMatrix2D((WIDTH / 2, HEIGHT / 2), angle, 1)
    tilted = np.asarray(cv2.warpAffine(page, matrix, (WIDTH, HEIGHT), borderValue=(255, 255, 255)), np.uint8)
    straight = prepare(tilted, 72 * WIDTH / DPI, 72 * HEIGHT / DPI)
    (table,) = find_tables(*find_rules(straight), straight.dpi)
    assert spans_of(table) == SPANS
    scale = straight.dpi / 72
    left, top, right, bottom = straight.edges_on_page(tuple(edge * scale for edge in table.cells[0].edges))
    corners = matrix @ np.array([(300, 500, 1), (900, 500, 1), (300, 560, 1), (900, 560, 1)]).T * 72 / DPI
    assert (left, right) == pytest.approx((corners[0].min(), corners[0].max()), abs=3)
    assert (top, bottom) == pytest.approx((corners[1].min(), corners[1].max()), abs=3)


def test_broken_rules_still_part_the_cells():
    page = draw(SPANS, 4, 4, size=(150, 60))
    holes = np.random.default_rng(3)
    for _ in range(400):
        y, x = holes.integers(0, HEIGHT - 4), holes.integers(0, WIDTH - 4)
        page[y : y + 3, x : x + 3] = 255
    page[200 + 60 : 200 + 60 + 40, 120 : 120 + 3] = 255  # a hole of a quarter inch
    (table,) = tables(page)
    assert spans_of(table) == SPANS


def test_strokes_of_print_are_no_rules():
    page = draw([(0, 0, 1, 1), (0, 1, 1, 1), (1, 0, 1, 1), (1, 1, 1, 1)], 2, 2, size=(200, 90))
    cv2.line(page, (160, 250), (195, 250), 0, 3)  # 一
    cv2.line(page, (420, 215), (420, 235), 0, 3)  # 1
    (table,) = tables(page)
    assert spans_of(table) == [(0, 0, 1, 1), (0, 1, 1, 1), (1, 0, 1, 1), (1, 1, 1, 1)]


def test_a_table_without_rules_at_its_sides_has_its_outer_columns():
    page = blank()
    for y in (300, 350, 400):
        cv2.line(page, (150, y), (900, y), 0, 2)
    for x in (400, 650):
        cv2.line(page, (x, 300), (x, 400), 0, 2)
    (table,) = tables(page)
    assert spans_of(table) == [(r, c, 1, 1) for r in (0, 1) for c in (0, 1, 2)]


@pytest.mark.parametrize(
    "spans",
    [
        [(r, c, 1, 1) for r in range(3) for c in range(4)],
        [(0, 0, 1, 4), *((r, c, 1, 1) for r in (1, 2) for c in range(4))],
    ],
    ids=["of four cells", "of one cell"],
)
@pytest.mark.parametrize("edge", ["above", "below"])
def test_a_row_that_a_page_break_leaves_without_its_outer_rule_belongs_to_the_table(spans: Spans, edge: str):
    page = draw(spans, 3, 4, at=(300, 500), size=(150, 60))
    if edge == "below":
        page = np.ascontiguousarray(page[::-1])
        spans = sorted((2 - r, c, down, across) for r, c, down, across in spans)
    top = 500 if edge == "above" else HEIGHT - 1 - 500
    page[top - 3 : top + 4, 302:899] = 255
    for x in (300, 450, 600, 750, 900):
        if len([span for span in spans if span[3] > 1]) == 0 or x in (300, 900):
            page[top - 3 : top + 4, x - 1 : x + 2] = 0
    (table,) = tables(page)
    assert spans_of(table) == spans


def test_large_print_that_touches_a_table_makes_no_row_of_it():
    page = draw([(r, c, 1, 1) for r in range(2) for c in range(4)], 2, 4, at=(300, 500), size=(150, 60))
    for x in (420, 640):
        cv2.line(page, (x, 440), (x, 500), 0, 3)
    (table,) = tables(page)
    assert spans_of(table) == [(r, c, 1, 1) for r in range(2) for c in range(4)]


def test_a_frame_around_the_page_and_single_rules_are_no_table():
    page = blank()
    cv2.rectangle(page, (60, 60), (WIDTH - 60, HEIGHT - 60), 0, 3)
    cv2.line(page, (100, 300), (1100, 300), 0, 2)
    assert tables(page) == []


def test_tables_come_from_the_top_of_the_page():
    page = np.minimum(
        draw(SPANS, 4, 4, at=(120, 900), size=(150, 60)), draw(SPANS, 4, 4, at=(120, 200), size=(150, 60))
    )
    first, second = tables(page)
    assert first.ys[-1] < second.ys[0]
