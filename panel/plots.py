# pyright: reportUnknownMemberType=false
# matplotlib leaves its **kwargs untyped
"""Figures drawn: SVG and PNG with Chinese type from a font that comes as a package, and their numbers as CSV."""

import io
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from math import isnan, nan
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.ticker import MaxNLocator, PercentFormatter, StrMethodFormatter
from pylopdf_fonts_zh_cn import sans_path

from ..extraction.writers import open_output
from .figures import Figure, Kind

# Okabe and Ito's colours, told apart by the colour-blind too.
BLUE, ORANGE, GREEN, RED, PURPLE, SKY, GREY = (
    "#0072B2",
    "#E69F00",
    "#009E73",
    "#D55E00",
    "#CC79A7",
    "#56B4E9",
    "#8a8f98",
)
_INK, _PALE = "#22262b", "#5b6570"
_DOTS_PER_INCH = 200
_DENSE = 12
"""Over this many years only every other one is written."""
_FEW = 4
"""Fewer reports than this have no band of quartiles, and no colour in a heat map: they say little of a year."""
_ROOM = {"above": 0.44, "below": 0.3}
"""Inches for the title and the note of a figure."""


def draw(figure: Figure) -> Canvas:
    """Return a figure drawn; the figure must have rows."""
    with mpl.rc_context(_style()):
        canvas = _DRAWN[figure.kind](figure)
        height = canvas.get_figheight()
        canvas.suptitle(
            figure.title, x=0.012, y=1 - 0.08 / height, ha="left", va="top", fontsize=15, color=_INK
        )
        canvas.text(0.012, 0.07 / height, figure.note, ha="left", va="bottom", fontsize=8, color=_PALE)
        return canvas


def as_svg(figure: Figure) -> bytes:
    """Return a figure as SVG; its type is drawn as shapes, so it looks the same whatever fonts there are."""
    return _saved(draw(figure), figure.name, "svg")


def save_figure(figure: Figure, folder: Path) -> None:
    """Write a figure's SVG and PNG and its numbers as CSV into a folder.

    Raises `OSError` when they cannot be written.
    """
    canvas = draw(figure)
    contents = {kind: _saved(canvas, figure.name, kind) for kind in ("svg", "png")} | {"csv": figure.as_csv()}
    for suffix, content in contents.items():
        with open_output(str(folder / f"{figure.name}.{suffix}")) as out:
            out.write(content)


def _saved(canvas: Canvas, name: str, kind: str) -> bytes:
    """A drawn figure as a file, the same bytes each time."""
    buffer = io.BytesIO()
    metadata = {"Date": None} if kind == "svg" else {"Software": None}
    with mpl.rc_context({**_style(), "svg.hashsalt": name}):
        canvas.savefig(buffer, format=kind, dpi=_DOTS_PER_INCH, metadata=metadata)
    return buffer.getvalue()


def _style() -> dict[Any, Any]:
    path = str(sans_path())
    if not any(font.fname == path for font in font_manager.fontManager.ttflist):
        font_manager.fontManager.addfont(path)
    return {
        "font.family": [font_manager.FontProperties(fname=path).get_name()],
        "font.size": 10,
        "axes.unicode_minus": False,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.edgecolor": "#b8bec6",
        "axes.labelcolor": _PALE,
        "axes.titlesize": 11,
        "axes.titlelocation": "left",
        "axes.titlecolor": _INK,
        "axes.grid": True,
        "axes.grid.axis": "y",
        "axes.axisbelow": True,
        "grid.color": "#e6e9ed",
        "xtick.color": _PALE,
        "ytick.color": _PALE,
        "xtick.major.size": 0,
        "ytick.major.size": 0,
        "legend.frameon": False,
        "legend.fontsize": 9,
        "svg.fonttype": "path",
    }


def _canvas(width: float, height: float, columns: int) -> tuple[Canvas, list[Axes]]:
    """A page with room for the title above and the note below, and its axes side by side."""
    above, below = (inches / height for inches in _ROOM.values())
    layout = ConstrainedLayoutEngine(rect=(0.005, below, 0.99, 1 - above - below), wspace=0.05)
    canvas = Canvas(figsize=(width, height), layout=layout)
    return canvas, [canvas.add_subplot(1, columns, place + 1) for place in range(columns)]


def _mark_years(axes: Axes, years: Sequence[int]) -> None:
    first, last = min(years), max(years)
    axes.set_xticks(range(first, last + 1, 2 if last - first >= _DENSE else 1))
    axes.set_xlim(first - 0.6, last + 0.6)
    axes.xaxis.set_major_formatter(StrMethodFormatter("{x:.0f}"))


