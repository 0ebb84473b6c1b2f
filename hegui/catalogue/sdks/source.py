"""The TOML files, as rows: what tools/make_catalogue.py and the linter read."""

import json
import tomllib
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent


def read_rows(folder: Path = HERE) -> dict[str, list[dict[str, Any]]]:
    """{"sdks": […]}, in the order of the file names."""
    return {"sdks": [tomllib.loads(path.read_text("utf-8")) for path in sorted(folder.glob("*.toml"))]}


def is_stale() -> bool:
    """Whether sdks.json no longer says what the TOML files say."""
    made: dict[str, Any] = json.loads((HERE / "sdks.json").read_text("utf-8"))
    return {key: rows for key, rows in made.items() if not key.startswith("_")} != read_rows()


def misnamed() -> tuple[str, ...]:
    """Files that are not called after the SDK they hold."""
    return tuple(
        path.name for path in sorted(HERE.glob("*.toml")) if tomllib.loads(path.read_text("utf-8"))["id"] != path.stem
    )
