"""What the learned reader is told of where a window comes from."""

import re

from ...annotations.scheme import scheme

_TITLE_TAIL = re.compile(r"年?度?(?:政府)?信息公开.*|年?度?(?:工作)?年?度?报告.*|[\s《》#]")
_LONGEST = 28


def prefix_of(section: str, title: str) -> str:
    """Return the section's name and, as far as it is known, whose report on which year it is (江州市公安局2022)."""
    name = scheme().names["section"].get(section, section)
    return f"{name}:{_TITLE_TAIL.sub('', title)[:_LONGEST]}"
