"""The log of a run, whole, cut short and damaged."""

from pathlib import Path

from gongkai.extraction.batch.log import Head, Log
from hypothesis import given
from hypothesis import strategies as st

HEADS = [Head(f"{n}.txt", n, n, "ok", None, "制表\t换行\n", 0.5) for n in range(3)]


@given(st.integers(0, 400), st.binary(max_size=40))
def test_a_log_cut_anywhere_keeps_every_whole_record(tmp_path_factory, cut: int, junk: bytes):
    path = tmp_path_factory.mktemp("log") / "log"
    log = Log(path)
    ends = [log.add(head, b'{"n":"\xe5\x85\xac"}\n') for head in HEADS]
    log.close()
    whole = path.read_bytes()
    path.write_bytes(whole[:cut] + junk.replace(b"\n", b""))
    log = Log(path)
    kept = [(place, head) for place, _, head in log.lines() if head]
    count = sum(place.start + place.length <= cut for place in ends)
    assert kept == list(zip(ends, HEADS, strict=True))[:count]
    assert [log.head(place) for place in ends[:count]] == HEADS[:count]
    place = log.add(HEADS[2], b"{}\n")
    assert log.read(place) == (HEADS[2], b"{}\n")
    assert [head for _, _, head in log.lines()] == [*HEADS[:count], HEADS[2]]
    log.close()


def test_a_head_longer_than_any_other_is_read_whole(tmp_path: Path):
    log = Log(tmp_path / "log")
    head = Head("很长" * 3_000, 1, 1, "ok", None, None, 0.5)
    assert log.head(log.add(head, b"{}\n")) == head
    log.close()


def test_a_line_that_the_disk_damaged_is_passed_over(tmp_path: Path):
    log = Log(tmp_path / "log")
    for head in HEADS:
        place = log.add(head, b'{"n":1}\n')
    log.close()
    damaged = bytearray((tmp_path / "log").read_bytes())
    damaged[place.length + 20] ^= 1
    (tmp_path / "log").write_bytes(damaged)
    log = Log(tmp_path / "log")
    assert [head for _, _, head in log.lines()] == [HEADS[0], HEADS[2]]
    log.close()
