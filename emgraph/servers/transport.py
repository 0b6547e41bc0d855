"""One HTTP request to somebody's server, whatever the server does: bounded in time and in size."""

import contextlib
import http.client
import re
import socket
import ssl
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from email.message import Message
from typing import Any, NamedTuple
from urllib.parse import urljoin, urlsplit

from emgraph.errors import EmgraphError
from emgraph.servers.login import PASSWORD, TOKEN, USER, Login, shown

MAX_ANSWER = 64 * 2**20
MAX_REDIRECTS = 5
MAX_TRIES = 6

_SAID = 400  # characters of a server's own words that are repeated
_BUSY = (429, 503)
_MOVED = (301, 302, 307, 308)


class Reply(NamedTuple):
    """What a server answered with status 200: its headers and its body."""

    headers: Message
    body: bytes


def fetch(request: urllib.request.Request, login: Login, deadline: float) -> Reply:
    """The answer to a request, asked again while the server says that it is busy.

    `deadline` is a time of time.monotonic. Raises EmgraphError, in one line, for everything else.
    """
    place = shown(request.full_url)
    wait = 0.5
    for tries in range(1, MAX_TRIES + 1):
        try:
            return _within(deadline, request, login)
        except _Denial as error:
            asked = _seconds(error.retry_after)
            again = wait if asked is None else asked
            if error.code not in _BUSY:
                raise EmgraphError(f"{place}: {_status(error, login)}") from None
            if tries == MAX_TRIES or time.monotonic() + again >= deadline:
                said = "" if asked is None else f" and says to wait {asked:.0f} s"
                busy = f"the server is busy ({error.code}){said}"
                raise EmgraphError(f"{place}: {busy}. Ask later, or raise --timeout.") from None
            time.sleep(again)
            wait *= 2
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise EmgraphError(f"{place}: {_reason(error)}") from None
    raise AssertionError("the last try returns or raises")


def _within(deadline: float, request: urllib.request.Request, login: Login) -> Reply:
    """Ask in a thread that is cut off at the deadline, so that no slow server holds us up."""
    sockets: list[socket.socket] = []
    outcome: list[Reply | BaseException] = []
    seconds = max(0.05, deadline - time.monotonic())

    def _ask() -> None:
        try:
            outcome.append(_exchange(_opener(login, sockets.append), request, seconds))
        except BaseException as error:
            outcome.append(error)
        finally:
            for one in sockets:
                one.close()

    thread = threading.Thread(target=_ask, daemon=True)
    thread.start()
    is_late = True
    try:
        thread.join(seconds)
        is_late = thread.is_alive()
    finally:
        if is_late:
            for one in sockets:
                with contextlib.suppress(OSError):
                    one.shutdown(socket.SHUT_RDWR)
    if not outcome or is_late:
        raise TimeoutError
    if isinstance(outcome[0], BaseException):
        raise outcome[0]
    return outcome[0]


def _exchange(
    opener: urllib.request.OpenerDirector, request: urllib.request.Request, seconds: float
) -> Reply:
    try:
        response = opener.open(request, timeout=seconds)
    except urllib.error.HTTPError as error:
        with error:
            raise _Denial(error.code, _words(error), error.headers.get("Retry-After")) from None
    with response:
        if response.status != 200:
            part = (
                "gives only a part of the answer" if response.status == 206 else "gives no answer"
            )
            raise _Refusal(f"the server {part} (status {response.status}).")
        if (coding := response.headers.get("Content-Encoding", "identity")) != "identity":
            raise _Refusal(f"the answer is packed ({coding[:20]!r}), which nobody asked for.")
        body = bytearray()
        while part := response.read1(2**16):
            body += part
            if len(body) > MAX_ANSWER:
                size = f"{MAX_ANSWER // 2**20} MB"
                raise _Refusal(f"the answer is larger than {size}. Ask for less, as by LIMIT.")
        if response.length:
            raise http.client.IncompleteRead(b"")
        return Reply(response.headers, bytes(body))


class _Refusal(OSError):
    """An answer that is not taken, in words for the user."""


class _Denial(Exception):
    """A server's no: its status, its own words in one line, and when to ask again."""

    def __init__(self, code: int, said: str, retry_after: str | None) -> None:
        super().__init__(code)
        self.code = code
        self.said = said
        self.retry_after = retry_after


def _opener(login: Login, opened: Callable[[socket.socket], None]) -> urllib.request.OpenerDirector:
    """What speaks http and https alone (no file, no ftp) and says which sockets it opens."""

    class _Plain(http.client.HTTPConnection):
        def connect(self) -> None:
            super().connect()
            opened(self.sock)

    class _Secure(http.client.HTTPSConnection):
        def connect(self) -> None:
            super().connect()
            opened(self.sock)

    class _Http(urllib.request.HTTPHandler):
        def http_open(self, request: urllib.request.Request) -> Any:
            return self.do_open(_Plain, request)

    class _Https(urllib.request.HTTPSHandler):
        def https_open(self, request: urllib.request.Request) -> Any:
            return self.do_open(_Secure, request, context=ssl.create_default_context())

    director = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.ProxyHandler(),
        _Http(),
        _Https(),
        urllib.request.HTTPErrorProcessor(),
        _Redirects(),
        _Digest(login),
        urllib.request.HTTPDefaultErrorHandler(),
    ):
        director.add_handler(handler)
    return director


