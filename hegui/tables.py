"""Tables that people write in TOML and hegui reads as JSON. A leaf: every layer may import it, it imports nothing of ours.

Parsing TOML takes longer than scanning a small package, so those that every reading needs have a JSON file of the same name
beside them, which tools/make_catalogue.py makes.
"""

import json
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent
# Those that have one; the rest is parsed where it is asked for.
MADE = (
    ROOT / "facts" / "reasons.toml",
    ROOT / "catalogue" / "added_by.toml",
    ROOT / "catalogue" / "permissions" / "dangerous.toml",
    *(
        ROOT / "catalogue" / "frames" / f"{name}.toml"
        for name in ("framework", "library", "packers", "plugin_hosts", "shell", "webview", "wrapper")
    ),
)


def read(path: Path) -> dict[str, Any]:
    """The table of one of MADE, by the path of its TOML file."""
    table: dict[str, Any] = json.loads(path.with_suffix(".json").read_text("utf-8"))
    return table
