"""Reports whose readers hang, crash or eat memory, in the processes of a batch."""

from pathlib import Path

import pytest

REPORT = """青屏县公安局{year}年政府信息公开工作年度报告
一、总体情况
{year}年，通过门户网站发布信息{number}条，召开新闻发布会3场。
"""

# Python runs a module of this name at its start.
_SITE = """
import ctypes, os, subprocess, sys, tempfile, time
from gongkai.extraction.batch import reading

read = reading.read_document

def planted(path, *more):
    text = open(path, "rb").read().decode("utf-8", "replace")
    if "PROGRAM" in text:
        waits = [sys.executable, "-S", "-c", "import time; time.sleep(3600)", tempfile.gettempdir()]
        subprocess.Popen(waits, start_new_session=True).wait()
    if "HANG" in text:
        time.sleep(3600)
    if "SEGFAULT" in text:
        ctypes.string_at(0)
    if "EXIT" in text:
        os._exit(3)
    if "EAT" in text:
        eaten = [bytes(range(256)) * 40_000 for _ in iter(int, 1)]
    if "SLOW" in text:
        time.sleep(0.3)
    return read(path, *more)

reading.read_document = planted
"""


def plant_faults(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the words HANG, SEGFAULT, EXIT, EAT and SLOW in a text do to its reader what they say.

    PROGRAM has it start a program that hangs, as LibreOffice is started, and wait for it.
    """
    folder.mkdir()
    (folder / "sitecustomize.py").write_text(_SITE)
    monkeypatch.setenv("PYTHONPATH", str(folder))


def report(number: int, fault: str = "") -> str:
    """A short report that is no other's copy."""
    return REPORT.format(year=2015 + number % 10, number=number) + fault


def write_reports(folder: Path, count: int, faults: dict[int, str] | None = None) -> list[str]:
    """Write so many reports into ``folder``, some with a fault by number; return their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(count):
        (folder / f"{number:03}.txt").write_text(report(number, (faults or {}).get(number, "")), "utf-8")
    return [str(path) for path in sorted(folder.iterdir())]
