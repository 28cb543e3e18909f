"""A panel of many reports: ``python -m gongkai.eval.bench.panel --reports 20000``."""

import random
import resource
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Any, TypeVar

import orjson
import typer
from duckdb import DuckDBPyConnection

from ...annotations.corpus import read_corpus
from ...annotations.labelled import is_passage
from ...extraction.components import RULES
from ...extraction.document import Document
from ...extraction.pipeline import extract_document
from ...extraction.readers.text import text_blocks
from ...panel.build import add_records, codebook_of
from ...panel.database import open_database
from ...panel.exports import write_csv, write_excel, write_parquet
from ...panel.figures import figures_of
from ...panel.gazetteer import name_of, todays_codes
from ...panel.inputs import Rejected, record_lines
from ...panel.page import write_page
from ...panel.plots import save_figure

_T = TypeVar("_T")
YEARS = range(2015, 2025)
BODIES = ("公安局", "教育局", "人民政府", "生态环境局", "卫生健康委员会", "自然资源局", "市场监督管理局")
SCALES = (1, 1, 2, 3, 5)
SAMPLE = 200
QUERIES = {
    "the whole panel": "SELECT * FROM panel",
    "one column by year": "SELECT year, sum(applications_new_total) FROM panel GROUP BY year",
    "one column by province": "SELECT province, median(told_info_published_weibo) FROM panel GROUP BY province",
    "a trend": "SELECT * FROM trends WHERE measure = 'applications_new_total'",
    "quality": "SELECT * FROM quality",
}


def main(reports: Annotated[int, typer.Option(help="How many reports to make.")] = 20_000) -> None:
    """Make reports of agencies all over the country from the corpus's, and print how long the data set takes."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        records, database = folder / "records.jsonl", folder / "panel.duckdb"
        chosen = _write_records(records, reports)
        print(f"{reports} reports of {len(YEARS)} years, {_megabytes(records)} MB of JSON lines")
        with open_database(database) as connection:
            rejected = Rejected()
            _timed(
                "checked and added",
                lambda: add_records(connection, record_lines([str(records)], rejected)),
            )
            _timed("the same again", lambda: add_records(connection, record_lines([str(records)], rejected)))
            for words, query in QUERIES.items():
                _timed(f"query: {words}", connection.execute(query).fetchall)
            print(f"values compared with the JSON, sample of {len(chosen)}: {_compare(connection, chosen)}")
            _write_files(connection, folder)
        print(f"database {_megabytes(database)} MB, Parquet {_megabytes(folder / 'records.parquet')} MB")
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB")


def _write_files(connection: DuckDBPyConnection, folder: Path) -> None:
    _timed("Parquet", lambda: write_parquet(connection, folder / "records.parquet"))
    _timed("CSV", lambda: write_csv(connection, folder / "panel.csv"))
    _timed("Excel", lambda: write_excel(connection, folder / "panel.xlsx"))
    figures = _timed("numbers of the plots", lambda: figures_of(connection))
    _timed("plots", lambda: [save_figure(figure, folder) for figure in figures])
    _timed("page", lambda: write_page(connection, figures, folder / "report.html"))


def _timed(words: str, step: Callable[[], _T]) -> _T:
    """Print how long a step takes by the clock and in processor time, which other work disturbs less."""
    begin, busy = time.perf_counter(), time.process_time()
    result = step()
    passed, used = time.perf_counter() - begin, time.process_time() - busy
    print(f"  {words:<32}{passed:8.2f} s{used:8.2f} s of processor", flush=True)
    return result


def _megabytes(path: Path) -> int:
    return path.stat().st_size >> 20


def _write_records(path: Path, count: int) -> list[dict[str, Any]]:
    """Write records into a file; return a sample of them."""
    source = random.Random(0)
    kept: list[dict[str, Any]] = []
    with path.open("wb") as out:
        for record in _made(source, count):
            out.write(orjson.dumps(record) + b"\n")
            if source.random() * count < SAMPLE:
                kept.append(record)
    return kept


def _made(source: random.Random, count: int) -> Iterator[dict[str, Any]]:
    """Records of reports of the corpus under other agencies' names and years, their figures multiplied."""
    models = [orjson.loads(line) for line in _corpus_records()]
    by_edition = {
        edition: [one for one in models if one["report"]["edition"] == edition]
        for edition in ("legacy", "2019", "2021")
    }
    agencies = source.sample(
        [(code, body) for code in todays_codes() for body in BODIES], count // len(YEARS) + 1
    )
    told = ((code, body, year) for code, body in agencies for year in YEARS)
    for number, (code, body, year) in zip(range(count), told, strict=False):
        edition = "legacy" if year < 2019 else "2019" if year < 2021 else "2021"
        model = orjson.loads(orjson.dumps(source.choice(by_edition[edition])))
        _multiply(model, source.choice(SCALES))
        county = None if code.endswith("00") else name_of(code)
        model["report"] |= {
            "agency": f"{name_of(code)}{body}",
            "year": year,
            "region": {"province": name_of(f"{code[:2]}0000"), "city": None, "county": county},
            "source": f"{year}/{number}.txt",
            "sha256": sha256(f"{number}".encode()).hexdigest(),
        }
        yield model


def _corpus_records() -> Iterator[str]:
    for text in read_corpus():
        if not is_passage(text):
            printed = text.text or ""
            document = Document(printed, text_blocks(printed), text.id, "", "text")
            yield extract_document(document, RULES).model_dump_json()


def _multiply(record: dict[str, Any], factor: int) -> None:
    """Multiply all figures of a record, which keeps every sum and balance."""
    cells: Sequence[dict[str, Any]] = [
        one for one in record["statistics"].values() if one["value"] is not None
    ]
    for figure in (*cells, *record["facts"], *record["metrics"].values()):
        figure["value"] *= factor
    for cell in cells:
        cell["printed"] = str(cell["value"])
    for check in record["checks"]:
        check |= {side: check[side] * factor for side in ("left", "right") if check[side] is not None}


def _compare(connection: DuckDBPyConnection, records: Sequence[dict[str, Any]]) -> str:
    """Compare every cell, fact and flat metric with its table, and every figure with its column of the panel."""
    columns = {column.code: column.column for column in codebook_of(connection) if column.code}
    equal = different = 0
    for record in records:
        key = {"id": record["report"]["sha256"]}
        found = connection.execute("SELECT * FROM panel WHERE report_id = $id", key)
        wide = dict(zip([head[0] for head in found.description or ()], found.fetchone() or (), strict=False))
        pairs: list[tuple[object, object]] = []
        for table, field, name in (("cells", "statistics", "cell"), ("metrics", "metrics", "key")):
            rows = connection.execute(
                f"SELECT {name}, value FROM {table} WHERE report_id = $id", key
            ).fetchall()
            told = {code: one["value"] for code, one in record[field].items()}
            pairs += [(told.pop(code, "absent"), value) for code, value in rows]
            pairs += [(value, "absent") for value in told.values()]
            pairs += [
                (one["value"], wide.get(columns[code], "absent")) for code, one in record[field].items()
            ]
        facts = connection.execute(
            "SELECT value, metric, text FROM facts WHERE report_id = $id ORDER BY n", key
        )
        pairs += zip(
            ((one["value"], one["metric"], one["text"]) for one in record["facts"]),
            facts.fetchall(),
            strict=True,
        )
        equal += sum(one == other for one, other in pairs)
        different += sum(one != other for one, other in pairs)
    return f"{equal} equal, {different} different"


if __name__ == "__main__":
    typer.run(main)
