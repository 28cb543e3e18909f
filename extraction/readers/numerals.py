"""Numbers as word processors print them before the paragraphs of a list (ECMA-376 part 1, 17.18.59)."""

from collections.abc import Callable

_DIGITS = "〇一二三四五六七八九"
_LARGEST_CHINESE = 9999
_ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"),
    (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip
_LARGEST_ROMAN = 3999
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES = "子丑寅卯辰巳午未申酉戌亥"


def numeral(value: int, form: str) -> str:
    """Return ``value`` in the number format that Word calls ``form``; in plain digits where the format has no word for it."""
    write = _FORMS.get(form)
    told = write(value) if write else ""
    return told if told or form == "none" else str(value)


def _chinese(value: int) -> str:
    """一, 十, 十一, 一百零二."""
    return _in_words(value, "low")


def _banker(value: int) -> str:
    """壹, 拾, 壹佰零贰."""
    return _in_words(value, "up")


def _in_words(value: int, style: str) -> str:
    from cn2an import an2cn  # it costs a tenth of a second, and many files number nothing  # noqa: PLC0415

    return str(an2cn(value, style)) if 0 <= value <= _LARGEST_CHINESE else ""


def _digit_by_digit(value: int) -> str:
    return "".join(_DIGITS[int(digit)] for digit in str(value)) if value >= 0 else ""


def _full_width(value: int) -> str:
    return "".join(chr(ord(char) + 0xFEE0) for char in str(value))


def _roman(value: int) -> str:
    if not 0 < value <= _LARGEST_ROMAN:
        return ""
    told = ""
    for worth, letters in _ROMAN:
        count, value = divmod(value, worth)
        told += letters * count
    return told


def _letter(value: int) -> str:
    """a to z, then aa, bb, as Word counts on."""
    return chr(ord("a") + (value - 1) % 26) * ((value - 1) // 26 + 1) if 0 < value <= 26 * 30 else ""


def _circled(value: int) -> str:
    for first, last, start in ((0, 0, 0x24EA), (1, 20, 0x2460), (21, 35, 0x3251), (36, 50, 0x32B1)):
        if first <= value <= last:
            return chr(start + value - first)
    return ""


def _from(start: int, last: int) -> Callable[[int], str]:
    """Characters that follow each other, the first for 1."""
    return lambda value: chr(start + value - 1) if 1 <= value <= last else ""


def _cycle(signs: str) -> Callable[[int], str]:
    return lambda value: signs[(value - 1) % len(signs)] if value > 0 else ""


def _ordinal(value: int) -> str:
    teens = 10 <= value % 100 <= 20
    return f"{value}{'th' if teens else {1: 'st', 2: 'nd', 3: 'rd'}.get(value % 10, 'th')}"


_FORMS: dict[str, Callable[[int], str]] = {
    "none": lambda _: "",
    "decimalZero": lambda value: f"{value:02}",
    "decimalFullWidth": _full_width,
    "decimalFullWidth2": _full_width,
    "lowerRoman": _roman,
    "upperRoman": lambda value: _roman(value).upper(),
    "lowerLetter": _letter,
    "upperLetter": lambda value: _letter(value).upper(),
    "ordinal": _ordinal,
    "hex": lambda value: f"{value:X}",
    "numberInDash": lambda value: f"- {value} -",
    "decimalEnclosedCircle": _circled,
    "decimalEnclosedCircleChinese": _circled,
    "decimalEnclosedFullstop": _from(0x2488, 20),
    "decimalEnclosedParen": _from(0x2474, 20),
    "ideographEnclosedCircle": _from(0x3280, 10),
    "ideographTraditional": _cycle(_STEMS),
    "ideographZodiac": _cycle(_BRANCHES),
    "ideographZodiacTraditional": lambda value: _cycle(_STEMS)(value) + _cycle(_BRANCHES)(value),
    "ideographDigital": _digit_by_digit,
    "japaneseDigitalTenThousand": _digit_by_digit,
    "taiwaneseDigital": _digit_by_digit,
    "chineseCounting": _chinese,
    "chineseCountingThousand": _chinese,
    "japaneseCounting": _chinese,
    "taiwaneseCounting": _chinese,
    "taiwaneseCountingThousand": _chinese,
    "ideographLegalTraditional": _banker,
    "chineseLegalSimplified": _banker,
    "japaneseLegal": _banker,
}
