"""`hegui catalogue check` and `hegui catalogue import`: keeping the catalogues right, and adding to the user layer.

An import takes facts only (names of components, packages, libraries and hosts, and whose they are), no descriptions and
no icons. What the shipped catalogue or the frame lists already name is left out: the shipped entry knows more. New keys
of an SDK that is known are added to it, so that a report never shows one SDK under two names.
"""

import contextlib
import hashlib
import json
import re
import sqlite3
import zipfile
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import typer

from hegui.catalogue.apis import check as apis_check
from hegui.catalogue.apis import source as apis_source
from hegui.catalogue.frames import check as frames_check
from hegui.catalogue.frames import frame_kind
from hegui.catalogue.sdks import check as sdks_check
from hegui.catalogue.sdks import source as sdks_source
from hegui.catalogue.sdks.lookup import Catalogue, forget, read_layer, shipped_sdks
from hegui.catalogue.sdks.user import sdks_folder
from hegui.errors import HeguiError

# Far above any real file of these kinds; a crafted one stops here.
MAX_FILE_BYTES = 64 << 20
MAX_ENTRIES = 50_000
MAX_ENTRY_BYTES = 1 << 20


def faults(today: date, folder: Path | None = None) -> tuple[str, ...]:
    """What all linters find, shipped catalogues and user layer; () when nothing. Raises HeguiError on an unreadable layer."""
    found = [*apis_check.check(), *sdks_check.check(today=today), *frames_check.check(today=today)]
    if apis_source.is_stale():
        found.append("apis.json is out of date: run tools/make_catalogue.py / 须重新生成")
    if sdks_source.is_stale():
        found.append("sdks.json is out of date: run tools/make_catalogue.py / 须重新生成")
    found += [
        f"sdks/{name}: the file must be called after the id / 文件名须与编号相同" for name in sdks_source.misnamed()
    ]
    own, imported = read_layer(sdks_folder() if folder is None else folder)
    found += [f"user layer: {fault}" for fault in sdks_check.check(own, today=today)]
    found += [f"user layer, imported: {fault}" for fault in sdks_check.check(imported, today=today)]
    return tuple(found)


def run_check(today: date, folder: Path | None = None) -> int:
    """Print what the linters find. Exit code: 0 when nothing, else 1."""
    found = faults(today, folder)
    for fault in found:
        typer.echo(fault)
    typer.echo(f"{len(found)} 处问题 / faults" if found else "目录无问题 / no faults in the catalogues")
    return 1 if found else 0


@dataclass(frozen=True)
class Imported:
    """What an import brought: SDKs and their keys, and how many keys were known already or could not be used."""

    kind: str
    path: Path
    sdks: int
    keys: int
    known: int
    skipped: int


def import_file(file: Path, today: date, folder: Path | None = None) -> Imported:
    """Take a rules file of LibChecker (zip of JSON files, or SQLite) or Exodus trackers (JSON) into the user layer.

    The result is one JSON file per kind, which replaces that of an earlier import; TOML files of the user are not touched.
    Raises HeguiError when the file is none of these, or holds nothing that can be used.
    """
    folder = sdks_folder() if folder is None else folder
    kind, parties, unusable = _read(file)
    usable = _Sieve(skipped=unusable)
    usable.take(parties.values())
    if not usable.rows:
        raise HeguiError(
            f"{file.name} 中没有可导入的新内容（已知 {usable.known} 项，不可用 {usable.skipped} 项）",
            f"{file.name} holds nothing new ({usable.known} keys known already, {usable.skipped} unusable)",
        )
    path = folder / f"{kind}.json"
    for row in usable.rows:
        row |= {"sources": [f"{kind}: {file.name}"], "checked": today.isoformat()}
    _write(path, {"_generated_by": "hegui catalogue import", "_sha256": _sha256(file), "sdks": usable.rows})
    forget()
    return Imported(kind, path, len(usable.rows), usable.keys, usable.known, usable.skipped)


def run_import(file: Path, today: date, folder: Path | None = None) -> int:
    """Import and say what came of it. Exit code 0; bad input raises HeguiError."""
    done = import_file(file, today, folder)
    typer.echo(
        f"已导入 {done.sdks} 个 SDK、{done.keys} 项特征到 {done.path}（另有 {done.known} 项已知，{done.skipped} 项不可用）/ "
        f"{done.sdks} SDKs with {done.keys} keys imported to {done.path} ({done.known} known already, {done.skipped} unusable)"
    )
    return 0


@dataclass
class _Party:
    """Whatever a rules file says of one SDK; `keys` by the field of Sdk they belong to."""

    id: str
    label: str
    team: str = ""
    func_class: str = "other"
    keys: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))


