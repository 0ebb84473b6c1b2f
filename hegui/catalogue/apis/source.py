"""The TOML files, as rows: what tools/make_catalogue.py and the linter read."""

import json
import tomllib
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent


def read_rows(folder: Path = HERE) -> dict[str, list[dict[str, Any]]]:
    """{"apis": […], "carriers": […]}, with the `source` and `checked` of a file's head put into each row that has none."""
    apis = []
    for path in sorted(folder.glob("*.toml")):
        if path.name == "carriers.toml":
            continue
        table = tomllib.loads(path.read_text("utf-8"))
        head = {key: table[key] for key in ("source", "checked") if key in table}
        apis += [head | row for row in table["api"]]
    return {"apis": apis, "carriers": tomllib.loads((folder / "carriers.toml").read_text("utf-8"))["carrier"]}


def is_stale() -> bool:
    """Whether apis.json no longer says what the TOML files say."""
    made: dict[str, Any] = json.loads((HERE / "apis.json").read_text("utf-8"))
    return {key: rows for key, rows in made.items() if not key.startswith("_")} != read_rows()
