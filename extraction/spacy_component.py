"""gongkai in a spaCy pipeline: ``nlp = spacy.blank("zh"); nlp.add_pipe("gongkai")``.

spaCy imports this module for every pipeline that it makes, with gongkai in it or not (entry point
``spacy_factories``); so all that takes time is imported when a Doc is read.
"""

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any
from warnings import warn

if TYPE_CHECKING:
    from spacy.tokens import Doc

    from .components import Components

try:
    from spacy.language import Language
except ModuleNotFoundError as error:
    if error.name != "spacy":
        raise
    raise ModuleNotFoundError(
        "gongkai's component for spaCy needs spaCy; install it with: pip install 'gongkai[annotate]'",
        name=error.name,
    ) from None

ERRORS = "gongkai_errors"
"""Where in ``Doc.user_data`` a list of messages tells what could not be read; it is empty where all went well."""


@dataclass(frozen=True, slots=True)
class GongkaiComponent:
    """Reads a Doc's text as a report, or as the text of one ``section`` of the scheme.

    ``reader`` is the folder of a trained reader, None takes the one that comes with gongkai. It keeps no more than
    the two, so that spaCy can hand it to other processes.
    """

    section: str | None
    reader: str | None

    def __call__(self, doc: "Doc") -> "Doc":
        """Set the span groups ``sections``, ``channels``, ``facts``, ``problems`` and ``improvements`` of ``doc``.

        What they hold is told in `annotations/formats/docbin.py`: of a span in ``doc.spans["facts"]`` the label is
        the metric, ``doc.spans["facts"].attrs["fields"][span.id_]`` the other fields and ``attrs["offsets"][span.id_]``
        the exact characters, where tokens reach further. What could not be read is a warning, and stands in
        ``doc.user_data`` (`ERRORS`).
        """
        from ..annotations.formats.docbin import put_marks  # noqa: PLC0415
        from ..annotations.formats.exchange import Loss  # noqa: PLC0415
        from ..annotations.formats.marks import marked_texts  # noqa: PLC0415
        from .document import Document  # noqa: PLC0415
        from .labelling import labelled_record  # noqa: PLC0415
        from .pipeline import extract_document, extract_section  # noqa: PLC0415
        from .readers.text import text_blocks  # noqa: PLC0415

        digest = sha256(doc.text.encode()).hexdigest()
        document = Document(doc.text, text_blocks(doc.text), "", digest, "text")
        components = _components(self.reader)
        if self.section is None:
            record = extract_document(document, components)
        else:
            record = extract_section(document, self.section, components)
        # There is no file that these could name.
        labelled = labelled_record(record, document).model_copy(update={"source": None, "sha256": None})
        losses: list[Loss] = []
        for text in marked_texts([labelled], losses):
            put_marks(text, doc)
        errors = [f"{error.component}: {error.message}" for error in record.errors]
        errors += [f"left out: {loss.count} {loss.what}" for loss in losses]
        doc.user_data[ERRORS] = errors
        for message in errors:
            warn(f"gongkai: {message}", stacklevel=2)
        return doc


def make_gongkai(nlp: Language, name: str, section: str | None, reader: str | None) -> GongkaiComponent:
    """Return the component for a pipeline; spaCy calls this by the name ``gongkai``.

    Raises `ValueError` for a section that the scheme does not have, `models.files.WeightsError` where the reader's
    files are missing or damaged.
    """
    from ..annotations.scheme import scheme  # noqa: PLC0415

    known = scheme().sections
    if section is not None and section not in known:
        raise ValueError(f"'{section}' is no section of the scheme; {name} takes one of: {', '.join(known)}")
    _components(reader)  # what is wrong with its files is told now
    return GongkaiComponent(section, reader)


_language: Any = Language  # the type hints of `factory` leave too much unknown
_language.factory(
    "gongkai",
    default_config={"section": None, "reader": None},
    assigns=["doc.spans", "doc.user_data"],
    func=make_gongkai,
)


def _components(reader: str | None) -> "Components":
    from ..models.runtime import load_reader  # noqa: PLC0415
    from .components import learned, shipped  # noqa: PLC0415

    return shipped() if reader is None else learned(load_reader(Path(reader)))
