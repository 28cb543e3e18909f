"""Offsets as JavaScript counts them: a character outside of the Basic Multilingual Plane (𠮷, emoji) is two units."""

from itertools import accumulate


def utf16_offsets(text: str) -> list[int]:
    """Return, for each character offset of ``text`` from 0 to its length, the same place in UTF-16 code units."""
    return list(accumulate((1 + (character > "\uffff") for character in text), initial=0))


def character_offsets(text: str) -> dict[int, int]:
    """Return the character offset of each offset in UTF-16 code units; the inside of a pair is missing."""
    return {units: character for character, units in enumerate(utf16_offsets(text))}
