"""What an export leaves out and what an import could not take: told to the user, never swallowed."""

from dataclasses import dataclass

from pydantic import ValidationError


@dataclass(frozen=True, slots=True)
class Loss:
    """What a format has no place for in one text: in words, and how many of it."""

    text_id: str
    what: str
    count: int


@dataclass(frozen=True, slots=True)
class ImportProblem:
    """What could not be imported: in which file, which task or line of it, which field, and why."""

    file: str
    where: str
    field: str
    message: str

    def __str__(self) -> str:
        return ": ".join(filter(None, (self.file, self.where, self.field, self.message)))


@dataclass(frozen=True, slots=True)
class Place:
    """A task or line of a file that is being read."""

    file: str
    where: str

    def problem(self, field: str, message: str) -> ImportProblem:
        """Return what went wrong here."""
        return ImportProblem(self.file, self.where, field, message)

    def refused(self, error: ValidationError, prefix: str = "") -> ImportProblem:
        """Return the first thing that a model refused here; ``prefix`` says where in the item the model began."""
        first = error.errors()[0]
        return self.problem(prefix + ".".join(map(str, first["loc"])), first["msg"])
