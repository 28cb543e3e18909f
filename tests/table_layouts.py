"""Fictional statistics tables, and every way real reports print them.

`random_figures` makes the figures, `render` prints them in a layout, `Noise` says what goes wrong in print.
Also used for example reports and benchmarks.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from random import Random

from gongkai.annotations.scheme import scheme

Figures = dict[str, int | None]

APPLICANTS = ("natural", "business", "research", "welfare", "legal_service", "other_org", "total")
OUTCOMES = ("upheld", "corrected", "other", "pending", "total")
PROCEEDINGS = ("review", "direct", "after_review")
SECOND_EDITION_LACKS = ("other.no_correction", "other.fee_unpaid")

# The three label cells of each row of the table of requests, as the official form has them.
LABELS: dict[str, tuple[str, str, str]] = {
    "new": ("一、本年新收政府信息公开申请数量", "", ""),
    "carried_in": ("二、上年结转政府信息公开申请数量", "", ""),
    "granted": ("三、本年度办理结果", "（一）予以公开", ""),
    "partly_granted": ("", "（二）部分公开（区分处理的，只计这一情形，不计其他情形）", ""),
    "refused.state_secret": ("", "（三）不予公开", "1.属于国家秘密"),
    "refused.law": ("", "", "2.其他法律行政法规禁止公开"),
    "refused.security": ("", "", "3.危及“三安全一稳定”"),
    "refused.third_party": ("", "", "4.保护第三方合法权益"),
    "refused.internal": ("", "", "5.属于三类内部事务信息"),
    "refused.process": ("", "", "6.属于四类过程性信息"),
    "refused.enforcement_file": ("", "", "7.属于行政执法案卷"),
    "refused.inquiry": ("", "", "8.属于行政查询事项"),
    "unavailable.not_held": ("", "（四）无法提供", "1.本机关不掌握相关政府信息"),
    "unavailable.needs_creation": ("", "", "2.没有现成信息需要另行制作"),
    "unavailable.unclear": ("", "", "3.补正后申请内容仍不明确"),
    "unprocessed.petition": ("", "（五）不予处理", "1.信访举报投诉类申请"),
    "unprocessed.repeat": ("", "", "2.重复申请"),
    "unprocessed.publication": ("", "", "3.要求提供公开出版物"),
    "unprocessed.excessive": ("", "", "4.无正当理由大量反复申请"),
    "unprocessed.confirmation": ("", "", "5.要求行政机关确认或重新出具已获取信息"),
    "other.no_correction": (
        "",
        "（六）其他处理",
        "1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请",
    ),
    "other.fee_unpaid": ("", "", "2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请"),
    "other.other": ("", "", "3.其他"),
    "total": ("", "（七）总计", ""),
    "carried_out": ("四、结转下年度继续办理", "", ""),
}
AROUND = ("new", "carried_in", "total", "carried_out")
REMARK = "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）"
HEAD_WORDS = ("自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计")
OUTCOME_WORDS = ("结果维持", "结果纠正", "其他结果", "尚未审结", "总计")
PROCEEDING_WORDS = ("行政复议", "未经复议直接起诉", "复议后起诉")
LAYOUTS = ("tabs", "short_tabs", "bars", "tab_cells", "lines", "markdown", "spaces", "flow", "glued")
# Layouts in which a blank cell leaves no trace.
_NUMBERING = re.compile(r"^(?:[一二三四五六七]、|（[一二三四五六七]）|\d\.)")
BLIND = ("lines", "spaces", "flow", "glued")


@dataclass(frozen=True)
class Noise:
    """What goes wrong in print. Cells are (row of the table of requests, column) pairs.

    ``dropped`` cells are not printed and the row closes up; ``split`` numbers fall into two cells; ``before`` is
    printed on lines of its own before a row's line (page numbers, the head again, debris); ``broken`` labels run
    over two lines around their values. ``debris`` cells print an umlaut for their figure, ``misprinted`` labels have a
    wrong character, ``unnumbered`` labels have lost their ordinals.
    """

    dropped: frozenset[tuple[str, int]] = frozenset()
    split: frozenset[tuple[str, int]] = frozenset()
    before: Mapping[str, Sequence[str]] = field(default_factory=dict[str, Sequence[str]])
    head_again: frozenset[str] = frozenset()
    broken: frozenset[str] = frozenset()
    debris: frozenset[tuple[str, int]] = frozenset()
    misprinted: frozenset[str] = frozenset()
    unnumbered: bool = False


def random_figures(
    random: Random, edition: str = "2021", sound: bool = True, blanks: str = "none", largest: int = 40
) -> Figures:
    """Return figures for every cell of an edition. ``sound`` figures satisfy the identities.

    ``blanks``: none, some (zeros at random), all (every zero), rows (every zero outside the first and last rows).
    """
    figures: Figures = {}
    first = "disclosure_2019" if edition == "2019" else "disclosure"
    for cell_id in scheme().tables[first]:
        figures[cell_id] = random.choice((0, random.randrange(10), random.randrange(100000)))
        if cell_id.endswith(".amount"):
            figures[cell_id] = random.choice((0, random.randrange(1, 10**7) * 100))
        elif cell_id.endswith(".change"):
            figures[cell_id] = random.choice((0, random.randrange(20), -random.randrange(1, 20)))
    rows = [name for name in LABELS if not (edition == "2019" and name in SECOND_EDITION_LACKS)]
    outcomes = [name for name in rows if name not in AROUND]
    table = {name: [_figure(random, largest) for _ in range(6)] for name in rows}
    if sound:
        table["total"] = [sum(table[name][c] for name in outcomes) for c in range(6)]
        table["carried_in"] = [
            random.randrange(min(table["total"][c] + table["carried_out"][c], 9) + 1) for c in range(6)
        ]
        table["new"] = [
            table["total"][c] + table["carried_out"][c] - table["carried_in"][c] for c in range(6)
        ]
    for name, values in table.items():
        values.append(sum(values) if sound else _figure(random, largest))
        for column, value in zip(APPLICANTS, values, strict=True):
            figures[f"applications.{name}.{column}"] = value
    for name in PROCEEDINGS:
        values = [_figure(random, largest) for _ in range(4)]
        values.append(sum(values) if sound else _figure(random, largest))
        for outcome, value in zip(OUTCOMES, values, strict=True):
            figures[f"proceedings.{name}.{outcome}"] = value
    return _blanked(random, figures, blanks)


def _figure(random: Random, largest: int) -> int:
    return random.choice((0, 0, 0, 0, 0, 1, random.randrange(10), random.randrange(largest)))


def _blanked(random: Random, figures: Figures, blanks: str) -> Figures:
    def blank(cell_id: str) -> bool:
        if blanks == "rows":
            return cell_id.startswith("applications.") and cell_id.split(".")[1] not in AROUND
        return blanks == "all" or (blanks == "some" and random.random() < 0.3)

    return {
        cell_id: None if value == 0 and blanks != "none" and blank(cell_id) else value
        for cell_id, value in figures.items()
    }


def plain_print(value: int | None) -> str:
    """The usual print of a figure: its digits, nothing for a blank."""
    return "" if value is None else str(value)


Printer = Callable[[int | None], str]


def random_printer(random: Random) -> Printer:
    """Return a printer that writes figures in the odd ways of real reports."""
    sign = random.choice(("", "/", "—", "-", "无", "不适用", "N/A"))

    def print_figure(value: int | None) -> str:
        if value is None:
            return random.choice((sign, ""))
        digits = str(value)
        way = random.randrange(12)
        if way == 0:
            return digits.translate(str.maketrans("0123456789", "０１２３４５６７８９"))
        if way == 1:
            return f"{value:,}"
        if way == 2:
            return f"{value:,}".replace(",", "，")
        if way == 3:
            return f"{digits}件"
        if way == 4:
            return f"{digits} 件"
        if way == 5:
            return f"{digits}（含上年结转2件）"
        return digits

    return print_figure


@dataclass(frozen=True)
class _Line:
    """A row to print: its label cells, its values (None: a row of labels or heads only) and lines before it."""

    labels: tuple[str, ...]
    values: tuple[str, ...] | None = None
    before: tuple[str, ...] = ()
    broken: bool = False
    dropped: int = 0


def render(
    figures: Figures,
    layout: str = "tabs",
    noise: Noise = Noise(),
    printer: Printer = plain_print,
    edition: str = "2021",
    proceedings: str = "flat",
) -> str:
    """Return the three parts of a report that hold the tables, headings included."""
    first = _disclosure_2019(figures, printer) if edition == "2019" else _disclosure(figures, printer)
    return "\n".join(
        (
            "二、主动公开政府信息情况",
            _render(first, layout, 4),
            "三、收到和处理政府信息公开申请情况",
            _render(_applications(figures, noise, printer, edition, layout), layout, 10),
            "四、政府信息公开行政复议、行政诉讼情况",
            _proceedings(figures, layout, printer, proceedings),
            "五、存在的主要问题及改进情况",
            "一是公开的及时性有待提高；二是解读的形式不够丰富。下一步，将加强培训，组织学习3次。",
        )
    )


def _disclosure(figures: Figures, printer: Printer) -> list[_Line]:
    def row(label: str, name: str, *columns: str) -> _Line:
        return _Line((label,), tuple(printer(figures[f"disclosure.{name}.{c}"]) for c in columns))

    amount = figures["disclosure.fees.amount"]
    fee = "" if amount is None else f"{amount / 10000:.4f}".rstrip("0").rstrip(".")
    return [
        _Line(("第二十条第（一）项",)),
        _Line(("信息内容", "本年制发件数", "本年废止件数", "现行有效件数")),
        row("规章", "rules", "issued", "repealed", "in_force"),
        row("行政规范性文件", "normative", "issued", "repealed", "in_force"),
        _Line(("第二十条第（五）项",)),
        _Line(("信息内容", "本年处理决定数量")),
        row("行政许可", "licensing", "decisions"),
        _Line(("第二十条第（六）项",)),
        _Line(("信息内容", "本年处理决定数量")),
        row("行政处罚", "penalties", "decisions"),
        row("行政强制", "coercion", "decisions"),
        _Line(("第二十条第（八）项",)),
        _Line(("信息内容", "本年收费金额（单位：万元）")),
        _Line(("行政事业性收费",), (fee,)),
    ]


def _disclosure_2019(figures: Figures, printer: Printer) -> list[_Line]:
    def row(label: str, name: str, *columns: str) -> _Line:
        values = [figures[f"disclosure_2019.{name}.{c}"] for c in columns]
        prints = [
            plain_print(v) if c == "change" else printer(v) for c, v in zip(columns, values, strict=True)
        ]
        return _Line((label,), tuple(prints))

    amount = figures["disclosure_2019.procurement.amount"]
    money = "" if amount is None else f"{amount / 10000:.4f}".rstrip("0").rstrip(".")
    stock = ("上一年项目数量", "本年增/减", "处理决定数量")
    return [
        _Line(("第二十条第（一）项",)),
        _Line(("信息内容", "本年新制作数量", "本年新公开数量", "对外公开总数量")),
        row("规章", "rules", "made", "published", "total_public"),
        row("规范性文件", "normative", "made", "published", "total_public"),
        _Line(("第二十条第（五）项",)),
        _Line(("信息内容", *stock)),
        row("行政许可", "licensing", "previous_items", "change", "decisions"),
        row("其他对外管理服务事项", "other_services", "previous_items", "change", "decisions"),
        _Line(("第二十条第（六）项",)),
        _Line(("信息内容", *stock)),
        row("行政处罚", "penalties", "previous_items", "change", "decisions"),
        row("行政强制", "coercion", "previous_items", "change", "decisions"),
        _Line(("第二十条第（八）项",)),
        _Line(("信息内容", "上一年项目数量", "本年增/减")),
        row("行政事业性收费", "fees", "previous_items", "change"),
        _Line(("第二十条第（九）项",)),
        _Line(("信息内容", "采购项目数量", "采购总金额（万元）")),
        _Line(("政府集中采购",), (printer(figures["disclosure_2019.procurement.projects"]), money)),
    ]


def _applications(figures: Figures, noise: Noise, printer: Printer, edition: str, layout: str) -> list[_Line]:
    lines = [
        _Line((REMARK, "", "", "申请人情况")),
        _Line(("", "", "", "自然人", "法人或其他组织", "", "", "", "", "总计")),
        _Line(("", "", "", "", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "")),
    ]
    for name, labels in LABELS.items():
        if edition == "2019" and name in SECOND_EDITION_LACKS:
            continue
        if edition == "2019" and name == "other.other":
            labels = ("", "（六）其他处理", "")
        values: list[str] = []
        for column, applicant in enumerate(APPLICANTS):
            text = printer(figures[f"applications.{name}.{applicant}"])
            if (name, column) in noise.dropped:
                continue
            if (name, column) in noise.debris:
                text = "Ü"
            if (name, column) in noise.split and text.isdigit() and len(text) > 1:
                values += [text[:1], text[1:]]
            else:
                values.append(text)
        labels = _spoilt(name, labels, noise)
        before = list(noise.before.get(name, ()))
        if name in noise.head_again:
            joint = {"spaces": "  ", "flow": " "}.get(layout, "\n" if layout in {"lines", "glued"} else "\t")
            before.append(joint.join(HEAD_WORDS))
        lines.append(
            _Line(
                labels,
                tuple(values),
                tuple(before),
                name in noise.broken,
                len(APPLICANTS) - _kept(name, noise),
            )
        )
    return lines


def _spoilt(name: str, labels: tuple[str, ...], noise: Noise) -> tuple[str, ...]:
    if name in noise.misprinted:
        at = max(i for i, label in enumerate(labels) if label)
        middle = len(labels[at]) // 2
        labels = (*labels[:at], f"{labels[at][:middle]}囗{labels[at][middle + 1 :]}", *labels[at + 1 :])
    if noise.unnumbered:
        labels = tuple(_NUMBERING.sub("", label) for label in labels)
    return labels


def _kept(name: str, noise: Noise) -> int:
    return sum((name, column) not in noise.dropped for column in range(len(APPLICANTS)))


def _render(lines: Sequence[_Line], layout: str, width: int) -> str:
    return {
        "tabs": _tabs,
        "short_tabs": _short_tabs,
        "bars": _bars,
        "tab_cells": _tab_cells,
        "lines": _lines,
        "markdown": _markdown,
        "spaces": _spaces,
        "flow": _flow,
        "glued": _glued,
    }[layout](lines, width)


def _label_width(width: int) -> int:
    return 3 if width == 10 else 1


def _padded(labels: Sequence[str], width: int) -> list[str]:
    return [*labels, *[""] * (_label_width(width) - len(labels))]


def _tabs(lines: Sequence[_Line], width: int) -> str:
    out: list[str] = []
    for line in lines:
        out += line.before
        if line.values is None:
            out.append("\t".join([*line.labels, *[""] * (width - len(line.labels))]))
            continue
        labels = _padded(line.labels, width)
        at = max(i for i, label in enumerate(labels) if label)
        rest = ""
        if line.broken and len(labels[at]) > 9:
            labels[at], rest = labels[at][:9], labels[at][9:]
        out.append(
            "\t".join(
                [*labels, *line.values, *[""] * (width - len(labels) - len(line.values) - line.dropped)]
            )
        )
        if rest:
            out.append("\t" * at + rest + "\t" * (width - at - 1))
    return "\n".join(out) + "\n"


def _short_tabs(lines: Sequence[_Line], width: int) -> str:
    """The head's merged cells leave the rows between the outer ones one cell short, where that cell is nothing."""
    middle = [
        line for line in lines if line.values is not None and len(line.values) == 7 and not line.labels[0]
    ]
    lost = next((c for c in range(5, 0, -1) if all((line.values or ())[c] == "0" for line in middle)), None)
    if width != 10 or lost is None:
        return _tabs(lines, width)
    out: list[_Line] = []
    for line in lines:
        if line in middle:
            values = line.values or ()
            line = replace(line, values=("", *values[:lost], *values[lost + 1 :]))
        out.append(line)
    return _tabs(out, width)


