"""The labelling configuration of Label Studio, generated from the scheme.

Annotators see Chinese names where the scheme has them; what is stored are the scheme's codes (``alias``).
"""

from collections.abc import Iterable
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from ..scheme import scheme
from .marks import Layer

CONTROLS: dict[Layer, str] = {
    "section": "section",
    "channel": "channel_words",
    "fact": "fact",
    "problem": "statement",
    "improvement": "statement",
}
"""The set of labels that a layer's marks are labelled from."""
CHOICES = ("channel", "hedge", "role", "period", "scope", "certain", "themes", "status")
"""Fields of a region that are chosen from a list."""
TEXTS = ("unit", "subject", "alternatives")
"""Fields of a region that are typed."""
UNCERTAIN = "uncertain"
"""The one choice of ``certain``."""

Option = tuple[str, str, str]
"""Code, name shown, and hint; the name is the code where the scheme has no other."""


def label_config() -> str:
    """Return the configuration as XML.

    Four sets of labels (`CONTROLS`) over the text, beside it the fields of the fact or statement that is selected, and
    relations.
    """
    root = Element("View", style="display: flex; gap: 2em")
    text = SubElement(root, "View", style="flex: 3")
    _label_sets(SubElement(text, "View", style="max-height: 35vh; overflow-y: auto"))
    SubElement(text, "Text", name="text", value="$text", granularity="symbol")
    fields = SubElement(root, "View", style="flex: 1; min-width: 18em; max-height: 90vh; overflow-y: auto")
    _fact_fields(fields)
    _choices(fields, "statement", "themes", "主题 themes", choice="multiple")
    _choices(fields, "statement", "status", "状态 status")
    relations = SubElement(root, "Relations")
    SubElement(relations, "Relation", value="channel", hint="from a fact to the words that name its channel")
    SubElement(relations, "Relation", value="addresses", hint="from an improvement to the problem it answers")
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="unicode") + "\n"


def _label_sets(parent: Element) -> None:
    metrics = [
        (metric.code, metric.zh, f"{metric.code}: {metric.doc}") for metric in scheme().metrics.values()
    ]
    statements = [("problem", "问题", "problem"), ("improvement", "改进", "improvement")]
    _labels(parent, CONTROLS["fact"], metrics, "#1f77b4")
    _labels(parent, CONTROLS["channel"], _channels(), "#2ca02c")
    _labels(parent, CONTROLS["section"], _named("section"), "#9467bd")
    _labels(parent, CONTROLS["problem"], statements, "#d62728")


def _fact_fields(parent: Element) -> None:
    number = _field(parent, "fact", "数值 value")
    SubElement(number, "Number", _per_region("fact", "value") | {"step": "any"})
    _choices(parent, "fact", "channel", "渠道 channel", _channels(), layout="select")
    for name, title in (("unit", "单位 unit"), ("subject", "对象 subject")):
        SubElement(
            _field(parent, "fact", title), "TextArea", _per_region("fact", name) | {"maxSubmissions": "1"}
        )
    for name, title in (("hedge", "约数"), ("role", "角色"), ("period", "时段"), ("scope", "范围")):
        _choices(parent, "fact", name, f"{title} {name}")
    _choices(parent, "fact", "certain", "存疑", [(UNCERTAIN, "两读皆可", UNCERTAIN)], choice="multiple")
    others = _field(parent, "fact", "其他读法 alternatives (metric@channel; none)")
    SubElement(others, "TextArea", _per_region("fact", "alternatives"))


def _per_region(labels: str, name: str) -> dict[str, str]:
    return {
        "name": name,
        "toName": "text",
        "perRegion": "true",
        "visibleWhen": "region-selected",
        "whenTagName": labels,
    }


def _named(field: str) -> list[Option]:
    return [(code, name, code) for code, name in scheme().names[field].items()]


def _channels() -> list[Option]:
    return [(code, names[0], f"{code}: {' '.join(names)}") for code, names in scheme().channels.items()]


def _field(parent: Element, labels: str, title: str) -> Element:
    """The place of a field, shown with its heading while a region of ``labels`` is selected."""
    view = SubElement(parent, "View", visibleWhen="region-selected", whenTagName=labels)
    SubElement(view, "Header", value=title, size="6")
    return view


def _labels(parent: Element, name: str, options: Iterable[Option], colour: str) -> None:
    element = SubElement(parent, "Labels", name=name, toName="text", showInline="true")
    for code, shown, hint in options:
        SubElement(element, "Label", value=shown, alias=code, hint=hint, background=colour)


def _choices(
    parent: Element,
    labels: str,
    name: str,
    title: str,
    options: Iterable[Option] | None = None,
    **more: str,
) -> None:
    """A field chosen from ``options``, from the scheme's names of the field where none are given."""
    shown_as = {} if "layout" in more else {"showInline": "true"}
    place = _field(parent, labels, title)
    element = SubElement(place, "Choices", _per_region(labels, name) | shown_as | more)
    for code, shown, hint in _named(name) if options is None else options:
        SubElement(element, "Choice", {"value": shown, "alias": code} | ({"hint": hint} if hint else {}))
