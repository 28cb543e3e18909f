# pyright: reportUnknownMemberType=false
# matplotlib leaves its **kwargs untyped
"""Figures drawn: SVG and PNG with Chinese type from a font that comes as a package, and their numbers as CSV."""

import io
from collections.abc import Callable, Sequence
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


def draw(figure: Figure) -> Canvas:
    """Return a figure drawn; the figure must have rows."""
    with mpl.rc_context(_style()):
        canvas = _DRAWN[figure.kind](figure)
        canvas.suptitle(figure.title, x=0.012, y=0.985, ha="left", va="top", fontsize=15, color=_INK)
        canvas.text(0.012, 0.012, figure.note, ha="left", va="bottom", fontsize=8, color=_PALE)
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
    canvas = Canvas(
        figsize=(width, height), layout=ConstrainedLayoutEngine(rect=(0.005, 0.055, 0.99, 0.86), wspace=0.05)
    )
    return canvas, [canvas.add_subplot(1, columns, place + 1) for place in range(columns)]


def _mark_years(axes: Axes, years: Sequence[int]) -> None:
    first, last = min(years), max(years)
    axes.set_xticks(range(first, last + 1, 2 if last - first >= _DENSE else 1))
    axes.set_xlim(first - 0.6, last + 0.6)
    axes.xaxis.set_major_formatter(StrMethodFormatter("{x:.0f}"))


def _count_axis(axes: Axes) -> None:
    axes.yaxis.set_major_locator(MaxNLocator(nbins=6, integer=True))
    axes.yaxis.set_major_formatter(StrMethodFormatter("{x:,.0f}"))
    axes.set_ylim(bottom=0)


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
        left.text(year, received, f"n={reports}", ha="center", va="bottom", fontsize=7.5, color=_PALE)
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


def _median_bands(figure: Figure) -> Canvas:
    measures = list(dict.fromkeys(figure.column("指标")))
    canvas, places = _canvas(11, 4.4, len(measures))
    for axes, measure, colour in zip(places, measures, (BLUE, ORANGE, GREEN), strict=False):
        part = figure.where("指标", measure)
        years = part.column("年份")
        axes.fill_between(
            years, part.column("下四分位"), part.column("上四分位"), color=colour, alpha=0.18, lw=0
        )
        axes.plot(years, part.column("中位数"), marker="o", color=colour)
        for year, middle, count in zip(years, part.column("中位数"), part.column("n"), strict=True):
            axes.annotate(
                f"{count}",
                (year, middle),
                (0, 6),
                textcoords="offset points",
                ha="center",
                fontsize=7,
                color=_PALE,
            )
        axes.set_title(measure)
        _count_axis(axes)
        _mark_years(axes, years)
        axes.tick_params(axis="x", rotation=45)
    return canvas


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
                axes.text(year, top, f"{share:.0%}", ha="center", va="bottom", fontsize=7.5, color=RED)
    canvas.legend(*places[0].get_legend_handles_labels(), loc="outside upper right", ncols=len(outcomes))
    return canvas


def _corrected_shares(part: Figure) -> list[float | None]:
    """The share of settled cases that were corrected, year by year; None where none was settled."""
    settled = zip(*(part.column(head) for head in ("结果纠正", "结果维持", "其他结果")), strict=True)
    counts = [[value or 0 for value in row] for row in settled]
    return [row[0] / sum(row) if sum(row) else None for row in counts]


def _heatmap(figure: Figure) -> Canvas:
    years = sorted(set(figure.column("年份")))
    shares = {(row[0], row[1]): row[4] for row in figure.rows}
    counts = dict(zip(figure.column("年份"), figure.column("n"), strict=True))
    total = {theme: sum(shares.get((theme, year), 0) for year in years) for theme in figure.column("主题")}
    themes = sorted(total, key=lambda theme: (-total[theme], theme))
    canvas, (axes,) = _canvas(max(6.5, 1.6 + 0.62 * len(years)), 1.6 + 0.3 * len(themes), 1)
    grid = [[shares.get((theme, year), 0.0) for year in years] for theme in themes]
    top = max(max(row) for row in grid)
    axes.imshow(grid, aspect="auto", cmap="Blues", vmin=0, vmax=1.15 * top)
    for line, row in enumerate(grid):
        for place, share in enumerate(row):
            colour = "white" if share > 0.6 * top else _INK
            axes.text(
                place,
                line,
                f"{share:.0%}" if share else "",
                ha="center",
                va="center",
                fontsize=8,
                color=colour,
            )
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