def _bars(lines: Sequence[_Line], width: int) -> str:
    """One cell a line with a bar behind it; the empty cells of a row follow as bars."""
    out: list[str] = []
    for line in lines:
        out += line.before
        cells = [label for label in line.labels if label]
        spare = width - len(cells) - len(line.values or ()) - line.dropped
        out += [f"{cell} |" for cell in cells]
        out += [f"{cell} |" if cell else "|" for cell in line.values or ()]
        if spare > 0:
            out.append("|" * spare)
    return "\n".join(out)


def _tab_cells(lines: Sequence[_Line], width: int) -> str:
    """One cell a line behind a tab; an empty line after each row."""
    out: list[str] = []
    for line in lines:
        out += line.before
        labels = list(line.labels)
        while labels and not labels[-1]:
            labels.pop()
        if line.broken and len(labels[-1]) > 6:
            labels[-1] = f"{labels[-1][:6]}\n{labels[-1][6:]}"
        out += [f"\t{cell}" for cell in [*labels, *(line.values or ())]]
        out.append("")
    return "\n".join(out)


def _lines(lines: Sequence[_Line], width: int) -> str:
    out: list[str] = []
    for line in lines:
        out += [*line.before, *(cell for cell in (*line.labels, *(line.values or ())) if cell)]
    return "\n".join(out)


