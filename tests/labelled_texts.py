"""Random labelled texts, as wild as the form allows: for the tests of what is kept and exchanged."""

from typing import Any, get_args

from gongkai.annotations.kinds import Edition, Hedge, Origin, Period, Role, Scope, Status
from gongkai.annotations.labelled import (
    LabelledCell,
    LabelledChannel,
    LabelledFact,
    LabelledImprovement,
    LabelledProblem,
    LabelledReport,
    LabelledSection,
    LabelledText,
    Reading,
    Region,
)
from gongkai.annotations.scheme import scheme
from hypothesis import strategies as st

METRICS = st.sampled_from(sorted(scheme().metrics))
CHANNELS = st.sampled_from(sorted(scheme().channels))
THEMES = st.lists(st.sampled_from(scheme().themes), unique=True, max_size=3).map(tuple)
CELLS = st.sampled_from([cell for cells in scheme().tables.values() for cell in cells])
CONFIDENCES = st.none() | st.floats(0, 1)
ORIGINS = st.none() | st.sampled_from(get_args(Origin))
VALUES = st.integers(-(10**15), 10**15) | st.floats(-1e12, 1e12, allow_nan=False)

BLANKS = ["\r\n", "\n", "\r", "\t", " ", "\u3000", "\u200b", "\ufeff", "\u2028", "\x85", "\x0b", "T1\t"]
WORDS = [
    "𠮷",
    "😀",
    "👨\u200d👩\u200d👧",
    "é",
    "#",
    "\\",
    "'",
    '"',
    "<b>",
    "&amp;",
    "发布",
    "信息",
    "1203条",
    "１２条",
    "0.5%",
    "，",
    "。",
    "官网",
    "微博",
    "U+000A",
    "abc",
    ";",
    "|",
]
pieces = st.sampled_from([*BLANKS, *WORDS])
wild_characters = st.characters(exclude_categories=("Cs",), exclude_characters="\x00")
printed_texts = st.lists(pieces | wild_characters, max_size=40).map("".join)
words = st.text(wild_characters, max_size=8)
ids = st.text(wild_characters, min_size=1, max_size=8)


@st.composite
def spans(draw: st.DrawFn, size: int) -> dict[str, int]:
    """A span of a text that is not empty; short ones often meet or overlap."""
    start = draw(st.integers(0, size - 1))
    return {"start": start, "end": draw(st.integers(start + 1, min(size, start + 12)))}


@st.composite
def facts(draw: st.DrawFn, size: int, mentions: list[LabelledChannel]) -> LabelledFact:
    channel = draw(st.none() | CHANNELS)
    readings = st.builds(
        Reading, metric=st.none() | METRICS, channel=st.none() | CHANNELS, not_fact=st.booleans()
    )
    return LabelledFact(
        **draw(spans(size)),
        metric=draw(METRICS),
        channel=channel,
        value=draw(VALUES),
        unit=draw(st.none() | words),
        hedge=draw(st.sampled_from(get_args(Hedge))),
        role=draw(st.sampled_from(get_args(Role))),
        period=draw(st.sampled_from(get_args(Period))),
        scope=draw(st.sampled_from(get_args(Scope))),
        subject=draw(st.none() | words),
        mention=draw(st.none() | st.integers(0, len(mentions) - 1)) if mentions and channel else None,
        certain=draw(st.booleans()),
        alternatives=draw(st.lists(readings, max_size=2).map(tuple)),
        confidence=draw(CONFIDENCES),
        origin=draw(ORIGINS),
    )


@st.composite
def marks(draw: st.DrawFn, size: int) -> dict[str, Any]:
    """The marks of a text of ``size`` characters, with links, several facts on one span among them."""
    span = spans(size)
    few = {"max_size": 4}
    channels = draw(st.lists(st.builds(lambda s, c: LabelledChannel(channel=c, **s), span, CHANNELS), **few))
    told = draw(st.lists(facts(size, channels), **few))
    same = [fact.model_copy(update={"start": told[0].start, "end": told[0].end}) for fact in told[1:2]]
    sections = st.builds(
        lambda s, label: LabelledSection(label=label, **s), span, st.sampled_from(scheme().sections)
    )
    problem = st.builds(
        lambda s, t, c, o: LabelledProblem(themes=t, confidence=c, origin=o, **s),
        span,
        THEMES,
        CONFIDENCES,
        ORIGINS,
    )
    problems = draw(st.lists(problem, **few))
    answers = (
        st.lists(st.sampled_from(range(len(problems))), unique=True).map(tuple) if problems else st.just(())
    )
    improvement = st.builds(
        lambda s, t, w, a, c, o: LabelledImprovement(
            themes=t, status=w, addresses=a, confidence=c, origin=o, **s
        ),
        span, THEMES, st.sampled_from(get_args(Status)), answers, CONFIDENCES, ORIGINS,
    )  # fmt: skip
    return {
        "sections": draw(st.lists(sections, **few)),
        "channels": channels,
        "facts": told + (same if draw(st.booleans()) else []),
        "problems": problems,
        "improvements": draw(st.lists(improvement, **few)),
    }


names = st.none() | words
regions = st.builds(Region, province=names, city=names, county=names)
reports = st.builds(
    LabelledReport,
    title=names,
    agency=names,
    kind=names,
    region=regions,
    year=st.none() | st.integers(2008, 2030),
    period_start=names,
    period_end=names,
    edition=st.sampled_from(get_args(Edition)),
)
cells = st.dictionaries(CELLS, st.builds(LabelledCell, value=st.none() | VALUES, printed=words), max_size=3)


@st.composite
def labelled(draw: st.DrawFn, printed: st.SearchStrategy[str] = printed_texts) -> LabelledText:
    """A labelled text whose marks are sound: spans in the text, labels of the scheme, links that lead somewhere."""
    text = draw(printed)
    return LabelledText(
        id=draw(ids),
        source=draw(names),
        sha256=draw(names),
        text=text,
        report=draw(reports),
        noise=draw(st.lists(words, max_size=2).map(tuple)),
        cells=draw(cells),
        **(draw(marks(len(text))) if text else {}),
    )


batches = st.lists(labelled(), max_size=3, unique_by=lambda text: text.id)
many = st.lists(labelled(), min_size=20, max_size=20, unique_by=lambda text: text.id)
