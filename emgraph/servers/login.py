"""Whom we ask and who we say we are: the address of an endpoint, and the login for it."""

import os
import re
from typing import NamedTuple
from urllib.parse import urlsplit, urlunsplit

from emgraph.errors import EmgraphError

USER, PASSWORD, TOKEN = (f"EMGRAPH_ENDPOINT_{name}" for name in ("USER", "PASSWORD", "TOKEN"))


class Login(NamedTuple):
    """Who asks: a user with a password, or the bearer of a token; empty where nobody says."""

    user: str = ""
    password: str = ""
    token: str = ""

    @classmethod
    def of_environment(cls) -> "Login":
        """What EMGRAPH_ENDPOINT_USER and _PASSWORD, or _TOKEN, say; raises EmgraphError."""
        user, password, token = (os.environ.get(name, "") for name in (USER, PASSWORD, TOKEN))
        if bool(user) != bool(password):
            raise EmgraphError(f"{USER} and {PASSWORD} go together. Set both or neither.")
        if user and token:
            raise EmgraphError(f"{USER} and {TOKEN} are both set. Unset one.")
        if ":" in user or not (user + password).isprintable():
            raise EmgraphError(f"{USER} or {PASSWORD} holds a character that it cannot hold.")
        if not re.fullmatch(r"[A-Za-z0-9._~+/=-]*", token):
            raise EmgraphError(f"{TOKEN} is not a token: letters, digits and ._~+/=- make one.")
        return cls(user, password, token)


def checked(url: str) -> str:
    """An http or https address as it may be shown and asked; raises EmgraphError.

    An address with a password is refused, because other users see it in the list of processes.
    """
    try:
        parts = urlsplit(url)
        is_http = parts.scheme in ("http", "https") and bool(parts.hostname)
        is_http = is_http and (parts.port is None or parts.port > 0)
    except ValueError:
        is_http = False
    if is_http and "@" in parts.netloc:
        place = parts.netloc.rpartition("@")[2]
        raise EmgraphError(
            f"{parts.scheme}://{place}{parts.path}: the address holds a name or password, which "
            f"others can see. Leave it out and set {USER} and {PASSWORD}."
        )
    if not is_http or not re.fullmatch(r"[!-~]+", url):
        shown = re.sub(r"//[^/]*@", "//", url[:200])
        raise EmgraphError(
            f"{shown!r} is not an endpoint. Give its http or https address."
            if not shown.isprintable()
            else f"{shown}: not an endpoint. Give its http or https address."
        )
    return urlunsplit((*parts[:4], ""))


def shown(url: str) -> str:
    """An address without what may be secret in it."""
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))
