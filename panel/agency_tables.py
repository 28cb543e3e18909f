"""The tables that tell which reports are of one agency, by which name, where it is, and which agencies may be one."""

from collections.abc import Iterable, Sequence
from typing import Any

from duckdb import DuckDBPyConnection

from .agencies import Agency, Named, codes_of, match_agencies, place_of, rule_of
from .decisions import Decision, Settled, join, kept_apart, report_of, settle
from .doubts import Doubt, doubtful_pairs
from .rows import write_rows

_TEXT, _COUNT = "VARCHAR", "BIGINT"
_YEARS = {"first_year": _COUNT, "last_year": _COUNT, "reports": _COUNT}
_PLACE = dict.fromkeys(
    ("province", "province_code", "city", "city_code", "county", "county_code", "place_status"), _TEXT
)
_TABLES: dict[str, dict[str, str]] = {
    "agencies": dict.fromkeys(("agency_id", "agency", "body"), _TEXT) | _PLACE | _YEARS,
    "agency_names": dict.fromkeys(("agency_id", "name", "rule"), _TEXT) | _YEARS,
    "doubtful_pairs": {
        "agency_id": _TEXT,
        "agency": _TEXT,
        "years": f"{_COUNT}[]",
        "other_id": _TEXT,
        "other": _TEXT,
        "other_years": f"{_COUNT}[]",
        "reason": _TEXT,
        "report": _TEXT,
        "other_report": _TEXT,
    },
    "decisions": dict.fromkeys(
        ("agency_id", "agency", "other_id", "other", "decision", "outcome", "note", "report", "other_report"),
        _TEXT,
    ),
    "report_places": dict.fromkeys(
        ("report_id", "agency_id", "place_status", "place_then", "city_code_then", "county_code_then"), _TEXT
    ),
}


def write_agencies(connection: DuckDBPyConnection, decisions: Iterable[Decision]) -> None:
    """Match the reports, with the decisions that the database holds and new ones, and write what was found.

    Raises `DecisionsError` where decisions contradict each other.
    """
    rows = connection.execute(
        "SELECT report_id, agency, province, city, county, year FROM reports WHERE status IN ('ok', 'partial')"
    ).fetchall()
    matched = match_agencies(Named(row[0], row[1], row[2:5], row[5]) for row in rows)
    held = settle(matched, [*_stored(connection), *decisions])
    agencies = join(matched, held)
    apart = kept_apart(agencies, held)
    doubts = [d for d in doubtful_pairs(agencies) if frozenset((d.first.id, d.second.id)) not in apart]
    of_table: dict[str, Iterable[dict[str, Any]]] = {
        "agencies": map(_agency_row, agencies),
        "agency_names": (row for one in agencies for row in _name_rows(one)),
        "doubtful_pairs": map(_doubt_row, doubts),
        "decisions": _decision_rows(connection, held),
        "report_places": (
            {"report_id": m.report_id, "agency_id": one.id, **place_of(m)}
            for one in agencies
            for m in one.mentions
        ),
    }
    for table, found in of_table.items():
        write_rows(connection, table, _TABLES[table], found)


def _stored(connection: DuckDBPyConnection) -> list[Decision]:
    columns = ", ".join(Decision.__dataclass_fields__)
    return [Decision(*row) for row in connection.execute(f"SELECT {columns} FROM decisions").fetchall()]


def _agency_row(agency: Agency) -> dict[str, Any]:
    last = max(agency.mentions, key=lambda m: (m.year or 0, m.report_id not in agency.decided))
    return {
        "agency_id": agency.id,
        "agency": agency.name,
        "body": agency.root,
        **codes_of(agency),
        "place_status": place_of(last)["place_status"],
        "first_year": min(agency.years, default=None),
        "last_year": max(agency.years, default=None),
        "reports": len(agency.mentions),
    }


def _name_rows(agency: Agency) -> list[dict[str, Any]]:
    names: dict[tuple[str, str], list[int | None]] = {}
    for mention in agency.mentions:
        names.setdefault((mention.body.printed, rule_of(agency, mention)), []).append(mention.year)
    return [
        {
            "agency_id": agency.id,
            "name": name,
            "rule": rule,
            "first_year": min((year for year in years if year is not None), default=None),
            "last_year": max((year for year in years if year is not None), default=None),
            "reports": len(years),
        }
        for (name, rule), years in names.items()
    ]


def _doubt_row(doubt: Doubt) -> dict[str, Any]:
    return {
        "agency_id": doubt.first.id,
        "agency": doubt.first.name,
        "years": sorted(doubt.first.years),
        "other_id": doubt.second.id,
        "other": doubt.second.name,
        "other_years": sorted(doubt.second.years),
        "reason": doubt.reason,
        "report": report_of(doubt.first),
        "other_report": report_of(doubt.second),
    }


def _decision_rows(connection: DuckDBPyConnection, held: Sequence[Settled]) -> list[dict[str, Any]]:
    """The decisions; of agencies that are not here now with the names they had when they were."""
    known = {
        agency_id: name
        for row in connection.execute("SELECT agency_id, agency, other_id, other FROM decisions").fetchall()
        for agency_id, name in (row[:2], row[2:])
    }
    return [
        {
            **{name: getattr(one.decision, name) for name in Decision.__dataclass_fields__},
            "agency": one.pair[0].name if one.pair else known.get(one.decision.agency_id),
            "other": one.pair[1].name if one.pair else known.get(one.decision.other_id),
            "outcome": one.outcome,
        }
        for one in held
    ]


def create_decisions(connection: DuckDBPyConnection) -> None:
    """Create the table of decisions, empty, where there is none: it alone is not made anew from the records."""
    columns = ", ".join(f"{name} {kind}" for name, kind in _TABLES["decisions"].items())
    connection.execute(f"CREATE TABLE IF NOT EXISTS decisions ({columns})")
