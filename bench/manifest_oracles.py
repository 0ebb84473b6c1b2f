"""Hold our manifest facts against two independent readers, androguard and Debian's aapt, on every shared package.

    python -m bench.manifest_oracles [--materials DIR] [--json FILE]

Prints one row per package and fact with what each reader says where they differ. A difference is all right when
EXPLAINED says who is right and why; one that nothing explains ends the program with exit code 1. What a reader cannot
open is left out, with its reason. Packages are not part of the repository (../shared/materials/apk).
"""

import argparse
import fnmatch
import json
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from hegui.errors import HeguiError
from hegui.facts.package import Component, Permission
from hegui.readers.apk.container import Container
from hegui.readers.apk.manifest import manifest_facts

MATERIALS = Path(__file__).parents[2] / "shared" / "materials" / "apk"
KINDS = ("activity", "activity-alias", "service", "receiver", "provider")
ANDROID = "{http://schemas.android.com/apk/res/android}"

# One fact of one package: "version_code", "permission android.permission.CAMERA", "service com.x.Y exported" …
Facts = dict[str, str]


@dataclass(frozen=True)
class Explained:
    """Why a difference is none of our faults. Patterns are those of fnmatch; `ours` and `theirs` "" for absent."""

    oracle: str
    fact: str
    right: str
    why: str
    package: str = "*"
    ours: str = "*"
    theirs: str = "*"

    def covers(self, difference: "Difference") -> bool:
        return (
            self.oracle in ("*", difference.oracle)
            and fnmatch.fnmatchcase(difference.fact, self.fact)
            and fnmatch.fnmatchcase(difference.package, self.package)
            and fnmatch.fnmatchcase(difference.ours, self.ours)
            and fnmatch.fnmatchcase(difference.theirs, self.theirs)
        )


_OLD_TOOL = (
    "The platform adds it for this target (split-permission in AOSP data/etc/platform.xml); the tool's own list of "
    "added permissions ends with Android 4.1."
)
_ADDED = ("ACCESS_BACKGROUND_LOCATION", "ACCESS_MEDIA_LOCATION", "ACCESS_COARSE_LOCATION", "BLUETOOTH_*")

EXPLAINED: tuple[Explained, ...] = (
    *(
        Explained("*", f"permission android.permission.{name}", "hegui", _OLD_TOOL, ours="implied*", theirs="")
        for name in _ADDED
    ),
    Explained(
        "androguard",
        "permission *",
        "hegui",
        "Asked for by <uses-permission-sdk-23>, which counts from level 23 on; androguard leaves it out.",
        package="duplicate.permisssions_9999999.apk",
        ours="asked*",
        theirs="",
    ),
    Explained(
        "androguard",
        "version_name",
        "hegui",
        "versionName is a string resource; androguard gives the reference, aapt and we its text.",
        theirs="@7F*",
    ),
    Explained(
        "androguard",
        "permission *",
        "hegui",
        "Two elements added by a patching tool write the namespace as 'android', not as its address. The platform goes "
        "by the resource id of the attribute, as do aapt and we; androguard looks for the name.",
        package="org.sajeg.fallingblocks_3.apk",
    ),
)


@dataclass(frozen=True)
class Difference:
    package: str
    oracle: str
    fact: str
    ours: str
    theirs: str
    right: str = ""
    why: str = ""


@dataclass
class Outcome:
    equal: Counter[str] = field(default_factory=Counter)
    differences: list[Difference] = field(default_factory=list)
    skipped: list[tuple[str, str, str]] = field(default_factory=list)


# --- what each reader says ---


def our_facts(path: Path) -> Facts:
    with Container.open(path) as container:
        facts: dict[str, Any] = manifest_facts(container)
    said = {
        "package": facts["name"],
        "version_code": _shown(facts["version_code"]),
        "version_name": _shown(facts["version_name"]),
        "min_sdk": str(facts["min_sdk"]),
        "target_sdk": str(facts["target_sdk"]),
        "label": facts["labels"].get("default", facts["label"]),
        "debuggable": str(facts["debuggable"]),
        "shared_user_id": _shown(facts["shared_user_id"]),
    }
    for permission in facts["permissions"]:
        said[f"permission {permission.name}"] = _permission(permission)
    for declared in facts["declared_permissions"]:
        said[f"declares {declared.name}"] = "yes"
    for component in facts["components"]:
        said.update(_component(component))
    return said


def _permission(permission: Permission) -> str:
    implied = "implied" if permission.origin == "implied" else "asked"
    return f"{implied} max={permission.max_sdk}" if permission.max_sdk else implied


def _component(component: Component) -> Facts:
    return {f"{component.kind} {component.name}": f"exported={component.exported}"}


