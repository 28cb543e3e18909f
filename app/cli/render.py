"""A record as tables and lists on the terminal."""

from collections import Counter, defaultdict
from itertools import groupby

from rich.console import Group, RenderableType
from rich.markup import escape
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from ...annotations.scheme import scheme
from ...extraction.record import CheckRecord, FactRecord, ImprovementRecord, ProblemRecord, Record, Statistic
from ...panel.knowledge import panel_knowledge
from ..wording import number_text

_STATUS_MARKS = {"blank": "", "absent": "", "unreadable": "?"}


def render_record(record: Record) -> RenderableType:
    """Return all that is worth seeing of ``record``, for a rich console."""
    parts: list[RenderableType] = [_head(record)]
    if record.sections:
        parts.append(_sections(record))
    parts += [_statistics(record, name) for name in scheme().tables if _is_printed(record, name)]
    if record.statistics:
        parts.append(_checks(record))
    if record.facts:
        parts += [_title("facts"), *_facts(record)]
    if record.metrics:
        parts += [_title("metrics"), _metrics(record)]
    if record.problems or record.improvements:
        parts += [_title("problems and the improvements that answer them"), _statements(record)]
    return Group(*parts)


def finding_line(check: CheckRecord) -> str:
    """Return one line that says what a failed check compared and what it found."""
    return f"{check.severity}: {check.id}: {check.statement.rstrip('.')}: {check.left} against {check.right}"


def _title(words: str) -> Text:
    return Text(f"\n{words}", style="bold")


def _head(record: Record) -> Panel:
    report = record.report
    region = " ".join(filter(None, (report.region.province, report.region.city, report.region.county)))
    period = f"{report.period_start or '?'} to {report.period_end or '?'}"
    lines = {
        "agency": report.agency,
        "region": region,
        "year": report.year,
        "period": period if report.period_start or report.period_end else None,
        "edition of the tables": report.edition,
        "source": f"{report.source} (reader: {report.reader})" if report.reader else report.source,
        "sha256": report.sha256,
        "status": record.status,
    }
    body = Table.grid(padding=(0, 2))
    for name, value in lines.items():
        body.add_row(Text(name, style="dim"), Text("-" if value in (None, "") else str(value)))
    for error in record.errors:
        body.add_row(Text("error", style="red"), Text(f"{error.component}: {error.message}", style="red"))
    return Panel(body, title=escape(report.title or "(no title)"), title_align="left")


def _sections(record: Record) -> RenderableType:
    table = Table(box=None, header_style="bold", padding=(0, 1))
    for head in ("section", "heading"):
        table.add_column(head)
    table.add_column("from", justify="right")
    table.add_column("to", justify="right")
    for section in record.sections:
        indent = "  " if "." in section.label else ""
        table.add_row(indent + section.label, Text(section.heading), str(section.start), str(section.end))
    return table


def _is_printed(record: Record, name: str) -> bool:
    cells = (record.statistics.get(cell) for cell in scheme().tables[name])
    return any(cell and cell.status != "absent" for cell in cells)


def _statistics(record: Record, name: str) -> Table:
    """One of the official tables; red where a failed check joins the cell, yellow where it was repaired."""
    known = scheme()
    failed = {cell for check in record.checks if check.outcome == "fail" for cell in check.cells}
    rows: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for cell in known.tables[name]:
        row, column = cell.rsplit(".", 1)
        if cell in record.statistics:
            rows[row][column] = _cell(record.statistics[cell], cell in failed)
    columns = list(dict.fromkeys(column for cells in rows.values() for column in cells))
    table = Table(
        title=panel_knowledge()["codebook"]["tables"][name]["form"],
        title_justify="left",
        title_style="bold",
        box=None,
        padding=(0, 1),
    )
    table.add_column("", max_width=36)
    for column in columns:
        table.add_column(known.column_names[column], justify="right")
    for row, cells in rows.items():
        table.add_row(Text(known.row_names[row]), *(cells.get(column, "") for column in columns))
    return table


