"""The functions of pdfium, which come without types, and the lock that they need."""

import threading
from typing import Any, TypeAlias

import pypdfium2.raw

pdfium: Any = pypdfium2.raw

Handle: TypeAlias = Any
"""Something of pdfium's: a document, a page, a text page or an object on a page."""

LOCK = threading.RLock()
"""To be held while anything of pdfium's is used: it may be used by one thread at a time."""
