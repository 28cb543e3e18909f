"""Characters as the encoder's numbers: one character, one token, so offsets stay exact."""

from ..annotations.labelled import Model


class Vocabulary(Model):
    """The numbers of characters and of the special tokens, as the encoder's own tokenizer has them."""

    characters: dict[str, int]
    begin: int
    end: int
    pad: int
    unknown: int
    mask: int
    blank: int

    def encode(self, text: str) -> list[int]:
        """Return the number of each character; all white space shares one, capitals fall back on small letters."""
        numbers = self.characters
        return [
            self.blank if c.isspace() else numbers.get(c, numbers.get(c.lower(), self.unknown)) for c in text
        ]