def _markdown(lines: Sequence[_Line], width: int) -> str:
    out: list[str] = []
    for i, line in enumerate(lines):
        out += line.before
        labels = _padded(line.labels, width) if line.values is not None else list(line.labels)
        cells = [*labels, *(line.values or ())]
        cells += [""] * (width - len(cells) - line.dropped)
        out.append("| " + " | ".join(cells) + " |")
        if i == 0:
            out.append("|" + " --- |" * width)
    return "\n".join(out) + "\n"


def _spaces(lines: Sequence[_Line], width: int) -> str:
    out: list[str] = []
    for line in lines:
        out += line.before
        out.append("   ".join(cell for cell in (*line.labels, *(line.values or ())) if cell))
    return "\n".join(out) + "\n"


def _flow(lines: Sequence[_Line], width: int) -> str:
    """Everything in one paragraph."""
    return " ".join(cell for line in lines for cell in (*line.labels, *(line.values or ())) if cell) + "\n"


def _glued(lines: Sequence[_Line], width: int) -> str:
    out: list[str] = []
    for line in lines:
        out += line.before
        out.append("".join((*line.labels, *(line.values or ()))))
    return "\n".join(out) + "\n"


def _proceedings(figures: Figures, layout: str, printer: Printer, form: str) -> str:
    table = {name: [printer(figures[f"proceedings.{name}.{o}"]) for o in OUTCOMES] for name in PROCEEDINGS}
    flat = [value for values in table.values() for value in values]
    visible = layout not in BLIND
    if form == "upright":
        head = [_Line(("结果", *PROCEEDING_WORDS))]
        rows = [
            _Line((word,), tuple(table[p][i] for p in PROCEEDINGS)) for i, word in enumerate(OUTCOME_WORDS)
        ]
        return _render([*head, *rows], layout if visible else "spaces", 4)
    if form == "three":
        parts = [
            "\n".join((word + "\t" * 4, "\t".join(OUTCOME_WORDS), "\t".join(table[name]), ""))
            for word, name in zip(PROCEEDING_WORDS, PROCEEDINGS, strict=True)
        ]
        return "\n".join(parts)
    words = [
        "行政复议\t\t\t\t\t行政诉讼" + "\t" * 9,
        "\t" * 5 + "未经复议直接起诉\t\t\t\t\t复议后起诉" + "\t" * 4,
    ]
    if form == "no_totals":
        values = [value for values in table.values() for value in values[:4]]
        words.append("\t".join(OUTCOME_WORDS[:4] * 3))
    else:
        values = flat
        words.append("\t".join(OUTCOME_WORDS * 3))
    if form == "column":
        return "\n".join([*"\n".join(words).split(), *(f"\t{value}" for value in values), ""])
    return "\n".join([*words, "\t".join(values), ""])