@dataclass
class _Sieve:
    """Keeps what is new and may be used. A key that two parties claim is the first one's."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    keys: int = 0
    known: int = 0
    skipped: int = 0

    def take(self, parties: Iterable[_Party]) -> None:
        shipped = Catalogue(shipped_sdks())
        taken: set[tuple[str, str]] = set()
        for party in parties:
            kept: dict[str, list[str]] = {}
            owners: Counter[str] = Counter()
            for kind, keys in party.keys.items():
                patterns = [one for one in keys if "*" in one]
                for key in sorted(keys):
                    owner = _owner(shipped, kind, key)
                    if owner is not None:
                        self.known += 1
                        owners[owner] += 1
                    elif sdks_check.key_fault(kind, key) or (kind, key) in taken or _is_covered(key, patterns):
                        self.skipped += 1
                    else:
                        taken.add((kind, key))
                        kept.setdefault(kind, []).append(key)
            if kept:
                self.keys += sum(len(keys) for keys in kept.values())
                self._add(_row(party, owners, kept), kept)

    def _add(self, row: dict[str, Any], kept: dict[str, list[str]]) -> None:
        """One row per id: what several labels add to one shipped SDK stands together."""
        same = next((one for one in self.rows if one["id"] == row["id"]), None)
        if same is None:
            self.rows.append(row)
        else:
            same |= {kind: sorted({*same.get(kind, ()), *keys}) for kind, keys in kept.items()}


def _row(party: _Party, owners: Counter[str], kept: dict[str, list[str]]) -> dict[str, Any]:
    """A new SDK; or more keys for a shipped one, when that is whose most of the party's keys already are."""
    del owners[_FRAME]
    first = [id for id, count in owners.items() if count == max(owners.values())]
    return {
        "id": first[0] if len(first) == 1 else party.id,
        "name": {"zh": party.label, "en": party.label},
        "operator": {"name": party.team, "country": ""},
        "func_class": party.func_class,
        "confidence": "low",
        **kept,
    }


_FRAME = "frame"


def _owner(shipped: Catalogue, kind: str, key: str) -> str | None:
    """The id of the shipped SDK a key belongs to; _FRAME for the platform's and libraries' own; None for a new one."""
    if kind == "native_libs":
        sdk = shipped.by_native_lib(key)
    elif kind == "domains":
        sdk = shipped.by_domain(key)
    else:
        name = key + "X" if kind == "prefixes" else key
        sdk = shipped.by_component(name)
        if sdk is None and frame_kind(name) in ("framework", "library"):
            return _FRAME
    return sdk.id if sdk else None


def _is_covered(key: str, patterns: Iterable[str]) -> bool:
    return any(other != key and fnmatchcase(key, other) for other in patterns)


def _read(file: Path) -> tuple[str, dict[str, _Party], int]:
    """(kind, parties by id, rows that could not be understood)."""
    try:
        with file.open("rb") as opened:
            start = opened.read(16)
        if file.stat().st_size > MAX_FILE_BYTES:
            raise HeguiError(
                f"{file.name} 超过 {MAX_FILE_BYTES >> 20} MB，不像是规则文件",
                f"{file.name} is larger than {MAX_FILE_BYTES >> 20} MB, which no rules file is",
            )
        if start.startswith(b"PK"):
            return "libchecker", *_group(_rows_of_zip(file))
        if start.startswith(b"SQLite format 3"):
            return "libchecker", *_group(_rows_of_database(file))
        return "exodus", *_trackers(json.loads(file.read_text("utf-8-sig")))
    except OSError as error:
        raise HeguiError(
            f"读不了 {file}：{error.strerror or error}", f"cannot read {file}: {error.strerror or error}"
        ) from None
    # RuntimeError: an encrypted entry, a method of compression unknown here, JSON nested too deeply.
    except (ValueError, RuntimeError, EOFError, zlib.error, zipfile.BadZipFile, sqlite3.Error) as error:
        raise HeguiError(
            f"{file.name} 不是 LibChecker 规则（zip 或数据库），也不是 Exodus 追踪器列表（JSON）：{error}",
            f"{file.name} is neither LibChecker rules (zip or database) nor an Exodus tracker list (JSON): {error}",
        ) from None


# LibChecker: what a rule is about, by folder of the zip and by number in the database.
_ZIP_FOLDERS = {
    "activities-libs": "components",
    "providers-libs": "components",
    "receivers-libs": "components",
    "services-libs": "components",
    "native-libs": "native_libs",
}
_DATABASE_TYPES = {0: "native_libs", 1: "components", 2: "components", 3: "components", 4: "components", 5: "prefixes"}


@dataclass(frozen=True)
class _Rule:
    """A LibChecker rule: `name` is a regular expression when `is_pattern`."""

    kind: str
    name: str
    label: str
    team: str = ""
    is_pattern: bool = False


