"""Told figures against tables, totals against parts, shares and growth against figures."""

from collections import Counter

import pytest
from gongkai.extraction.consistency import told_checks
from gongkai.extraction.narrative.facts import Fact
from gongkai.extraction.tables.cells import Cell
from gongkai.extraction.tables.checks import Check
from hypothesis import given, settings
from hypothesis import strategies as st


def fact(metric: str, value: float, **fields: object) -> Fact:
    known: dict[str, object] = {
        "metric": metric, "channel": None, "value": value, "unit": "件", "hedge": "exact", "role": "total",
        "period": "year", "scope": "own", "subject": None, "start": 0, "end": 1, "sentence_start": 0,
        "sentence_end": 50, "section": "overview.applications", "confidence": 0.9, "origin": "rule",
    }  # fmt: skip
    return Fact(**(known | fields))  # type: ignore[arg-type]


def cells(**values: float | None) -> dict[str, Cell]:
    found: dict[str, Cell] = {}
    for name, value in values.items():
        cell_id = name.replace("__", ".")
        found[cell_id] = Cell(
            cell_id, value, "" if value is None else str(value), "blank" if value is None else "read"
        )
    return found


def only(checks: tuple[Check, ...]) -> Check:
    assert len(checks) == 1, checks
    return checks[0]


def test_received_equals_the_table():
    check = only(told_checks([fact("applications_received", 46)], cells(applications__new__total=46)))
    assert (check.id, check.outcome, check.severity) == ("told.applications_received", "pass", "error")
    assert (check.cells, check.facts) == (("applications.new.total",), (0,))


def test_a_told_figure_the_table_contradicts_is_an_error():
    check = only(told_checks([fact("applications_answered", 45)], cells(applications__total__total=46)))
    assert (check.outcome, check.severity, check.left, check.right) == ("fail", "error", 45, 46)


def test_the_table_counts_what_withdrawals_left():
    told = [
        fact("applications_received", 40),
        fact("applications_withdrawn", 4, role="part"),
        fact("applications_received", 36, role="part"),
    ]
    check = next(c for c in told_checks(told, cells(applications__new__total=36)) if c.id.startswith("told."))
    assert (check.outcome, check.left, check.facts) == ("pass", 36, (2,))
    check = next(
        c for c in told_checks(told[:1], cells(applications__new__total=36)) if c.id.startswith("told.")
    )
    assert (check.outcome, check.left) == ("fail", 40)


def test_lawsuits_are_the_sum_of_both_kinds():
    table = cells(proceedings__direct__total=3, proceedings__after_review__total=2)
    assert only(told_checks([fact("lawsuits", 5)], table)).outcome == "pass"
    assert only(told_checks([fact("lawsuits", 3)], table)).outcome == "fail"


def test_either_reading_of_normative_documents_will_do():
    table = cells(disclosure__normative__issued=4, disclosure__rules__issued=1)
    assert [only(told_checks([fact("normative_issued", n)], table)).outcome for n in (4, 1, 5)] == [
        "pass"
    ] * 3
    assert only(told_checks([fact("normative_issued", 7)], table)).outcome == "fail"


@pytest.mark.parametrize(
    ("hedge", "told", "table", "outcome"),
    [
        ("over", 100, 112, "pass"),
        ("over", 100, 98, "fail"),
        ("about", 100, 95, "pass"),
        ("under", 100, 101, "fail"),
    ],
)
def test_hedged_figures_are_compared_with_tolerance_and_only_warned_about(hedge, told, table, outcome):
    check = only(
        told_checks([fact("applications_received", told, hedge=hedge)], cells(applications__new__total=table))
    )
    assert (check.outcome, check.severity) == (outcome, "warning")


def test_blank_agrees_with_a_told_zero_and_refutes_nothing():
    table = cells(applications__new__total=None)
    assert only(told_checks([fact("applications_received", 0)], table)).outcome == "pass"
    assert only(told_checks([fact("applications_received", 9)], table)).outcome == "not_assessable"


def test_without_a_table_nothing_is_claimed():
    check = only(told_checks([fact("applications_received", 9)], {}))
    assert (check.outcome, check.right) == ("not_assessable", None)


@pytest.mark.parametrize(
    "fields",
    [
        {"role": "part"}, {"scope": "wider"}, {"scope": "unit"}, {"period": "cumulative"}, {"channel": "online"},
        {"subject": "实际受理"}, {"role": "share", "unit": "%"},
    ],
)  # fmt: skip
def test_divided_or_foreign_figures_are_not_held_against_the_table(fields):
    checks = told_checks([fact("applications_received", 9, **fields)], cells(applications__new__total=46))
    assert not [c for c in checks if c.id.startswith("told.")]