def _count_axis(axes: Axes) -> None:
    """Whole numbers from 0 up, with room above the highest for what is written on it."""
    axes.yaxis.set_major_locator(MaxNLocator(nbins=6, integer=True))
    axes.yaxis.set_major_formatter(StrMethodFormatter("{x:,.0f}"))
    axes.set_ylim(0, axes.dataLim.y1 * 1.08 or 1)


def _bars_and_rates(figure: Figure) -> Canvas:
    canvas, (left, right) = _canvas(11, 4.6, 2)
    years = figure.column("年份")
    left.bar(years, figure.column("报告数"), color=BLUE, width=0.7)
    left.set_title("报告数（份）")
    _count_axis(left)
    for head, colour in (("通过率", GREEN), ("全部相符", ORANGE)):
        told = [
            (year, rate) for year, rate in zip(years, figure.column(head), strict=True) if rate is not None
        ]
        right.plot(
            [year for year, _ in told], [rate for _, rate in told], marker="o", color=colour, label=head
        )
    right.set_title("勾稽核对（统计表与正文）")
    right.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    right.set_ylim(0, 1.03)
    right.legend(loc="lower left")
    for axes in (left, right):
        _mark_years(axes, years)
    return canvas


def _bars_and_shares(figure: Figure) -> Canvas:
    canvas, (left, right) = _canvas(11, 4.8, 2)
    years = figure.column("年份")
    left.bar(years, figure.column("新收"), color=BLUE, width=0.7)
    for year, received, reports in zip(years, figure.column("新收"), figure.column("报告数"), strict=True):
        _write_above(left, year, received or 0, f"n={reports}", _PALE)
    left.set_title("新收申请（件，各报告合计）")
    _count_axis(left)
    outcomes = figure.heads[3:]
    sums = [sum(figure.column(head)[i] or 0 for head in outcomes) for i in range(len(years))]
    base = [0.0] * len(years)
    for head, colour in zip(outcomes, (GREEN, SKY, RED, GREY, ORANGE, PURPLE), strict=True):
        shares = [
            (value or 0) / total if total else 0.0
            for value, total in zip(figure.column(head), sums, strict=True)
        ]
        right.bar(years, shares, bottom=base, color=colour, width=0.7, label=head)
        base = [low + share for low, share in zip(base, shares, strict=True)]
    right.set_title("办理结果")
    right.set_ylim(0, 1)
    right.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    handles, labels = right.get_legend_handles_labels()
    right.legend(handles[::-1], labels[::-1], loc="center left", bbox_to_anchor=(1.0, 0.5))
    for axes in (left, right):
        _mark_years(axes, years)
    return canvas


def _write_above(axes: Axes, x: float, y: float, words: str, colour: str) -> None:
    axes.annotate(words, (x, y), (0, 2), textcoords="offset points", ha="center", fontsize=7.5, color=colour)


def _median_bands(figure: Figure) -> Canvas:
    """Medians and quartiles by year; where years are missing the line is broken, and the years are the same in all."""
    measures = list(dict.fromkeys(figure.column("指标")))
    canvas, places = _canvas(11, 4.4, len(measures))
    told = figure.column("年份")
    years = range(min(told), max(told) + 1)
    for axes, measure, colour in zip(places, measures, (BLUE, ORANGE, GREEN), strict=False):
        part = figure.where("指标", measure)
        known = {row["年份"]: row for row in part.by_head()}
        bands = {year: row for year, row in known.items() if row["n"] >= _FEW}
        low, high = (
            [bands[year][head] if year in bands else nan for year in years]
            for head in ("下四分位", "上四分位")
        )
        axes.fill_between(years, low, high, color=colour, alpha=0.18, lw=0)
        middle = [known[year]["中位数"] if year in known else nan for year in years]
        axes.plot(years, middle, marker="o", color=colour)
        axes.set_title(measure, pad=18)
        _count_axis(axes)
        _mark_years(axes, years)
        axes.tick_params(axis="x", rotation=45)
        _write_counts(axes, {year: row["n"] for year, row in known.items()})
    return canvas


def _write_counts(axes: Axes, counts: Mapping[int, int]) -> None:
    """Write above the axes how many reports each year's figure is from."""
    for year, count in counts.items():
        axes.text(
            year,
            1.01,
            f"{count}",
            transform=axes.get_xaxis_transform(),
            ha="center",
            va="bottom",
            fontsize=7,
            color=_PALE,
            rotation=90 if count >= 100 else 0,
        )


