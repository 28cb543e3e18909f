"""How values are told to people."""


def number_text(value: float) -> str:
    """Return a number with commas between thousands, and without an exponent."""
    return f"{value:,}" if isinstance(value, int) else f"{value:,.10f}".rstrip("0").rstrip(".")