def androguard_facts(path: Path) -> Facts:
    from androguard.core.apk import APK  # type: ignore[import-untyped,unused-ignore]

    apk = APK(str(path))
    if not apk.is_valid_APK():
        raise ValueError("androguard finds no valid package")
    minimum = apk.get_min_sdk_version() or "1"
    target = apk.get_target_sdk_version() or minimum
    tree = apk.get_android_manifest_xml()
    said = {
        "package": apk.get_package(),
        "version_code": apk.get_androidversion_code() or "",
        "version_name": apk.get_androidversion_name() or "",
        "min_sdk": minimum,
        "target_sdk": target,
        "label": apk.get_app_name() or "",
        "debuggable": str(apk.get_attribute_value("application", "debuggable") == "true"),
        "shared_user_id": tree.get("sharedUserId") or tree.get(f"{ANDROID}sharedUserId") or "",
    }
    asked: dict[str, list[str | None]] = {}
    for name, max_sdk in apk.uses_permissions:
        asked.setdefault(name, []).append(str(max_sdk) if max_sdk else None)
    for name, limits in asked.items():
        said[f"permission {name}"] = _limits("asked", limits)
    for name, max_sdk in apk.get_uses_implied_permission_list():
        said.setdefault(f"permission {name}", _limits("implied", [str(max_sdk) if max_sdk else None]))
    for name in apk.get_declared_permissions():
        said[f"declares {name}"] = "yes"
    for kind in KINDS:
        for element in tree.iterfind(f"./application/{kind}"):
            name = apk._format_value(element.get(f"{ANDROID}name") or element.get("name") or "")
            filters = [
                [action.get(f"{ANDROID}name") for action in each.iterfind("action")]
                for each in element.iterfind("intent-filter")
            ]
            exported = element.get(f"{ANDROID}exported")
            if exported and exported.startswith("@"):
                exported = apk.get_res_value(exported)
            said[f"{kind} {name}"] = f"exported={_exported(kind, exported, filters, int(target))}"
    return said


def aapt_facts(path: Path) -> Facts:
    badging = _aapt("badging", path)
    said = _badging(badging)
    tree = _xmltree(_aapt("xmltree", path, "AndroidManifest.xml"))
    package, target = said["package"], int(said["target_sdk"])
    said["shared_user_id"] = tree.attributes.get("sharedUserId", "")
    for application in tree.children_named("application")[:1]:
        said["debuggable"] = str(application.attributes.get("debuggable") not in (None, "0x0"))
        for element in application.children:
            if element.name in KINDS:
                name = element.attributes.get("name", "")
                full = package + name if name.startswith(".") else name if "." in name else f"{package}.{name}"
                filters = [
                    [a.attributes.get("name") for a in f.children_named("action")]
                    for f in element.children_named("intent-filter")
                ]
                exported = element.attributes.get("exported")
                written = None if exported is None else str(exported != "0x0").lower()
                said[f"{element.name} {full}"] = f"exported={_exported(element.name, written, filters, target)}"
    for name in re.findall(r"^permission: (\S+)", _aapt("permissions", path), re.M):
        said[f"declares {name}"] = "yes"
    return said


def _badging(text: str) -> Facts:
    def first(pattern: str) -> str:
        found = re.search(pattern, text, re.M)
        return found[1] if found else ""

    minimum = first(r"^sdkVersion:'([^']*)'") or "1"
    said = {
        "package": first(r"^package: name='([^']*)'"),
        "version_code": first(r"^package: .*versionCode='([^']*)'"),
        "version_name": first(r"^package: .*versionName='([^']*)'"),
        "min_sdk": minimum,
        "target_sdk": first(r"^targetSdkVersion:'([^']*)'") or minimum,
        "label": first(r"^application-label:'(.*)'$"),
        "debuggable": str(bool(first(r"^(application-debuggable)"))),
    }
    implied = set(re.findall(r"^uses-implied-permission: name='([^']*)'", text, re.M))
    asked: dict[str, list[str | None]] = {}
    for name, rest in re.findall(r"^uses-permission(?:-sdk-23)?: name='([^']*)'(.*)$", text, re.M):
        limit = re.search(r"maxSdkVersion='(\d+)'", rest)
        asked.setdefault(name, []).append(limit[1] if limit else None)
    for name, limits in asked.items():
        said[f"permission {name}"] = _limits("implied" if name in implied else "asked", limits)
    return said


@dataclass
class _Node:
    name: str
    depth: int
    attributes: dict[str, str] = field(default_factory=dict)
    children: list["_Node"] = field(default_factory=list)

    def children_named(self, name: str) -> list["_Node"]:
        return [child for child in self.children if child.name == name]


# A: android:name(0x01010003)="…" (Raw: "…")   A: android:exported(0x01010010)=(type 0x12)0xffffffff
_XMLTREE_ATTRIBUTE = re.compile(
    r'\s*A: (?:[^\s=(]*:)?([^\s=(:]+)(?:\(0x[0-9a-f]+\))?=(?:\(type 0x[0-9a-f]+\))?"?([^"]*)'
)