def _median_dots(figure: Figure) -> Canvas:
    measures = list(dict.fromkeys(figure.column("指标")))
    longest = max(len(figure.where("指标", measure).rows) for measure in measures)
    canvas, places = _canvas(11, max(3.5, 1.6 + 0.21 * longest), len(measures))
    for axes, measure, colour in zip(places, measures, (BLUE, ORANGE, GREEN), strict=False):
        part = figure.where("指标", measure)
        rows = range(len(part.rows), 0, -1)
        axes.hlines(rows, part.column("下四分位"), part.column("上四分位"), color=colour, alpha=0.35, lw=3)
        axes.plot(part.column("中位数"), rows, "o", color=colour, ms=5)
        names = [
            f"{name}  {count}" for name, count in zip(part.column("省份"), part.column("n"), strict=True)
        ]
        axes.set_yticks(list(rows), names, fontsize=8)
        axes.set_title(measure)
        axes.grid(visible=True, axis="x")
        axes.grid(visible=False, axis="y")
        axes.set_xlim(left=0)
        axes.xaxis.set_major_formatter(StrMethodFormatter("{x:,.0f}"))
        axes.xaxis.set_major_locator(MaxNLocator(nbins=4))
        axes.set_ylim(0.3, longest + 0.7 if len(part.rows) == longest else len(part.rows) + 0.7)
    return canvas


def _outcomes(figure: Figure) -> Canvas:
    kinds = list(dict.fromkeys(figure.column("类别")))
    canvas, places = _canvas(11, 4.6, len(kinds))
    outcomes = figure.heads[3:]
    for axes, kind in zip(places, kinds, strict=True):
        part = figure.where("类别", kind)
        years = part.column("年份")
        base = [0.0] * len(years)
        for head, colour in zip(outcomes, (BLUE, RED, GREY, "#d5d9de"), strict=True):
            counts = [value or 0 for value in part.column(head)]
            axes.bar(years, counts, bottom=base, color=colour, width=0.7, label=head)
            base = [low + count for low, count in zip(base, counts, strict=True)]
        axes.set_title(f"{kind}（件）")
        _count_axis(axes)
        _mark_years(axes, years)
        for year, top, share in zip(years, base, _corrected_shares(part), strict=True):
            if share is not None:
                _write_above(axes, year, top, f"{share:.0%}", RED)
    canvas.legend(*places[0].get_legend_handles_labels(), loc="upper right", ncols=len(outcomes))
    return canvas


def _corrected_shares(part: Figure) -> list[float | None]:
    """The share of settled cases that were corrected, year by year; None where none was settled."""
    settled = zip(*(part.column(head) for head in ("结果纠正", "结果维持", "其他结果")), strict=True)
    counts = [[value or 0 for value in row] for row in settled]
    return [row[0] / sum(row) if sum(row) else None for row in counts]


def _heatmap(figure: Figure) -> Canvas:
    years = sorted(set(figure.column("年份")))
    shares = {(row["主题"], row["年份"]): row["比例"] for row in figure.by_head()}
    counts = dict(zip(figure.column("年份"), figure.column("n"), strict=True))
    reports: Counter[str] = Counter()
    for row in figure.by_head():
        reports[row["主题"]] += row["报告数"]
    themes = sorted(reports, key=lambda theme: (-reports[theme], theme))
    coloured = [year for year in years if counts[year] >= _FEW] or years
    canvas, (axes,) = _canvas(max(6.5, 1.6 + 0.62 * len(years)), 1.6 + 0.3 * len(themes), 1)
    grid = [
        [shares.get((theme, year), 0.0) if year in coloured else nan for year in years] for theme in themes
    ]
    top = max(share for row in grid for share in row if not isnan(share))
    axes.imshow(grid, aspect="auto", cmap="Blues", vmin=0, vmax=1.15 * top)
    for line, theme in enumerate(themes):
        for place, year in enumerate(years):
            share = shares.get((theme, year), 0.0)
            dark = year in coloured and share > 0.6 * top
            colour = "white" if dark else _INK if year in coloured else GREY
            words = f"{share:.0%}" if share else ""
            axes.text(place, line, words, ha="center", va="center", fontsize=8, color=colour)
    axes.set_xticks(range(len(years)), [f"{year}\nn={counts[year]}" for year in years])
    axes.set_yticks(range(len(themes)), themes)
    axes.xaxis.tick_top()
    axes.grid(visible=False)
    axes.spines[:].set_visible(False)
    return canvas


_DRAWN: dict[Kind, Callable[[Figure], Canvas]] = {
    "bars_and_rates": _bars_and_rates,
    "bars_and_shares": _bars_and_shares,
    "median_bands": _median_bands,
    "median_dots": _median_dots,
    "outcomes": _outcomes,
    "heatmap": _heatmap,
}
