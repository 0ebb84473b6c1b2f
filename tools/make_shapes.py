"""Make hegui/catalogue/sdks/shapes.json: how SDKs in a folder of AARs and JARs are known when their names are changed.

    python tools/make_shapes.py SDKS PACKAGES

SDKS holds binaries called NAME-VERSION.jar or .aar; PACKAGES holds APKs, below any folder, that embed none of these SDKs.
A shape is kept when one SDK alone has it, once, and no package does; of a build the largest classes are kept. Of an SDK inside
another's binary, and for which no version can be read, no version is written. `members` is a digest of every class and member
with its name, by which an SDK that nowhere says its version is known to be this build (see hegui/readers/sdk/shapes.py).
"""

import hashlib
import json
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from hegui.catalogue.sdks import by_class
from hegui.catalogue.sdks.source import HERE
from hegui.facts import Unread
from hegui.readers.apk.container import Container
from hegui.readers.apk.embedded import members_of
from hegui.readers.dex.tables import Methods, read_dex
from hegui.readers.jvm.class_file import ClassFile
from hegui.readers.limits import Limits
from hegui.readers.package import read_package
from hegui.readers.sdk.archive import Jar, jars_of
from hegui.readers.sdk.code import members
from hegui.readers.sdk.shapes import named, shape, together

MOST_SHAPES = 60
_VERSION = re.compile(r"-(\d[\w.]*)\.(?:aar|jar)")


def sdk_classes(path: Path) -> Iterator[ClassFile]:
    container = Container.open(path, Limits())
    jars = (
        [Jar("", container)] if path.suffix == ".jar" else [one for one in jars_of(container) if isinstance(one, Jar)]
    )
    for jar in jars:
        for name in jar.class_names():
            yield ClassFile(jar.content(name), name)


def package_shapes(path: Path) -> Iterator[str]:
    container = Container.open(path, Limits())
    for name in container.by_name:
        if re.fullmatch(r"classes\d*\.dex", name):
            for dex in read_dex(name, container.read(name)):
                methods = Methods(dex)
                yield from (shape(members_of(dex, methods, row)) for row in range(dex.classes_n))


def versions_in(path: Path) -> dict[str, str]:
    """The version of each SDK in a binary: what can be read, else, for the SDK it is called after, its file name's."""
    pkg = read_package(path).pkg
    if isinstance(pkg, Unread) or isinstance(pkg.sdks, Unread):
        raise SystemExit(f"{path}: its SDKs cannot be read")
    found = {one.sdk_id: one.version for one in pkg.sdks if not isinstance(one.version, Unread)}
    itself = by_class(f"{pkg.name}.X")
    if itself is not None and (match := _VERSION.search(path.name)):
        found.setdefault(itself.id, match[1])
    return found


def builds(sdks: Path, packages: Path) -> list[dict[str, Any]]:
    taken = Counter(one for path in sorted(packages.rglob("*.apk")) for one in set(package_shapes(path)))
    found: dict[tuple[str, str], list[tuple[int, str]]] = defaultdict(list)
    tables: dict[tuple[str, str], list[str]] = defaultdict(list)
    files = [path for path in sorted(sdks.iterdir()) if path.suffix in (".jar", ".aar")]
    for path in files:
        for class_file in sdk_classes(path):
            of_class = members(class_file)
            digest = shape(of_class)
            taken[digest] += 1
            owner = by_class(class_file.name.decode())
            if owner is not None:
                found[path.name, owner.id].append((len(of_class.fields) + len(of_class.methods), digest))
                tables[path.name, owner.id] += [named(class_file.name, of_class)]
    rows = []
    for path in files:
        versions = versions_in(path)
        for (file, id), shapes in sorted(found.items()):
            if file == path.name:
                alone = sorted((one for one in shapes if one[1] and taken[one[1]] == 1), reverse=True)[:MOST_SHAPES]
                rows.append(
                    {
                        "sdk": id,
                        "version": versions.get(id, ""),
                        "file": file,
                        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
                        "members": together(tables[file, id]),
                        "shapes": sorted(digest for _, digest in alone),
                    }
                )
    return rows


def main(arguments: list[str]) -> None:
    if len(arguments) != 2:
        raise SystemExit(__doc__)
    rows = builds(Path(arguments[0]), Path(arguments[1]))
    lines = ",\n".join(json.dumps(row, ensure_ascii=False, separators=(",", ":")) for row in rows)
    (HERE / "shapes.json").write_text(
        f'{{"_generated_by": "tools/make_shapes.py",\n"builds": [\n{lines}\n]}}\n', "utf-8"
    )
    for row in rows:
        print(row["file"], row["sdk"], row["version"] or "?", len(row["shapes"]), "shapes")


if __name__ == "__main__":
    main(sys.argv[1:])