def _xmltree(text: str) -> _Node:
    """The tree that `aapt dump xmltree` prints, by its indentation; attributes by name, without their namespace."""
    root = _Node("", -1)
    open_nodes = [root]
    for line in text.splitlines():
        depth = len(line) - len(line.lstrip())
        if found := re.match(r"\s*E: (\S+)", line):
            while open_nodes[-1].depth >= depth:
                open_nodes.pop()
            node = _Node(found[1].rpartition(":")[2], depth)
            open_nodes[-1].children.append(node)
            open_nodes.append(node)
        elif found := _XMLTREE_ATTRIBUTE.match(line):
            open_nodes[-1].attributes[found[1]] = found[2]
    return root.children[0]


def _aapt(*arguments: str | Path) -> str:
    what, path, *rest = arguments
    done = subprocess.run(
        ["aapt", "dump", what, path, *rest], capture_output=True, text=True, errors="replace", timeout=120, check=False
    )
    # A warning about an icon ends with an error code too; without output there is nothing to compare.
    if not done.stdout.strip() or "dump failed because no AndroidManifest" in done.stderr:
        raise ValueError(done.stderr.strip().splitlines()[-1] if done.stderr.strip() else "aapt prints nothing")
    return done.stdout


def _exported(kind: str, written: str | None, filters: list[list[str | None]], target: int) -> bool:
    """The platform's rule, as neither tool applies it."""
    if written is not None:
        return written == "true"
    if kind == "provider":
        return target < 17
    return bool(filters) if kind == "service" else any(filters)


def _limits(how: str, limits: list[str | None]) -> str:
    numbers = [int(limit) for limit in limits if limit is not None]
    return f"{how} max={max(numbers)}" if len(numbers) == len(limits) else how


def _shown(value: object) -> str:
    return "" if value is None else str(value)


# --- comparing ---


def compare(package: str, oracle: str, ours: Facts, theirs: Facts, outcome: Outcome) -> None:
    for fact in sorted(ours.keys() | theirs.keys()):
        mine, other = ours.get(fact, ""), theirs.get(fact, "")
        kind = fact.partition(" ")[0]
        if mine == other:
            outcome.equal[f"{oracle} {kind}"] += 1
            continue
        difference = Difference(package, oracle, fact, mine, other)
        for each in EXPLAINED:
            if each.covers(difference):
                difference = Difference(package, oracle, fact, mine, other, each.right, each.why)
                break
        outcome.differences.append(difference)


def run(packages: Iterable[Path]) -> Outcome:
    outcome = Outcome()
    oracles = {"androguard": androguard_facts, "aapt": aapt_facts}
    if shutil.which("aapt") is None:
        outcome.skipped.append(("all", "aapt", "the tool is not installed"))
        del oracles["aapt"]
    try:
        from loguru import logger

        logger.disable("androguard")
        import androguard  # type: ignore[import-untyped,unused-ignore]  # noqa: F401
    except ImportError:
        outcome.skipped.append(("all", "androguard", "the package is not installed"))
        del oracles["androguard"]
    for path in packages:
        try:
            ours = our_facts(path)
        except HeguiError as error:
            outcome.differences.append(Difference(path.name, "hegui", "readable", error.words.en, "?"))
            continue
        for oracle, read in oracles.items():
            try:
                theirs = read(path)
            # An oracle may fall over in any way; that it does is no statement about ours.
            except Exception as error:
                outcome.skipped.append((path.name, oracle, f"{type(error).__name__}: {error}"))
                continue
            compare(path.name, oracle, ours, theirs, outcome)
    return outcome


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--materials", type=Path, default=MATERIALS)
    parser.add_argument("--json", type=Path, help="write all differences there")
    arguments = parser.parse_args()
    packages = sorted(arguments.materials.rglob("*.apk"))
    if not packages:
        print(f"skipped: no packages under {arguments.materials}")
        return 0
    outcome = run(packages)
    print(f"{len(packages)} packages\n\n{'reader and fact':<28}{'equal':>7}{'explained':>11}{'unexplained':>13}")
    counts = Counter((f"{d.oracle} {d.fact.partition(' ')[0]}", bool(d.why)) for d in outcome.differences)
    for key in sorted(outcome.equal.keys() | {key for key, _ in counts}):
        print(f"{key:<28}{outcome.equal[key]:>7}{counts[key, True]:>11}{counts[key, False]:>13}")
    reasons = Counter((d.oracle, d.right, d.why) for d in outcome.differences if d.why)
    print("\nexplained differences")
    for (oracle, right, why), count in reasons.most_common():
        print(f"  {count:>4} × {oracle}; right: {right}. {why}")
    for package, oracle, reason in outcome.skipped:
        print(f"  skipped {package} with {oracle}: {reason[:150]}")
    unexplained = [d for d in outcome.differences if not d.why]
    for each in unexplained:
        print(f"UNEXPLAINED {each.package}: {each.fact}: ours {each.ours!r}, {each.oracle} {each.theirs!r}")
    if arguments.json:
        arguments.json.write_text(json.dumps([asdict(d) for d in outcome.differences], ensure_ascii=False, indent=1))
    return 1 if unexplained else 0


if __name__ == "__main__":
    sys.exit(main())
