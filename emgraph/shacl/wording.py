"""SHACL's constraint components in words, for shapes that bring no message of their own."""

from collections.abc import Callable, Sequence

from emgraph.finding import Path, PathOf
from emgraph.namespaces import SH, local_name, shrink

_WORDS = {
    "MinCount": "needs at least {0} of {1}",
    "MaxCount": "has more than {0} of {1}",
    "Class": "has a {1} that is not of class {0}",
    "Datatype": "has a {1} that is not of type {0}",
    "NodeKind": "has a {1} that is not a {0}",
    "MinExclusive": "has a {1} that is not more than {0}",
    "MinInclusive": "has a {1} that is less than {0}",
    "MaxExclusive": "has a {1} that is not less than {0}",
    "MaxInclusive": "has a {1} that is more than {0}",
    "MinLength": "has a {1} shorter than {0} characters",
    "MaxLength": "has a {1} longer than {0} characters",
    "Pattern": "has a {1} that does not match {0}",
    "LanguageIn": "has a {1} in another language than {0}",
    "UniqueLang": "has several {1} in one language",
    "Equals": "has {1} and {0} that differ",
    "Disjoint": "has the same value for {1} and {0}",
    "LessThan": "has a {1} that is not less than its {0}",
    "LessThanOrEquals": "has a {1} that is more than its {0}",
    "Not": "has a {1} that must not be so",
    "Not named": "has a {1} that meets the shape {0}, which it must not",
    "And": "has a {1} that does not meet all of several shapes",
    "Or": "has a {1} that meets none of several shapes",
    "Xone": "has a {1} that does not meet exactly one of several shapes",
    "Node": "has a {1} that does not meet the shape {0}",
    "QualifiedMinCount": "has too few {1} of the kind that is asked for (at least {0})",
    "QualifiedMaxCount": "has too many {1} of the kind that is asked for (at most {0})",
    "Closed": "has a property that its shape does not allow: {1}",
    "HasValue": "lacks {0} among its {1}",
    "In": "has a {1} that is none of {0}",
    "SPARQL": "breaks a constraint written in SPARQL",
}
_MOST_GIVEN, _SHOWN = 12, 5  # of what a constraint was given, more are counted and few are shown
_SUFFIXES = {"zero or more": "*", "one or more": "+", "zero or one": "?"}


def word(iri: str) -> str:
    """An IRI as a word in a sentence: prefix:name, else its last part where it has one."""
    short = shrink(iri)
    return local_name(iri) or short if short.startswith("<") else short


def path_text(path: Path | None, write: Callable[[str], str] = shrink) -> str:
    """A property path in SPARQL's notation, its properties written as asked; "value" for none."""
    if path is None:
        return "value"
    if not isinstance(path, PathOf):
        return write(path.value)
    inner = [path_text(part, write) for part in path.parts]
    if path.operator == "inverse" or path.operator in _SUFFIXES:
        one = path.parts[0]
        is_whole = not isinstance(one, PathOf) or one.operator == "alternative"
        whole = inner[0] if is_whole else f"({inner[0]})"
        return f"^{whole}" if path.operator == "inverse" else whole + _SUFFIXES[path.operator]
    joined = ("/" if path.operator == "sequence" else "|").join(inner)
    return f"({joined})" if path.operator == "alternative" else joined


def wording(component: str, path: Path | None, given: Sequence[str], name: str = "") -> str:
    """What a result of a component says, given some values: "It needs at least 1 of em:name".

    The property goes by the name that its shape gives (sh:name), if it does.
    """
    kind = component.removeprefix(SH).removesuffix("ConstraintComponent")
    words = _WORDS.get(f"{name} named" if given else name) or _WORDS.get(kind)
    if words is None:
        return f"It does not meet the constraint {shrink(component)}."
    listed = ", ".join(word(p) if "://" in p else p for p in given[:_MOST_GIVEN])
    if len(given) > _MOST_GIVEN:
        few = ", ".join(word(p) if "://" in p else p for p in given[:_SHOWN])
        listed = f"{len(given):,} values: {few}, …"
    called = "" if kind == "Closed" else " ".join(name.split())  # its shape has no one property
    about = called or path_text(path, word)
    if about[0] in "aeiouAEIOU":
        words = words.replace("has a {1}", "has an {1}")
    return f"It {words.format(listed or 'what is asked for', about)}."