def test_a_figure_told_twice_is_checked_twice_under_its_own_id():
    told = [fact("applications_received", 46), fact("applications_received", 47, sentence_start=60)]
    checks = told_checks(told, cells(applications__new__total=46))
    assert [(c.id, c.outcome) for c in checks] == [
        ("told.applications_received", "pass"),
        ("told.applications_received.2", "fail"),
    ]


@pytest.mark.parametrize(
    ("total", "parts", "outcome"),
    [
        (560, (310, 150, 100), "pass"),
        (560, (310, 150), "not_assessable"),  # highlights
        (560, (310, 150, 120), "fail"),
        (21, (15, 6, 4), "not_assessable"),  # the last one details a part
        (21, (15, 6, 18, 3), "not_assessable"),  # divided twice
    ],
)
def test_parts_add_up(total, parts, outcome):
    told = [fact("info_published", total, unit="条")]
    told += [fact("info_published", n, unit="条", role="part", channel="weibo") for n in parts]
    check = only(told_checks(told, {}))
    assert (check.id, check.outcome, check.severity) == ("parts.info_published.1", outcome, "warning")
    assert check.facts == tuple(range(len(told)))


def test_parts_may_stand_in_the_next_sentence_and_not_further():
    total = fact("info_published", 50, sentence_start=0, sentence_end=20)
    near = [fact("info_published", n, role="part", sentence_start=20, sentence_end=40) for n in (30, 20)]
    far = [fact("info_published", n, role="part", sentence_start=90, sentence_end=99) for n in (30, 20)]
    assert only(told_checks([total, *near], {})).outcome == "pass"
    assert told_checks([total, *far], {}) == ()


def test_hedged_parts_prove_nothing():
    told = [
        fact("info_published", 200, hedge="over"),
        *(fact("info_published", n, role="part") for n in (130, 90)),
    ]
    assert only(told_checks(told, {})).outcome == "not_assessable"


@pytest.mark.parametrize(
    ("share", "outcome"), [(0.3158, "pass"), (0.32, "pass"), (0.316, "pass"), (0.42, "fail")]
)
def test_share_of_a_total(share, outcome):
    told = [
        fact("applications_received", 19),
        fact("applications_granted", 6, role="part"),
        fact("applications_granted", share, role="share", unit="%"),
    ]
    checks = {c.id: c for c in told_checks(told, {})}
    assert checks["share.1"].outcome == outcome
    assert checks["share.1"].facts == (2, 1, 0)


def test_share_with_two_possible_totals_fails_for_neither():
    told = [
        fact("applications_received", 19),
        fact("applications_answered", 30),
        fact("applications_granted", 6, role="part"),
        fact("applications_granted", 0.9, role="share", unit="%"),
    ]
    assert {c.id: c.outcome for c in told_checks(told, {})}["share.1"] == "not_assessable"


@pytest.mark.parametrize(
    ("growth", "unit", "outcome"), [(0.25, "%", "pass"), (0.3, "%", "fail"), (20, "件", "pass")]
)
def test_growth_from_an_earlier_figure(growth, unit, outcome):
    told = [
        fact("applications_received", 80, role="prior"),
        fact("applications_received", 100),
        fact("applications_received", growth, role="change", unit=unit),
    ]
    assert {c.id: c.outcome for c in told_checks(told, {})}["growth.1"] == outcome


def test_growth_without_the_earlier_figure_is_not_assessable():
    told = [fact("info_published", 100), fact("info_published", 0.5, role="change", unit="%")]
    assert only(told_checks(told, {})).outcome == "not_assessable"


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.builds(
            fact,
            st.sampled_from(["applications_received", "info_published", "lawsuits"]),
            st.integers(0, 500),
            role=st.sampled_from(["total", "part", "share", "change", "prior"]),
            hedge=st.sampled_from(["exact", "over", "about", "under"]),
            sentence_start=st.sampled_from([0, 60]),
        ),
        max_size=12,
    ),
    st.integers(0, 500) | st.none(),
)
def test_ids_are_unique_and_sides_tell_the_outcome(facts, value):
    checks = told_checks(facts, cells(applications__new__total=value))
    assert max(Counter(c.id for c in checks).values(), default=1) == 1
    for check in checks:
        assert all(0 <= i < len(facts) for i in check.facts)
        if None in (check.left, check.right):
            assert check.outcome == "not_assessable"
