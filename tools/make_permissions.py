"""Make hegui/catalogue/permissions/android.json from lists of platform permissions, one JSON file per API level.

    python tools/make_permissions.py FOLDER

FOLDER holds permissions_16.json, permissions_25.json … as androguard publishes them from AOSP's own manifest
(Apache-2.0). Only facts are taken: names, protection levels, groups and the levels they were seen at; no sentences.
"""

import json
import re
import sys
from pathlib import Path
from typing import Any

OUT = Path(__file__).parents[1] / "hegui" / "catalogue" / "permissions" / "android.json"
PREFIX = "android.permission-group."


def main(folder: Path) -> None:
    files = {int(re.sub(r"\D", "", path.stem)): path for path in folder.glob("permissions_*.json")}
    if not files:
        raise SystemExit(f"no permissions_NN.json in {folder}")
    levels = sorted(files)
    table: dict[str, dict[str, Any]] = {}
    for level in levels:
        for name, row in json.loads(files[level].read_text("utf-8"))["permissions"].items():
            entry = table.setdefault(name, {"protection": {}, "group": "", "first": level})
            entry["last"] = level
            # Only changes are kept: a level holds until the next one that is listed.
            if list(entry["protection"].values())[-1:] != [row["protectionLevel"]]:
                entry["protection"][str(level)] = row["protectionLevel"]
            # Since level 29 the platform writes UNDEFINED and the permission controller holds the groups; those of
            # level 16 are older than run-time permissions and mean something else.
            group = row["permissionGroup"].removeprefix(PREFIX)
            if group and group != "UNDEFINED" and level >= 23:
                entry["group"] = group
    head = {
        "_source": "AOSP frameworks/base core/res/AndroidManifest.xml per API level, by way of androguard",
        "_generated_by": "tools/make_permissions.py",
        "levels": levels,
    }
    rows = ",\n".join(f"{json.dumps(name)}: {json.dumps(table[name])}" for name in sorted(table))
    OUT.write_text(json.dumps(head)[:-1] + f',\n"permissions": {{\n{rows}\n}}}}\n', "utf-8")
    print(f"{len(table)} permissions, levels {levels[0]} to {levels[-1]}")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    main(Path(sys.argv[1]))
