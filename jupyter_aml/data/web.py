"""Public files on the web, one at a time. No credentials are sent, and nothing is kept here."""

import posixpath
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote, unquote, urlsplit

from jupyter_aml.data.storage import Progress, RemoteFile
from jupyter_aml.exceptions import UserErrorException

_PATIENCE: Final = 30.0
_CHUNK: Final = 1 << 20
_AGENT: Final = {"User-Agent": "jupyter_aml"}
_MARKS: Final = ("ETag", "Last-Modified")
_MISSING: Final = frozenset({404, 410})
_UNSURE: Final = frozenset({403, 405, 501})
"""Answers to HEAD of servers that know only GET, or sign addresses for it alone."""


def name_of(url: str) -> str:
    """The file's name in an address, for a person and for its copy."""
    return unquote(posixpath.basename(urlsplit(url).path.rstrip("/"))) or urlsplit(url).netloc


def found(url: str) -> RemoteFile | None:
    """The file that the address names, None when there is none. UserErrorException for another answer."""
    answer = _asked(url, "HEAD", _described)
    return answer or _asked(url, "GET", _described)


def bring(url: str, target: Path, progress: Progress) -> None:
    """Copy the file here. UserErrorException when the server does not give it."""
    _asked(url, "GET", lambda answer: _poured(answer, target, progress))


def _asked(url: str, method: str, use: Callable[[Any], Any]) -> Any:  # noqa: ANN401  the door: urllib has no types
    from http.client import HTTPException  # with urllib.request 30 ms, which no submit needs
    from urllib.error import HTTPError, URLError
    from urllib.request import Request, urlopen

    address = quote(url, safe=":/?#[]@!$&'()*+,;=%")
    try:
        with urlopen(Request(address, headers=_AGENT, method=method), timeout=_PATIENCE) as answer:  # noqa: S310  http(s) only, by the grammar of URIs
            return use(answer)
    except HTTPError as error:
        error.close()
        if method == "HEAD" and error.code in _UNSURE | _MISSING:
            return None
        if error.code in _MISSING:
            return None
        raise _refusal(url, f"{error.code} {error.reason}") from None
    except (URLError, HTTPException, TimeoutError) as error:
        raise _refusal(url, str(getattr(error, "reason", error)) or type(error).__name__) from None


def _described(answer: Any) -> RemoteFile:  # noqa: ANN401  as above
    marks = [str(answer.headers[name]) for name in _MARKS if answer.headers[name]]
    # A server that tells no mark may have changed the file: then it is brought each time.
    return RemoteFile("", int(answer.headers["Content-Length"] or 0), " ".join(marks) or secrets.token_hex(8))


def _poured(answer: Any, target: Path, progress: Progress) -> bool:  # noqa: ANN401  as above
    done = 0
    with target.open("wb") as file:
        while data := answer.read(_CHUNK):
            file.write(data)
            done += len(data)
            progress(done, 0)
    return True


def _refusal(url: str, said: str) -> UserErrorException:
    shown = urlsplit(url)._replace(query="", fragment="").geturl()  # what follows `?` may be a signature
    return UserErrorException(
        f"{shown}: the server answered {said}.", resolution="It must be a public file; look at the address."
    )