class _Redirects(urllib.request.BaseHandler):
    """Follows a server that has moved, with the same POST; a login stays with its host."""

    def http_error_301(
        self, request: Any, response: Any, code: int, _message: str, headers: Message
    ) -> Any:
        """The answer of the place that the server names."""
        response.close()
        to = urljoin(request.full_url, headers.get("Location", ""))
        old, new = urlsplit(request.full_url), urlsplit(to)
        count = getattr(request, "redirected", 0) + 1
        if code not in _MOVED or new.scheme not in ("http", "https") or "@" in new.netloc:
            raise _Refusal(f"it sends us to {shown(to)[:200]!r}, which is no endpoint ({code}).")
        if (old.scheme, new.scheme) == ("https", "http"):
            raise _Refusal("it sends us from https to http, which anyone can read.")
        if count > MAX_REDIRECTS:
            raise _Refusal(f"it sends us on more than {MAX_REDIRECTS} times.")
        is_same = (old.scheme, old.hostname, old.port) == (new.scheme, new.hostname, new.port)
        sent = {k: v for k, v in request.headers.items() if is_same or k != "Authorization"}
        again = urllib.request.Request(to, request.data, sent, method=request.get_method())
        again.redirected = count  # type: ignore[attr-defined]
        return self.parent.open(again, timeout=request.timeout)

    http_error_302 = http_error_303 = http_error_307 = http_error_308 = http_error_301


class _Digest(urllib.request.HTTPDigestAuthHandler):
    """Logs in by digest where a server asks for that, as Virtuoso's /sparql-auth does."""

    def __init__(self, login: Login) -> None:
        self._passwords = urllib.request.HTTPPasswordMgrWithDefaultRealm()
        super().__init__(self._passwords)
        self._login = login

    def http_error_401(
        self, request: Any, response: Any, code: int, message: str, headers: Any
    ) -> Any:
        """The answer to the request with a digest of the password, if that is what is asked.

        Virtuoso does not say what it asks for to who has named himself, so it is asked again.
        """
        asked = headers.get("WWW-Authenticate", "").lower()
        if not self._login.user or hasattr(request, "redirected"):
            return None
        is_digest = asked.startswith("digest")
        if not is_digest and (asked or not request.headers.pop("Authorization", None)):
            return None
        response.close()
        if not is_digest:
            return self.parent.open(request, timeout=request.timeout)
        self._passwords.add_password(None, request.full_url, *self._login[:2])
        return super().http_error_401(request, response, code, message, headers)


def _seconds(header: str | None) -> float | None:
    """How long a busy server asks us to wait, if it says so in a way that can be read."""
    if header is None:
        return None
    if re.fullmatch(r"\d{1,6}", header.strip()):
        return float(header)
    from email.utils import parsedate_to_datetime

    try:
        return max(0.0, parsedate_to_datetime(header).timestamp() - time.time())
    except (ValueError, TypeError, OverflowError):
        return None


def _words(error: urllib.error.HTTPError) -> str:
    """What a server says of its refusal, in one line without markup."""
    body = b""
    with contextlib.suppress(OSError, http.client.HTTPException, ValueError, AttributeError):
        body = error.read1(2**14)
    text = body.decode("utf-8", "replace")
    text = re.sub(r"(?s)<(style|script|title)\b.*?</\1>|<[^>]*>", " ", text)
    text = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return text[:_SAID].rstrip(" .") + ("..." if len(text) > _SAID else "")


def _status(error: _Denial, login: Login) -> str:
    """A refusal and what to do about it."""
    said = error.said
    for secret in (login.password, login.token):
        said = said.replace(secret, "***") if secret else said
    said = f" It says: {said}." if said else ""
    if error.code in (401, 403):
        given = bool(login.user or login.token)
        what = "refuses the login" if given else "asks for a login"
        todo = "Check" if given else "Set"
        return f"the server {what} ({error.code}). {todo} {USER} and {PASSWORD}, or {TOKEN}.{said}"
    if error.code in (404, 405, 501):
        return f"no endpoint there ({error.code}). Check the address of the query service.{said}"
    if error.code == 400:
        return f"the server does not take the query ({error.code}).{said}"
    return f"no answer ({error.code}).{said}"


def _reason(error: Exception) -> str:
    """Why there was no answer at all."""
    cause = error.reason if isinstance(error, urllib.error.URLError) else error
    if isinstance(cause, _Refusal):
        return str(cause)
    if isinstance(cause, ssl.SSLCertVerificationError):
        return f"its certificate is not trusted: {cause.verify_message}."
    if isinstance(cause, ssl.SSLError):
        return f"no secure connection: {(cause.reason or 'broken off').lower().replace('_', ' ')}."
    for kind, words in _CAUSES.items():
        if isinstance(cause, kind):
            return words
    text = cause.strerror if isinstance(cause, OSError) else str(cause)
    return f"no answer: {' '.join(str(text or type(cause).__name__).split())[:200]}."


_CAUSES: dict[type[Exception], str] = {
    TimeoutError: "no whole answer in time. Ask for less, or raise --timeout.",
    socket.gaierror: "no such host. Check the address.",
    ConnectionRefusedError: "nothing answers there. Check the address, and that the server runs.",
    ConnectionError: "the answer breaks off or is not HTTP.",
    http.client.HTTPException: "the answer breaks off or is not HTTP.",
}
