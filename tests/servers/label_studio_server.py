"""A real Label Studio on loopback, with its embedded database in a folder of its own, and the calls the tests need."""

import json
import os
import secrets
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import ProxyHandler, Request, build_opener

_DIRECT = build_opener(ProxyHandler({}))
_START_SECONDS = 300


@dataclass(frozen=True)
class LabelStudio:
    """A server that runs; ``token`` opens its API."""

    url: str
    token: str
    user: str
    password: str

    def call(self, method: str, path: str, body: Any = None) -> Any:
        """Return the JSON of an answer. Raises `urllib.error.HTTPError` when the server refuses."""
        request = Request(
            f"{self.url}{path}",
            data=None if body is None else json.dumps(body).encode(),
            method=method,
            headers={"Authorization": f"Token {self.token}", "Content-Type": "application/json"},
        )
        with _DIRECT.open(request, timeout=300) as answer:
            return json.loads(answer.read() or b"null")

    def project(self, config: str) -> int:
        """Create a project with a labelling configuration; return its number."""
        return self.call("POST", "/api/projects", {"title": "gongkai", "label_config": config})["id"]

    def import_tasks(self, project: int, tasks: Any) -> Any:
        """Import tasks; return how many tasks and predictions were taken."""
        return self.call("POST", f"/api/projects/{project}/import?return_task_ids=true", tasks)

    def accept_predictions(self, project: int) -> None:
        """Make every prediction an annotation, as the button of the data manager does."""
        every = {
            "ordering": [],
            "selectedItems": {"all": True, "excluded": []},
            "filters": {"conjunction": "and", "items": []},
        }
        self.call(
            "POST",
            f"/api/dm/actions?id=predictions_to_annotations&project={project}",
            {**every, "project": project},
        )

    def export(self, project: int) -> Any:
        """Return the project's JSON export, tasks without annotations too."""
        return self.call("GET", f"/api/projects/{project}/export?exportType=JSON&download_all_tasks=true")


@contextmanager
def running(program: Path, folder: Path) -> Iterator[LabelStudio]:
    """Start the ``label-studio`` executable with its data in ``folder``; stop it at the end."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = LabelStudio(
        f"http://127.0.0.1:{port}", secrets.token_hex(20), "tests@example.com", secrets.token_hex(8)
    )
    environment = os.environ | {
        "LABEL_STUDIO_BASE_DATA_DIR": str(folder),
        "LABEL_STUDIO_ENABLE_LEGACY_API_TOKEN": "true",
        "COLLECT_ANALYTICS": "False",
        "LATEST_VERSION_CHECK": "0",
        "SENTRY_DSN": "",
        "FRONTEND_SENTRY_DSN": "",
    }
    command = [program, "start", "--no-browser", "--internal-host", "127.0.0.1", "--port", str(port)]
    command += ["--username", server.user, "--password", server.password, "--user-token", server.token]
    log = folder / "server.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, env=environment, stdout=output, stderr=output, start_new_session=True
        )
        try:
            _wait(server, process, log)
            yield server
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(30)


def _wait(server: LabelStudio, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + _START_SECONDS
    while time.monotonic() < end:
        if process.poll() is not None:
            break
        try:
            with _DIRECT.open(f"{server.url}/health", timeout=5):
                return
        except URLError:
            time.sleep(1)
    raise RuntimeError(f"Label Studio did not start:\n{log.read_text('utf-8', 'replace')[-2000:]}")
