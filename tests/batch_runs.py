"""Runs of batches, and what the tests look at in them."""

import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
from gongkai import Record
from gongkai.extraction.batch import Settings
from gongkai.extraction.batch.deliver import Finished
from gongkai.extraction.batch.log import Log
from gongkai.extraction.batch.resume import Going
from gongkai.extraction.batch.run import run_batch

RULES = Settings(reader="rules", time_limit=60)
ANEW, RESUME, RETRY = Going(), Going(resume=True), Going(resume=True, retry=True)
GONGKAI = [sys.executable, "-c", "from gongkai.app.cli import main; main()"]


def run(output: Path, files: list[str], going: Going = ANEW, settings: Settings = RULES) -> Finished:
    return run_batch(str(output), files, settings, workers=2, going=going)


def command(output: Path, *arguments: object) -> list[str]:
    return [*GONGKAI, "extract", "-o", str(output), "--reader", "rules", *map(str, arguments)]


def records(output: Path) -> list[Record]:
    return [Record.model_validate_json(line) for line in output.read_bytes().splitlines()]


def wait_until(there: Callable[[], bool]) -> None:
    end = time.monotonic() + 300
    while not there():
        assert time.monotonic() < end, "nothing happens"
        time.sleep(0.02)


def gongkai_processes(parent: int) -> list[psutil.Process]:
    return psutil.Process(parent).children(recursive=True)


def command_line(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.Error:
        return []


def names_in(log: Path) -> list[str]:
    opened = Log(log)
    try:
        return [head.name for _, _, head in opened.lines() if head]
    finally:
        opened.close()
