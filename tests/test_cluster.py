"""Batches on a cluster of several node processes."""

import io
import logging
import time
import zipfile
from collections.abc import Generator
from pathlib import Path
from urllib.request import Request, urlopen

import duckdb
import pytest
import ray
from gongkai import Record
from gongkai.app.cli import app
from gongkai.extraction.batch import BatchError, Settings
from gongkai.extraction.batch.run import run_batch
from gongkai.extraction.cluster import parts
from gongkai.extraction.cluster.results import ClusterManifest
from gongkai.extraction.cluster.run import run_cluster
from gongkai.extraction.cluster.storage import Folder
from gongkai.panel.inputs import Rejected, record_files, record_lines
from moto.server import ThreadedMotoServer
from ray._private.state import available_resources_per_node
from ray.cluster_utils import Cluster

from .batch_runs import RESUME, RULES
from .planted_faults import plant_faults, report, write_reports

pytestmark = pytest.mark.cluster
_STORE = 80 * 1024 * 1024


@pytest.fixture(scope="module")
def storage() -> Generator[dict[str, str]]:
    """What the environment of a program must hold to reach a server of the S3 protocol, which ends with the tests."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    yield {
        "AWS_ENDPOINT_URL": "http://{}:{}".format(*server.get_host_and_port()),
        "AWS_ACCESS_KEY_ID": "anyone",
        "AWS_SECRET_ACCESS_KEY": "anything",
        "AWS_DEFAULT_REGION": "us-east-1",
    }
    server.stop()


@pytest.fixture
def bucket(storage: dict[str, str]) -> str:
    """An empty bucket."""
    urlopen(Request(f"{storage['AWS_ENDPOINT_URL']}/reports", method="PUT")).close()
    return "s3://reports"


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory, storage: dict[str, str]) -> Generator[Cluster]:
    """A cluster of three node processes: one that reads nothing, two that read one document at a time."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RAY_raylet_start_wait_time_s", "300")
        patch.setenv("RAY_USAGE_STATS_ENABLED", "0")
        plant_faults(tmp_path_factory.mktemp("faults") / "site", patch)
        for name, value in storage.items():
            patch.setenv(name, value)
        quick = {"health_check_initial_delay_ms": 0, "health_check_period_ms": 500}
        head = {"num_cpus": 0, "object_store_memory": _STORE, "include_dashboard": False}
        started = Cluster(initialize_head=True, head_node_args={**head, "_system_config": quick})
        try:
            for _ in range(2):
                started.add_node(num_cpus=1, object_store_memory=_STORE)
            yield started
        finally:
            ray.shutdown()
            started.shutdown()


@pytest.fixture(autouse=True)
def _small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "_MOST", 3)


def local_records(folder: Path, files: list[str], settings: Settings = RULES) -> dict[str, Record]:
    run_batch(str(folder / "local.jsonl"), files, settings, workers=3)
    lines = (folder / "local.jsonl").read_bytes().splitlines()
    return {record.report.source: record for record in map(Record.model_validate_json, lines)}


def cluster_records(output: Path) -> dict[str, Record]:
    rejected = Rejected()
    lines = list(record_lines(record_files([str(output)]), rejected))
    assert rejected.count == 0
    records = [Record.model_validate_json(line) for line in lines]
    assert len({record.report.source for record in records}) == len(records)
    return {record.report.source: record for record in records}


def test_a_node_killed_in_the_middle_loses_nothing(cluster: Cluster, tmp_path: Path):
    files = write_reports(tmp_path / "in", 24, dict.fromkeys(range(24), "SLOW"))
    victim = cluster.add_node(num_cpus=1, object_store_memory=_STORE)
    output = str(tmp_path / "out")
    seen: list[tuple[int, int, int]] = []

    def kill(done: int, total: int, troubled: int) -> None:
        if not seen:
            with pytest.raises(BatchError, match="another run is writing"):
                run_cluster(output, files, RULES, address=cluster.address, going=RESUME)
        seen.append((done, total, troubled))
        if victim in cluster.worker_nodes and done >= 3:
            end = time.monotonic() + 20  # for it to have got something to read
            while available_resources_per_node()[victim.node_id].get("CPU") and time.monotonic() < end:
                time.sleep(0.05)
            cluster.remove_node(victim, allow_graceful=False)

    finished = run_cluster(output, files, RULES, address=cluster.address, watch=kill)
    assert victim not in cluster.worker_nodes
    assert seen[-1] == (24, 24, 0)
    assert finished.manifest.counts == {"ok": 24, "copies": 0}
    assert cluster_records(tmp_path / "out") == local_records(tmp_path, files)


