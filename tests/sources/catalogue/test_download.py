"""Downloads from a server of our own that breaks off, moves, refuses and lies."""

from __future__ import annotations

import hashlib
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from sources.catalogue.download import fetch
from sources.catalogue.entries import Dataset
from sources.files.errors import InputError

pytestmark = pytest.mark.integration

CONTENT = bytes(range(256)) * 2000
SHA256 = hashlib.sha256(CONTENT).hexdigest()


@dataclass
class Publisher:
    """What the server does: `cuts` says, request by request, after how many bytes it breaks off."""

    content: bytes = CONTENT
    tag: str = '"first"'
    status: int = 200
    kind: str = "text/csv"
    cuts: list[int] = field(default_factory=list)
    ranges: list[str | None] = field(default_factory=list)
    address: str = ""


@pytest.fixture
def publisher(monkeypatch: pytest.MonkeyPatch) -> Iterator[Publisher]:
    state = Publisher()

    class Answer(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            asked = self.headers.get("Range")
            state.ranges.append(asked)
            start = int(asked.removeprefix("bytes=").removesuffix("-")) if asked else 0
            if asked and self.headers.get("If-Range") != state.tag:
                start = 0
            status = 206 if start and state.status == 200 else state.status
            body = state.content[start:]
            if status == 206 and not body:
                status = 416
            self.send_response(status)
            self.send_header("Content-Type", state.kind)
            self.send_header("Content-Length", str(len(body)))
            if state.tag:
                self.send_header("ETag", state.tag)
            if status == 206:
                self.send_header("Content-Range", f"bytes {start}-{len(state.content) - 1}/{len(state.content)}")
            self.end_headers()
            if state.cuts:
                self.wfile.write(body[: state.cuts.pop(0)])
                self.close_connection = True
                self.connection.shutdown(socket.SHUT_RDWR)
            else:
                self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Keep quiet."""

    class Quiet(ThreadingHTTPServer):
        def handle_error(self, *_: object) -> None:
            """Say nothing of connections that the client closed."""

    server = Quiet(("127.0.0.1", 0), Answer)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    state.address = f"http://127.0.0.1:{server.server_port}/crime.csv"
    yield state
    server.shutdown()
    server.server_close()


def dataset(address: str, sha256: str | None = None) -> Dataset:
    return Dataset(
        id="crime",
        title="Crime",
        publisher="A publisher",
        licence="Open",
        page="https://example.org/crime",
        path="crime/*.csv",
        reader="mps_crime",
        address=address,
        saved_as="crime/recent.csv",
        sha256=sha256,
    )


def hidden_files(folder: Path) -> list[str]:
    return [file.name for file in folder.rglob(".*") if file.is_file()]


def test_a_file_arrives_whole_and_its_progress_is_told(publisher: Publisher, tmp_path: Path) -> None:
    told: list[tuple[str, int, int | None]] = []
    (file,) = fetch([dataset(publisher.address, SHA256)], tmp_path, lambda *each: told.append(each))
    assert file == tmp_path / "crime/recent.csv"
    assert file.read_bytes() == CONTENT
    assert [received for _, received, _ in told] == sorted(received for _, received, _ in told)
    assert told[-1] == ("crime", len(CONTENT), len(CONTENT))
    assert not hidden_files(tmp_path)


def test_a_broken_connection_is_continued_where_it_broke(publisher: Publisher, tmp_path: Path) -> None:
    publisher.cuts = [200_000, 100_000]
    (file,) = fetch([dataset(publisher.address)], tmp_path)
    assert file.read_bytes() == CONTENT
    first, second, third = publisher.ranges
    assert first is None
    starts = [int(asked.removeprefix("bytes=").removesuffix("-")) for asked in (second, third) if asked]
    assert 0 < starts[0] < starts[1] <= 300_000


def test_what_arrived_is_kept_for_the_next_command(publisher: Publisher, tmp_path: Path) -> None:
    publisher.cuts = [100_000] * 3
    with pytest.raises(InputError, match=r"keeps breaking(.|\n)*https://example.org/crime"):
        fetch([dataset(publisher.address)], tmp_path)
    assert not (tmp_path / "crime/recent.csv").exists()
    fetch([dataset(publisher.address)], tmp_path)
    assert publisher.ranges[-1] is not None
    assert (tmp_path / "crime/recent.csv").read_bytes() == CONTENT


@pytest.mark.parametrize("tag", ['"second"', 'W/"first"', ""])
def test_a_file_that_may_have_changed_is_fetched_from_its_start(publisher: Publisher, tmp_path: Path, tag: str) -> None:
    publisher.cuts = [100_000] * 3
    if not tag.startswith('"'):
        publisher.tag = tag
    with pytest.raises(InputError):
        fetch([dataset(publisher.address)], tmp_path)
    publisher.tag, publisher.content = tag, CONTENT[::-1]
    (file,) = fetch([dataset(publisher.address)], tmp_path)
    assert file.read_bytes() == CONTENT[::-1]


def test_a_part_that_is_whole_already_does_not_stop_the_next_command(publisher: Publisher, tmp_path: Path) -> None:
    (tmp_path / "crime").mkdir()
    (tmp_path / "crime/.recent.csv.part").write_bytes(CONTENT)
    (tmp_path / "crime/.recent.csv.version").write_text(publisher.tag)
    (file,) = fetch([dataset(publisher.address)], tmp_path)
    assert file.read_bytes() == CONTENT
    assert not hidden_files(tmp_path)


def test_a_wrong_checksum_leaves_the_old_file(publisher: Publisher, tmp_path: Path) -> None:
    old = tmp_path / "crime/recent.csv"
    old.parent.mkdir()
    old.write_text("old")
    with pytest.raises(InputError, match="checksum") as caught:
        fetch([dataset(publisher.address, "0" * 64)], tmp_path)
    assert caught.value.value == SHA256
    assert old.read_text() == "old"
    assert ".recent.csv.part" not in hidden_files(tmp_path)


def test_a_file_with_the_right_checksum_is_not_fetched_again(publisher: Publisher, tmp_path: Path) -> None:
    fetch([dataset(publisher.address, SHA256)], tmp_path)
    fetch([dataset(publisher.address, SHA256)], tmp_path)
    assert len(publisher.ranges) == 1


@pytest.mark.parametrize(
    ("status", "kind", "problem"),
    [(404, "text/csv", "answers 404 Not Found"), (503, "text/csv", "503"), (200, "text/html", "a web page")],
)
def test_a_server_that_does_not_give_the_file_is_named(
    publisher: Publisher, tmp_path: Path, status: int, kind: str, problem: str
) -> None:
    publisher.status, publisher.kind = status, kind
    with pytest.raises(InputError, match=problem) as caught:
        fetch([dataset(publisher.address)], tmp_path)
    assert "https://example.org/crime" in str(caught.value)
    assert publisher.address in str(caught.value)
    assert not list(tmp_path.rglob("*.csv*"))


def test_being_offline_is_said(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{free.getsockname()[1]}/crime.csv"
    with pytest.raises(InputError, match=r"cannot be reached(.|\n)*online"):
        fetch([dataset(address)], tmp_path)


def test_a_full_disk_is_said(publisher: Publisher, tmp_path: Path) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("this system has no /dev/full to write to")
    (tmp_path / "crime").mkdir()
    (tmp_path / "crime/.recent.csv.part").symlink_to("/dev/full")
    with pytest.raises(InputError, match=r"disk is full(.|\n)*Free some space"):
        fetch([dataset(publisher.address)], tmp_path)
    assert not (tmp_path / "crime/recent.csv").exists()


def test_a_place_that_cannot_be_written_is_said(publisher: Publisher, tmp_path: Path) -> None:
    (tmp_path / "crime").write_text("a file where a folder should be")
    with pytest.raises(InputError, match="cannot be written"):
        fetch([dataset(publisher.address)], tmp_path)


def test_a_dataset_without_address_says_where_to_get_it(tmp_path: Path) -> None:
    unaddressed = dataset("http://unused.invalid").model_copy(update={"address": None, "saved_as": None})
    with pytest.raises(InputError, match=r"https://example.org/crime"):
        fetch([unaddressed], tmp_path)
