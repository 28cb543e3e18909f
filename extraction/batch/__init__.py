"""Many files: found, read side by side within limits, and delivered in order, whatever happens to the run.

`stream.extract_files` gives records one after the other; `run.run_batch` writes them into a file and survives being
killed. Below them: `pool` and `processes` (the side that asks), `worker` (the side that reads), `reading` (one input),
`inputs` and `archives` (what is to be read), `log`, `resume` and `deliver` (what has been read).
"""

from .files import BatchError
from .inputs import find_inputs
from .processes import WorkerError
from .settings import Settings
from .stream import extract_files

__all__ = ["BatchError", "Settings", "WorkerError", "extract_files", "find_inputs"]
