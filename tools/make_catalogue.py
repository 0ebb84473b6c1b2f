"""Make apis.json, sdks.json and those that hegui/tables.py names from the TOML files they hold the rows of.

    python tools/make_catalogue.py            write all
    python tools/make_catalogue.py --check    write nothing; exit 1 when one is out of date

Nothing is added or judged here: the JSON holds the rows of the TOML files, because it is read thirty times faster.
"""

import json
import sys
import tomllib
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from hegui import tables
from hegui.catalogue.apis import source as apis
from hegui.catalogue.sdks import source as sdks


def as_json(table: dict[str, Any]) -> str:
    """One row a line, so that a change shows as a change of its lines."""
    parts = ['"_generated_by": "tools/make_catalogue.py"']
    for name, value in table.items():
        if isinstance(value, list):
            parts.append(f'"{name}": [\n' + ",\n".join(map(_compact, value)) + "\n]")
        else:
            parts.append(f'"{name}": {_compact(value)}')
    return "{" + ",\n".join(parts) + "}\n"


def _compact(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def files() -> dict[Path, str]:
    return {
        apis.HERE / "apis.json": as_json(apis.read_rows()),
        sdks.HERE / "sdks.json": as_json(sdks.read_rows()),
        **{path.with_suffix(".json"): as_json(tomllib.loads(path.read_text("utf-8"))) for path in tables.MADE},
    }


def main(arguments: list[str]) -> None:
    if arguments not in ([], ["--check"]):
        raise SystemExit(__doc__)
    stale = [path for path, text in files().items() if not path.is_file() or path.read_text("utf-8") != text]
    if arguments and stale:
        raise SystemExit("out of date: " + ", ".join(path.name for path in stale) + "; run tools/make_catalogue.py")
    for path in stale:
        path.write_text(files()[path], "utf-8")
        print("written:", path.name)


if __name__ == "__main__":
    main(sys.argv[1:])
