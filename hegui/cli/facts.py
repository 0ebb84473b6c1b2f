"""What `hegui facts` does, without the making of a command line: importing that takes as long as reading a package."""

import gc
from pathlib import Path

from hegui.cli.summary import cut_short
from hegui.errors import HeguiError
from hegui.facts.json import to_json
from hegui.readers.package import read_package


def write_facts(package: Path, output: Path | None) -> int:
    """Write the facts of a package, to standard output without a file; the exit code, 3 when a stage was cut short."""
    # Facts are trees, so there is nothing to collect, also not when the process ends.
    gc.disable()
    read = read_package(package)
    write(output, to_json(read))
    gc.freeze()
    return 3 if cut_short(read.stages) else 0


def write(path: Path | None, text: str) -> None:
    """Write a text to a file in a folder that may yet have to be made, or to standard output. Raises HeguiError."""
    if path is None:
        print(text, end="", flush=True)
        return
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # A name of a file may hold bytes of no encoding; in JSON they then are an escape.
        path.write_bytes(text.encode("utf-8", "backslashreplace"))
    except OSError as error:
        raise HeguiError(
            f"{path}：无法写入：{error.strerror}；换一个 --out 目录",
            f"{path}: cannot be written: {error.strerror}; try another --out",
        ) from None
