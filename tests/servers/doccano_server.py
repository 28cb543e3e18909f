"""A real doccano on loopback, with an SQLite database in a folder of its own, and the calls the tests need."""

import io
import json
import os
import secrets
import signal
import socket
import subprocess
import time
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import ProxyHandler, Request, build_opener

_DIRECT = build_opener(ProxyHandler({}))
_SECONDS = 300


@dataclass(frozen=True)
class Doccano:
    """A server that runs; ``token`` opens its API."""

    url: str
    token: str = ""

    def call(self, method: str, path: str, body: Any = None) -> Any:
        """Return the JSON of an answer. Raises `urllib.error.HTTPError` when the server refuses."""
        content = None if body is None else json.dumps(body).encode()
        return json.loads(self.bytes_of(method, path, content, "application/json"))

    def bytes_of(self, method: str, path: str, content: bytes | None, kind: str) -> bytes:
        """Return an answer as it is."""
        headers = {"Content-Type": kind} | ({"Authorization": f"Token {self.token}"} if self.token else {})
        with _DIRECT.open(
            Request(self.url + path, content, headers, method=method), timeout=_SECONDS
        ) as answer:
            return answer.read()

    def project(self, relations: bool) -> int:
        """Create a project for sequence labelling that allows overlaps; return its number."""
        form = {
            "name": "gongkai",
            "description": "test",
            "project_type": "SequenceLabeling",
            "resourcetype": "SequenceLabelingProject",
            "allow_overlapping": True,
            "grapheme_mode": False,
            "use_relation": relations,
            "tags": [],
        }
        return self.call("POST", "/v1/projects", form)["id"]

    def import_file(self, project: int, path: Path, relations: bool) -> Any:
        """Upload and import a JSONL file; return the errors that doccano tells."""
        edge = secrets.token_hex(16)
        name = 'Content-Disposition: form-data; name="filepond"'
        form = f'--{edge}\r\n{name}\r\n\r\n{{}}\r\n--{edge}\r\n{name}; filename="t.jsonl"\r\n\r\n'.encode()
        form += path.read_bytes() + f"\r\n--{edge}--\r\n".encode()
        upload = self.bytes_of(
            "POST", "/v1/fp/process/", form, f"multipart/form-data; boundary={edge}"
        ).decode()
        order = {
            "format": "JSONL",
            "task": "RelationExtraction" if relations else "SequenceLabeling",
            "uploadIds": [upload],
            "column_data": "text",
            "column_label": "label",
            "encoding": "utf_8",
        }
        task = self.call("POST", f"/v1/projects/{project}/upload", order)["task_id"]
        end = time.monotonic() + _SECONDS
        while time.monotonic() < end:
            status = self.call("GET", f"/v1/tasks/status/{task}")
            if status["ready"]:
                return status["result"]["error"]
            time.sleep(0.2)
        raise TimeoutError("doccano does not finish the import")

    def export(self, project: int) -> bytes:
        """Return the one user's JSONL export, texts without a confirmation too."""
        order = {"format": "JSONL", "exportApproved": False}
        task = self.call("POST", f"/v1/projects/{project}/download", order)["task_id"]
        end = time.monotonic() + _SECONDS
        while time.monotonic() < end:
            answer = self.bytes_of("GET", f"/v1/projects/{project}/download?taskId={task}", None, "")
            if answer.startswith(b"PK"):
                with zipfile.ZipFile(io.BytesIO(answer)) as archive:
                    (name,) = archive.namelist()
                    return archive.read(name)
            time.sleep(0.2)
        raise TimeoutError("doccano does not finish the export")


@contextmanager
def running(program: Path, folder: Path) -> Iterator[Doccano]:
    """Start doccano's web server and its task queue with the data in ``folder``; stop both at the end.

    ``doccano webserver`` listens on every address, so its WSGI application is started here by gunicorn, as it does.
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = os.environ | {
        "DATABASE_URL": f"sqlite:///{folder / 'doccano.sqlite3'}",
        "DOCCANO_HOME": str(folder),
        "MEDIA_ROOT": str(folder / "media"),
        "STANDALONE": "True",
        "DJANGO_SETTINGS_MODULE": "config.settings.production",
    }
    log = folder / "server.log"
    where = [program.with_name("python"), "-c", "import backend; print(backend.__path__[0])"]
    backend = subprocess.run(where, capture_output=True, check=True, encoding="utf-8").stdout.strip()
    web = [program.with_name("gunicorn"), "--bind", f"127.0.0.1:{port}", "--chdir", backend, "config.wsgi"]
    password = secrets.token_hex(8)
    with log.open("wb") as output, ExitStack() as started:
        options: dict[str, Any] = {"env": environment, "stdout": output, "stderr": output}
        subprocess.run([program, "init"], check=True, **options)
        user = ["--username", "tests", "--password", password]
        subprocess.run([program, "createuser", *user], check=True, **options)
        for command in (web, [program, "task"]):
            started.enter_context(_process(command, options))
        server = Doccano(f"http://127.0.0.1:{port}")
        _wait(server, log)
        login = {"username": "tests", "password": password}
        yield Doccano(server.url, server.call("POST", "/v1/auth/login/", login)["key"])


@contextmanager
def _process(command: list[Any], options: dict[str, Any]) -> Iterator[None]:
    process = subprocess.Popen(command, start_new_session=True, **options)
    try:
        yield
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(20)


def _wait(server: Doccano, log: Path) -> None:
    end = time.monotonic() + _SECONDS
    while time.monotonic() < end:
        try:
            with _DIRECT.open(server.url, timeout=5):
                return
        except URLError:
            time.sleep(1)
    raise RuntimeError(f"doccano did not start:\n{log.read_text('utf-8', 'replace')[-2000:]}")