def _cell(statistic: Statistic, failed: bool) -> str:
    value = statistic.value
    text = _STATUS_MARKS.get(statistic.status, "") if value is None else number_text(value)
    if failed:
        return f"[red]{text or '·'}[/red]"
    return f"[yellow]{text}[/yellow]" if statistic.status in ("repaired", "unreadable") else text


def _checks(record: Record) -> Text:
    outcomes = Counter(check.outcome for check in record.checks)
    text = Text(
        f"\nchecks: {outcomes['pass']} passed, {outcomes['fail']} failed, "
        f"{outcomes['not_assessable']} not assessable",
        style="bold",
    )
    for check in record.checks:
        if check.outcome == "fail":
            style = "red" if check.severity == "error" else "yellow"
            text.append(f"\n  {finding_line(check)}", style)
    unreadable = [cell for cell, s in record.statistics.items() if s.status == "unreadable"]
    if unreadable:
        text.append(f"\n  unreadable: {', '.join(unreadable)}", "yellow")
    return text


def _facts(record: Record) -> list[RenderableType]:
    """Facts under their sentence, the spans underlined in it."""
    parts: list[RenderableType] = []
    for (section, sentence), facts in groupby(record.facts, key=lambda fact: (fact.section, fact.sentence)):
        found = list(facts)
        line = Text(f"[{section}] ", style="dim")
        shown = Text(sentence, style="default")
        shown.highlight_words([fact.text for fact in found], "underline")
        parts += [line + shown, _fact_rows(found)]
    return parts


def _fact_rows(facts: list[FactRecord]) -> Table:
    table = Table.grid(padding=(0, 2))
    for fact in facts:
        details = [fact.hedge, fact.role, fact.period, fact.scope]
        usual = ("exact", "total", "year", "own")
        table.add_row(
            "   ",
            Text(fact.text, style="cyan"),
            Text(
                f"{fact.metric}{'.' + fact.channel if fact.channel else ''} = {number_text(fact.value)}",
                style="bold",
            ),
            Text(", ".join(d for d, u in zip(details, usual, strict=True) if d != u)),
            Text(fact.subject or ""),
            Text(f"{fact.confidence:.2f}", style="dim"),
        )
    return table


def _metrics(record: Record) -> Table:
    known = scheme().metrics
    table = Table(box=None, header_style="bold", padding=(0, 1))
    for head in ("metric", "", "period", "scope", "also told as"):
        table.add_column(head)
    table.add_column("value", justify="right")
    for key, flat in record.metrics.items():
        rivals = ", ".join(record.facts[index].text for index in flat.rivals)
        hedge = "" if flat.hedge == "exact" else f" ({flat.hedge})"
        table.add_row(
            key, known[flat.metric].zh, flat.period, flat.scope, Text(rivals), number_text(flat.value) + hedge
        )
    return table


def _statements(record: Record) -> Table:
    """Each problem beside the improvements that answer it; the others below."""
    table = Table(header_style="bold", show_lines=True)
    table.add_column("problem", ratio=1, overflow="fold")
    table.add_column("improvement", ratio=1, overflow="fold")
    paired: set[int] = set()
    for index, problem in enumerate(record.problems):
        answers = [i for i, item in enumerate(record.improvements) if index in item.addresses]
        paired.update(answers)
        table.add_row(_statement(problem), Group(*(_statement(record.improvements[i]) for i in answers)))
    for i, item in enumerate(record.improvements):
        if i not in paired:
            table.add_row("", _statement(item))
    return table


def _statement(item: ProblemRecord | ImprovementRecord) -> Text:
    label = ", ".join(item.themes)
    if isinstance(item, ImprovementRecord):
        label = f"{item.status}; {label}"
    return Text(item.sentence) + Text(f" [{label}]", style="dim")
