"""Make apis.json and sdks.json from the TOML files of hegui/catalogue/apis and hegui/catalogue/sdks.

    python tools/make_catalogue.py            write both
    python tools/make_catalogue.py --check    write nothing; exit 1 when one is out of date

Nothing is added or judged here: the JSON holds the rows of the TOML files, because it is read thirty times faster.
"""

import json
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from hegui.catalogue.apis import source as apis
from hegui.catalogue.sdks import source as sdks


def as_json(tables: dict[str, list[dict[str, Any]]]) -> str:
    """One row a line, so that a change shows as a change of its lines."""
    parts = ['"_generated_by": "tools/make_catalogue.py"']
    for name, rows in tables.items():
        lines = ",\n".join(json.dumps(row, ensure_ascii=False, separators=(",", ":")) for row in rows)
        parts.append(f'"{name}": [\n{lines}\n]')
    return "{" + ",\n".join(parts) + "}\n"


def files() -> dict[Path, str]:
    return {
        apis.HERE / "apis.json": as_json(apis.read_rows()),
        sdks.HERE / "sdks.json": as_json(sdks.read_rows()),
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
