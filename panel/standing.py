"""What a place was in the year a report is on, and what has become of it."""

from dataclasses import dataclass
from typing import Literal

from .divisions import LATEST
from .gazetteer import Place, former, is_listed, is_todays, merged_into

Status = Literal["unchanged", "renamed", "new code", "merged", "divided", "abolished", "not listed"]


@dataclass(frozen=True, slots=True)
class Standing:
    """A place in a year and today.

    ``then`` is the place as the list of that year's end has it, None where it is in no list of that year; ``now`` are
    the places its area belongs to today: itself, what it was merged into, or several where it was divided.
    ``new code`` is a place that goes on under another code, a county that became a district for one.
    """

    status: Status
    then: Place | None
    now: tuple[Place, ...]
    year: int | None

    @property
    def city_code_then(self) -> str | None:
        """The code of the prefecture it lay in that year, or its own."""
        code = f"{self.then.code[:4]}00" if self.then and self.year else None
        return code if code and not code.endswith("0000") and is_listed(code, self.year) else None

    @property
    def county_code_then(self) -> str | None:
        """Its own code that year where it was a county or district."""
        return self.then.county_code if self.then else None


def standing(place: Place, year: int | None) -> Standing:
    """Return what a place, as it is called today, was at the end of a year; years after the last list count as it."""
    listed = None if year is None else min(year, LATEST)
    found = former(place, listed) if listed is not None else []
    then = found[0] if len(found) == 1 else None
    if not is_todays(place):
        now = tuple(merged_into(place))
        status: Status = "merged" if len(now) == 1 else "divided" if now else "abolished"
        return Standing(status, then, now, listed)
    if then is None:
        status = "not listed"
    elif then.code != place.code:
        status = "new code"
    else:
        status = "unchanged" if then.name == place.name else "renamed"
    return Standing(status, then, (place,), listed)
