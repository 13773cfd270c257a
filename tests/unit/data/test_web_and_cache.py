"""Public files on the web, from a real server: copied once, again when they change, and refused in one line."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from jupyter_aml.data.cache import Cache
from jupyter_aml.data.sources import WebSource
from jupyter_aml.data.storage import Progress
from jupyter_aml.exceptions import UserErrorException


@dataclass
class Site:
    """A server on this machine. `asked` has the method and path of every request."""

    url: str = ""
    files: dict[str, bytes] = field(default_factory=dict[str, bytes])
    marks: dict[str, str] = field(default_factory=dict[str, str])
    answers: dict[str, int] = field(default_factory=dict[str, int])
    asked: list[str] = field(default_factory=list[str])


@contextmanager
def _serving(site: Site) -> Iterator[None]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer(with_body=True)

        def do_HEAD(self) -> None:
            self._answer(with_body=False)

        def _answer(self, *, with_body: bool) -> None:
            site.asked.append(f"{self.command} {self.path}")
            path = self.path.partition("?")[0]
            status = site.answers.get(f"{self.command} {path}", 200 if path in site.files else 404)
            body = site.files.get(path, b"")
            self.send_response(status)
            if path in site.marks:
                self.send_header("ETag", site.marks[path])
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if with_body:
                self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    site.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def site() -> Iterator[Site]:
    served = Site()
    with _serving(served):
        yield served


@pytest.fixture
def cache(tmp_path: Path) -> Cache:
    return Cache(tmp_path / "a b 'c\" ;é" / "cache")


def _quiet(_name: str, _size: int) -> Progress:
    return lambda _done, _files: None


def test_a_file_is_brought_once_and_again_when_it_changes(site: Site, cache: Cache) -> None:
    site.files["/d/x%20y.csv"], site.marks["/d/x%20y.csv"] = b"1", '"a"'
    source = WebSource(f"{site.url}/d/x y.csv")
    first = cache.fetch(source, _quiet)
    assert first
    assert (first.name, first.read_text(), first.stat().st_mode & 0o777) == ("x y.csv", "1", 0o444)
    assert cache.fetch(source, _quiet) == first
    assert [line.split()[0] for line in site.asked] == ["HEAD", "GET", "HEAD"]
    site.files["/d/x%20y.csv"], site.marks["/d/x%20y.csv"] = b"2", '"b"'
    second = cache.fetch(source, _quiet)
    assert second
    assert [first.read_text(), second.read_text()] == ["1", "2"]


def test_a_file_without_a_mark_is_brought_each_time(site: Site, cache: Cache) -> None:
    site.files["/x"] = b"1"
    source = WebSource(f"{site.url}/x")
    cache.fetch(source, _quiet)
    site.files["/x"] = b"2"
    again = cache.fetch(source, _quiet)
    assert again
    assert again.read_text() == "2"


def test_a_server_that_knows_only_get_is_read_too(site: Site, cache: Cache) -> None:
    site.files["/x"], site.marks["/x"], site.answers["HEAD /x"] = b"1", "m", 405
    found = cache.fetch(WebSource(f"{site.url}/x"), _quiet)
    assert found
    assert found.read_text() == "1"


def test_many_who_want_the_same_wait_for_one(site: Site, cache: Cache) -> None:
    site.files["/x"], site.marks["/x"] = b"x" * 1_000_000, "m"
    with ThreadPoolExecutor(8) as pool:
        found = set(pool.map(lambda _: cache.fetch(WebSource(f"{site.url}/x"), _quiet), range(8)))
    assert len(found) == 1
    assert site.asked.count("GET /x") == 1


def test_a_copy_that_breaks_off_leaves_nothing_half(site: Site, cache: Cache) -> None:
    site.files["/x"], site.marks["/x"] = b"x" * 3_000_000, "m"

    def broken(_name: str, _size: int) -> Progress:
        def stop(done: int, _files: int) -> None:
            raise KeyboardInterrupt

        return stop

    with pytest.raises(KeyboardInterrupt):
        cache.fetch(WebSource(f"{site.url}/x"), broken)
    assert [path for path in cache.root.rglob("*") if path.is_file() and path.name != ".lock"] == []
    found = cache.fetch(WebSource(f"{site.url}/x"), _quiet)
    assert found
    assert found.stat().st_size == 3_000_000


def test_what_is_not_there_is_none(site: Site, cache: Cache) -> None:
    assert cache.fetch(WebSource(f"{site.url}/no"), _quiet) is None


def test_a_refusal_is_one_line_without_what_may_be_a_signature(site: Site, cache: Cache) -> None:
    site.answers |= {"HEAD /x": 403, "GET /x": 403}
    with pytest.raises(UserErrorException) as caught:
        cache.fetch(WebSource(f"{site.url}/x?sig=c2VjcmV0"), _quiet)
    assert str(caught.value).startswith(f"{site.url}/x: the server answered 403")
    assert "c2VjcmV0" not in str(caught.value)
    with pytest.raises(UserErrorException, match=r"127\.0\.0\.1:1/x: the server answered"):
        cache.fetch(WebSource("http://127.0.0.1:1/x"), _quiet)
