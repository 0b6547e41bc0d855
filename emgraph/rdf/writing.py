"""Files that are either written whole or not at all."""

import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from emgraph.errors import EmgraphError
from emgraph.rdf.files import RdfFile, reason


def write(path: Path, data: bytes, inputs: Iterable[RdfFile | Path] = ()) -> None:
    """Put the bytes in a file, all or none: a temporary file beside it takes its place at the end.

    Raises EmgraphError if that cannot be done, or if the file is one of the inputs, by whatever
    name. A link is written through; the permissions of a file that was there stay.
    """
    import tempfile

    try:
        target = Path(os.path.realpath(path))
        there = target.exists()
        if path.is_symlink() and target.is_symlink():
            raise EmgraphError(f"{path}: a link that leads nowhere. Choose another file to write.")
    except OSError as error:
        raise EmgraphError(f"{path}: {reason(error)}. Nothing was written.") from error
    for file in inputs:
        read = file.path if isinstance(file, RdfFile) else file
        if read is not None and there and read.exists() and target.samefile(read):
            raise EmgraphError(f"{path}: this is an input. Choose another file to write.")
    if target.exists() and not target.is_file():
        raise EmgraphError(f"{path}: not a plain file. Choose another file to write.")
    temporary = ""
    try:
        mode = target.stat().st_mode & 0o7777 if target.exists() else 0o666 & ~_mask()
        descriptor, temporary = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        Path(temporary).chmod(mode)
        Path(temporary).replace(target)
    except OSError as error:
        raise EmgraphError(f"{path}: {reason(error)}. Nothing was written.") from error
    finally:
        if temporary:
            with suppress(OSError):
                Path(temporary).unlink(missing_ok=True)


def _mask() -> int:
    """The process's file mode creation mask."""
    mask = os.umask(0)
    os.umask(mask)
    return mask
