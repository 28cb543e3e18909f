"""Programs that a reading process started and left behind."""

from contextlib import suppress

import psutil


def end_programs_in(folder: str) -> None:
    """Kill every process whose command line names a path in ``folder``, the temporary files of a reading process.

    Readers start programs (LibreOffice) in process groups of their own, which outlive a killed reader.
    """
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            if any(folder in argument for argument in process.cmdline()):
                process.kill()