def _rows_of_zip(file: Path) -> Iterator[_Rule]:
    """One rule per JSON file, named after what it is about. Patterns are not in the zip, so its regex folders are left out."""
    with zipfile.ZipFile(file) as archive:
        entries = archive.infolist()
        if len(entries) > MAX_ENTRIES:
            raise ValueError(f"{len(entries)} entries")
        for entry in entries:
            folder, _, name = entry.filename.rpartition("/")
            kind = _ZIP_FOLDERS.get(folder.rpartition("/")[2])
            if kind is None or not name.endswith(".json") or not 0 < entry.file_size <= MAX_ENTRY_BYTES:
                continue
            rule = json.loads(archive.read(entry))
            if not isinstance(rule, dict) or "label" not in rule:
                raise ValueError(f'{entry.filename} has no "label"')
            yield _Rule(kind, name.removesuffix(".json"), _line(rule["label"]), _line(rule.get("team")))


def _rows_of_database(file: Path) -> Iterator[_Rule]:
    address = f"{file.resolve().as_uri()}?mode=ro&immutable=1"
    with contextlib.closing(sqlite3.connect(address, uri=True)) as database:
        cursor = database.execute("select name, label, type, isRegexRule from rules_table limit ?", (MAX_ENTRIES,))
        for name, label, number, is_pattern in cursor:
            if kind := _DATABASE_TYPES.get(number):
                yield _Rule(kind, _line(name), _line(label), is_pattern=bool(is_pattern))


def _group(rules: Iterator[_Rule]) -> tuple[dict[str, _Party], int]:
    parties: dict[str, _Party] = {}
    unusable = 0
    for rule in rules:
        label = rule.label
        if not label:
            unusable += 1
            continue
        id = _id("libchecker", label)
        party = parties.setdefault(id, _Party(id, label))
        party.team = party.team or rule.team
        kind, name = rule.kind, rule.name
        if rule.is_pattern or kind == "prefixes":
            # Simple patterns say "this and all below", or leave a version out; others would blame by guess.
            plain = name.replace("\\.", ".")
            if kind == "native_libs":
                name = plain.replace("(.*)", "*")
            else:
                kind, name = "prefixes", plain.removesuffix("(.*)").rstrip(".") + "."
        party.keys[kind].add(name)
    return parties, unusable


# Exodus categories → what the SDK is for.
_CATEGORIES = {
    "Advertisement": "ads",
    "Analytics": "statistics",
    "Crash reporting": "crash",
    "Identification": "device_id",
    "Location": "location",
    "Profiling": "statistics",
}


def _trackers(table: Any) -> tuple[dict[str, _Party], int]:
    trackers = table["trackers"] if isinstance(table, dict) and "trackers" in table else table
    trackers = list(trackers.values()) if isinstance(trackers, dict) else trackers
    if not isinstance(trackers, list) or not all(isinstance(one, dict) and "code_signature" in one for one in trackers):
        raise ValueError('no "trackers" with a "code_signature"')
    parties: dict[str, _Party] = {}
    unusable = 0
    for tracker in trackers:
        label = _line(tracker.get("name"))
        if not label:
            unusable += 1
            continue
        id = _id("exodus", label)
        party = parties.setdefault(id, _Party(id, label))
        written = tracker.get("categories")
        categories = [str(one) for one in written] if isinstance(written, list) else []
        party.func_class = next((_CATEGORIES[one] for one in categories if one in _CATEGORIES), "other")
        for signature in _alternatives(tracker["code_signature"]):
            party.keys["prefixes"].add(signature.rstrip(".") + ".")
        for signature in _alternatives(tracker.get("network_signature")):
            party.keys["domains"].add(signature.lstrip(".").lower())
    return parties, unusable


def _alternatives(signature: Any) -> list[str]:
    """The plain names in `a\\.b|c.d.`; what is left of a real regular expression is no name, and is sieved out later."""
    return [one.strip().replace("\\", "") for one in str(signature or "").split("|") if one.strip()]


def _line(text: Any) -> str:
    """One short line of whatever stood there; "" for null."""
    return " ".join(str(text or "").split())[:200]


def _id(kind: str, label: str) -> str:
    """An id such as `exodus.google_admob`; for a label without Latin letters, one made from its digest."""
    word = re.sub(r"[^a-z0-9]+", "_", label.lower()).strip("_")
    if not re.match(r"[a-z]\w\w", word) or not label.isascii():
        word = f"{word}_{hashlib.sha256(label.encode()).hexdigest()[:8]}".lstrip("_")
    return f"{kind}.{word}" if word[0].isalpha() else f"{kind}.n{word}"


def _sha256(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def _write(path: Path, content: dict[str, Any]) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(".part")
        part.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", "utf-8")
        part.replace(path)
    except OSError as error:
        raise HeguiError(
            f"写不了 {path}：{error.strerror}；可用环境变量 HEGUI_HOME 指定用户层的位置",
            f"cannot write {path}: {error.strerror}; set HEGUI_HOME to choose another folder",
        ) from None
