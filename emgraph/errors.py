"""What is raised when a call cannot be answered; wrong data is a finding instead."""

from collections.abc import Iterable


class EmgraphError(Exception):
    """A wrong call, or something that cannot be read: what, where, and what to do next."""


class BrokenFile(EmgraphError):
    """A file that cannot be parsed, with the place where that became clear (both from 1)."""

    def __init__(self, file: str, line: int | None, column: int | None, what: str) -> None:
        self.file = file
        self.line = line
        self.column = column
        self.what = what
        place = ":".join(str(part) for part in (file, line, column) if part is not None)
        super().__init__(f"{place}: {what}")


class WrongShapes(EmgraphError):
    """Shapes that cannot be run: the node that is wrong, if it is known, and what is wrong."""

    def __init__(self, node: object, what: str) -> None:
        self.node = node
        self.what = what
        super().__init__(what)


class Uncovered(Exception):
    """A construct that is not compiled and is left to the reference engine: which, and why."""


class Unanswered(EmgraphError):
    """A store or endpoint that does not answer, or not rightly: where, why, and what to do."""


class Late(Unanswered):
    """One question that was not answered, though others may be: where, why, and what to do."""


class Stopped(EmgraphError):
    """Work in a child process that was ended: after how many seconds, and why if not for time."""

    def __init__(self, seconds: float, cause: str = "") -> None:
        self.seconds = seconds
        self.cause = cause
        super().__init__(f"stopped after {seconds:.1f} s{cause and f': {cause}'}.")


class WrongQuery(EmgraphError):
    """A query that is no SPARQL, with the place where that became clear (both from 1)."""

    def __init__(self, line: int, column: int, what: str) -> None:
        self.line = line
        self.column = column
        self.what = what
        why = f" {what}." if what else ""
        super().__init__(f"the query is not valid SPARQL at line {line}, column {column}.{why}")


class QueryStopped(EmgraphError):
    """A query that was ended before it had answered: too slow, too large, or a crash."""


def nearest(word: str, known: Iterable[str], cutoff: float = 0.5) -> str:
    """The known word closest in spelling, or nothing where none has `cutoff` of its letters."""
    import difflib

    folded = {candidate.casefold(): candidate for candidate in sorted(known, reverse=True)}
    close = difflib.get_close_matches(word.casefold(), folded, n=1, cutoff=cutoff)
    return folded[close[0]] if close else ""


def unknown(kind: str, word: str, known: Iterable[str], listing: str = "") -> EmgraphError:
    """The error for a name that nothing has, with the nearest, the few that are, or what lists."""
    names = sorted({*known})
    close = nearest(word, names)
    if close:
        hint = f"Did you mean {close}?"
    elif names and len(names) <= 12:
        hint = f"Known: {', '.join(names)}."
    else:
        hint = listing and f"List them: {listing}"
    return EmgraphError(f"no {kind} is called {word!r}. {hint}".rstrip())
