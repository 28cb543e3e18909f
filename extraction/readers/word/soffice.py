"""LibreOffice, run on one file: in a home of its own, without macros, links or the network, and never longer than told."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

from ..errors import UnreadableFileError

if sys.platform == "linux":
    import resource

TIME_LIMIT = 120.0
"""Seconds for one file. LibreOffice needs two to start and under one for a report."""

MEMORY_LIMIT = 4 * 1024**3
"""Bytes of address space that LibreOffice may take; it needs one and a half for a report."""

_PROGRAMS = (
    "soffice",
    "libreoffice",
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
    r"C:\Program Files\LibreOffice\program\soffice.exe",
)
_FILTER = "docx:MS Word 2007 XML"
_OPTIONS = ("--headless", "--norestore", "--nolockcheck", "--nodefault", "--nofirststartwizard")
_NOWHERE = "http://127.0.0.1:9"  # the discard port: whatever still asks for a page gets none
_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="MacroSecurityLevel" oor:op="fuse">
<value>3</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="DisableMacrosExecution" oor:op="fuse">
<value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="DisableActiveContent" oor:op="fuse">
<value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Writer/Content/Update"><prop oor:name="Link" oor:op="fuse"><value>0</value></prop>
</item>
</oor:items>
"""


def to_docx(raw: bytes, ending: str) -> bytes:
    """Return a document as DOCX; ``ending`` is that of its kind (``.doc``).

    Raises `UnreadableFileError` when LibreOffice is not installed, cannot read the file, or takes too long.
    """
    program = next(filter(None, map(shutil.which, _PROGRAMS)), None)
    if program is None:
        raise UnreadableFileError(
            "DOC, WPS, RTF and ODT files are read through LibreOffice, which is not installed: install it (Debian and "
            "Ubuntu: apt-get install libreoffice-writer), or save the file as DOCX"
        )
    with tempfile.TemporaryDirectory(prefix="gongkai-") as home:
        folder = Path(home)
        settings = folder / "profile" / "user" / "registrymodifications.xcu"
        settings.parent.mkdir(parents=True)
        settings.write_text(_SETTINGS, "utf-8")
        report = folder / f"report{ending}"
        report.write_bytes(raw)
        told = _run(program, folder, report)
        made = folder / "out" / "report.docx"
        if not made.is_file():
            raise UnreadableFileError(
                f"LibreOffice cannot read the file{f' ({told})' if told else ''}: it may be damaged; open it in Word or WPS "
                "and save it as DOCX"
            )
        return made.read_bytes()


def _run(program: str, folder: Path, report: Path) -> str:
    """Convert; return the last line of what LibreOffice says of errors."""
    command = [
        program, *_OPTIONS, f"-env:UserInstallation={(folder / 'profile').as_uri()}",
        "--convert-to", _FILTER, "--outdir", str(folder / "out"), str(report),
    ]  # fmt: skip
    environment = os.environ | {
        "HOME": str(folder), "TMPDIR": str(folder), "SAL_USE_VCLPLUGIN": "svp",
        "http_proxy": _NOWHERE, "https_proxy": _NOWHERE, "ftp_proxy": _NOWHERE, "no_proxy": "",
    }  # fmt: skip
    process = subprocess.Popen(
        command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE, text=True, errors="replace", start_new_session=True,
    )  # fmt: skip
    if sys.platform == "linux":
        with suppress(OSError):
            resource.prlimit(process.pid, resource.RLIMIT_AS, (MEMORY_LIMIT, MEMORY_LIMIT))
    try:
        _, told = process.communicate(timeout=TIME_LIMIT)
    except BaseException as error:
        _stop(process)
        if isinstance(error, subprocess.TimeoutExpired):
            raise UnreadableFileError(
                f"LibreOffice did not finish with the file in {TIME_LIMIT:.0f} seconds: open it in Word or WPS and save it "
                "as DOCX"
            ) from None
        raise
    errors = [line.removeprefix("Error:").strip() for line in told.splitlines() if line.startswith("Error:")]
    return errors[-1] if errors else ""


def _stop(process: subprocess.Popen[str]) -> None:
    """End a process that runs, and all that it started."""
    if sys.platform == "win32":
        process.kill()
    else:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
