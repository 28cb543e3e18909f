"""How values are told to people."""


def number_text(value: float) -> str:
    """Return a number with commas between thousands, and without an exponent."""
    return f"{value:,}" if isinstance(value, int) else f"{value:,.10f}".rstrip("0").rstrip(".")


def amount_text(value: float, unit: str | None) -> str:
    """Return a number with its unit; a percentage, of which a record holds the fraction, as it is printed."""
    if unit == "%":
        return f"{number_text(round(value * 100, 8))} %"
    return f"{number_text(value)} {unit}" if unit else number_text(value)