def test_faults_and_copies_give_the_records_that_one_machine_gives(
    cluster: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    write_reports(tmp_path / "in", 9, {2: "HANG", 4: "SEGFAULT", 7: "EAT"})
    for name, content in {
        "copy.txt": report(1),
        "empty.txt": "",
        "note.txt": "今天天气很好。\n" * 30,
    }.items():
        (tmp_path / "in" / name).write_text(content, "utf-8")
    monkeypatch.chdir(tmp_path)  # where workers stand elsewhere
    files = sorted(map(str, Path("in").iterdir()))
    output = tmp_path / "out"
    engine = ["--engine", "ray", "--address", cluster.address]
    limits = ["--time-limit", "5", "--memory-limit", "512"]
    with pytest.raises(SystemExit) as ended:
        app(["extract", "in", "-o", "out", "--reader", "rules", *limits, *engine])
    assert ended.value.code == 1
    assert cluster_records(output) == local_records(tmp_path, files, Settings("rules", 5, 512))
    counted = "SELECT count(*), count(*) FILTER (status = 'failed') FROM read_parquet('{}/{}/*.parquet')"
    assert duckdb.sql(counted.format(output, "reports")).fetchall() == [(7, 0)]
    assert duckdb.sql(counted.format(output, "errors")).fetchall() == [(5, 4)]
    manifest = ClusterManifest.model_validate_json((output / "manifest.json").read_bytes())
    assert manifest.counts == {"failed": 4, "not_a_report": 1, "ok": 7, "copies": 1}


def test_object_storage_gives_the_records_that_files_give(cluster: Cluster, bucket: str, tmp_path: Path):
    files = write_reports(tmp_path / "in", 6)
    store = Folder(bucket)
    for file in files[:4]:
        store.write(f"报告/{Path(file).name}", Path(file).read_bytes())
    store.write("报告/copy of 1.txt", Path(files[1]).read_bytes())
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as zipped:
        for file in files[4:]:
            zipped.write(file, f"市/{Path(file).name}")
    store.write("报告/2023/other", archive.getvalue())
    inputs = [f"{bucket}/报告", f"{bucket}/none.txt"]
    output = f"{bucket}/out"

    def stop(done: int, total: int, troubled: int) -> None:
        with pytest.raises(BatchError, match="another run is writing"):
            run_cluster(output, inputs, RULES, address=cluster.address, going=RESUME)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_cluster(output, inputs, RULES, address=cluster.address, watch=stop)
    assert "out/manifest.json" not in store.names("out")
    with pytest.raises(BatchError, match="of a run: add --resume"):
        run_cluster(output, inputs, RULES, address=cluster.address)
    finished = run_cluster(output, inputs, RULES, address=cluster.address, going=RESUME)
    assert finished.manifest.counts == {"failed": 1, "ok": 7, "copies": 1}
    assert [(line.name, line.message) for line in finished.troubled] == [
        (f"{bucket}/none.txt", "there is no such file")
    ]
    for name in store.names("out"):
        Folder(str(tmp_path)).write(name, store.read(name) or b"")
    found = cluster_records(tmp_path / "out")
    expected = local_records(tmp_path, files)
    names = {f"{bucket}/报告/{Path(file).name}": file for file in files[:4]}
    names |= {f"{bucket}/报告/2023/other!/市/{Path(file).name}": file for file in files[4:]}
    names[f"{bucket}/报告/copy of 1.txt"] = files[1]
    assert found.keys() == {*names, f"{bucket}/none.txt"}
    for name, file in names.items():
        info = expected[file].report.model_copy(update={"source": name})
        assert found[name] == expected[file].model_copy(update={"report": info})
