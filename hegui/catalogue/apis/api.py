"""The entries of the API catalogue, and the questions asked of it."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from hegui.catalogue.pi_types import PI_GROUPS, WEAK_TRAITS
from hegui.words import Words

HERE = Path(__file__).parent

# Kinds of personal information, and traits that are never a finding alone: one list, with its names in pi_types.py.
PI_TYPES = tuple(code for _, kinds in PI_GROUPS for code in kinds)
WEAK_PI_TYPES = tuple(WEAK_TRAITS)

# What a target is. The last seven are constants; `Carrier` tells through which call they take effect.
KINDS = ("method", "field", "uri", "settings_key", "intent", "service", "property", "path", "command")

# What happens there. `use`: a permission is exercised and nothing about the person comes back (a message is sent).
# `check_permission` is the gate before a read; `reflect` hides which call is made.
ACTS = ("read", "listen", "use", "request_permission", "check_permission", "start", "load_code", "reflect")


# Of the calls that load code, those that bring bytecode the reader could not have seen in the package. Native libraries,
# scripts and commands are told apart, and createPackageContext, which mostly asks for another app's resources.
LOADS_BYTECODE = ("code.dex_loader", "code.dex_file", "code.url_loader", "code.split_install")


@dataclass(frozen=True, slots=True)
class ArgumentIs:
    """A target counts only when this constant is passed. `index` counts declared parameters from 0."""

    index: int
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Api:
    """A thing the code can do about personal information (个人信息相关接口).

    `targets`: for methods and fields full descriptors, every overload (`Lpkg/Cls;->name(args)ret`, `Lpkg/Cls;->NAME:Type`);
    for a URI its beginning, which covers everything below; for a settings key `table/key`; else the constant itself.
    `permissions`: all are needed, and of each any one. `since` and `until` are the API levels between which an ordinary
    app gets something. `weak`: never a finding alone. `verified` names what the targets were compared with ("" when
    nothing was at hand), `unverified` the targets that comparison did not cover.
    """

    id: str
    kind: str
    targets: tuple[str, ...]
    act: str
    name: Words
    source: str
    checked: str
    pi_type: str = ""
    perm_group: str = ""
    permissions: tuple[tuple[str, ...], ...] = ()
    since: int = 1
    until: int | None = None
    weak: bool = False
    argument: ArgumentIs | None = None
    note: Words | None = None
    verified: str = ""
    unverified: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Carrier:
    """A call through which a constant takes effect (常量的去处). `role` is explained in carriers.toml."""

    kind: str
    target: str
    argument: int
    table: str = ""
    role: str = "name"


@cache
def apis() -> tuple[Api, ...]:
    """Every entry, by file and then in the order written."""
    return tuple(_api(row) for row in _tables()["apis"])


def entry(id: str) -> Api | None:
    """The entry with this id; None for one of an older or newer catalogue."""
    return _by_id().get(id)


@cache
def _by_id() -> dict[str, Api]:
    return {one.id: one for one in apis()}


@cache
def carriers() -> tuple[Carrier, ...]:
    return tuple(Carrier(**row) for row in _tables()["carriers"])


@cache
def by_target() -> dict[str, tuple[Api, ...]]:
    """Methods and fields by descriptor. Several entries share one where an argument tells them apart."""
    found: dict[str, tuple[Api, ...]] = {}
    for api in apis():
        if api.kind in ("method", "field"):
            for target in api.targets:
                found[target] = (*found.get(target, ()), api)
    return found


@cache
def of_kind(kind: str) -> tuple[Api, ...]:
    return tuple(api for api in apis() if api.kind == kind)


@cache
def _tables() -> dict[str, list[dict[str, Any]]]:
    tables: dict[str, list[dict[str, Any]]] = json.loads((HERE / "apis.json").read_text("utf-8"))
    return tables


def _api(row: dict[str, Any]) -> Api:
    argument, note = row.get("argument"), row.get("note")
    return Api(
        id=row["id"],
        kind=row["kind"],
        targets=tuple(row["targets"]),
        act=row["act"],
        name=Words(**row["name"]),
        source=row["source"],
        checked=row["checked"],
        pi_type=row.get("pi_type", ""),
        perm_group=row.get("perm_group", ""),
        permissions=tuple(tuple(one.split("|")) for one in row.get("permissions", ())),
        since=row["since"],
        until=row.get("until"),
        weak=row.get("weak", False),
        argument=ArgumentIs(argument["index"], tuple(argument["values"])) if argument else None,
        note=Words(**note) if note else None,
        verified=row["verified"],
        unverified=tuple(row.get("unverified", ())),
    )
