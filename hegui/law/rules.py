"""What stands around the duties: decision rules, open questions, workflows, features. Data: regulations/*.toml."""

import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from hegui.law.errors import LawError
from hegui.law.packs import SHIPPED
from hegui.words import Words


@dataclass(frozen=True, slots=True)
class Rule:
    """A decision rule (判定规则), R00 … R78: what it looks at, and when it gives which verdict; empty means never."""

    id: str
    name: str
    title: Words
    inputs: tuple[str, ...]
    compliant: Words
    violation: Words
    risk: Words
    not_applicable: Words
    guards: Words
    example_violates: Words
    example_complies: Words
    undetermined: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ambiguity:
    """An open question of interpretation (歧义), A-00 …: the readings, the one taken, and the knob that changes it."""

    id: str
    question: Words
    options: Words
    default: Words
    knob: str


@dataclass(frozen=True, slots=True)
class Workflow:
    """A state machine by which a party does its duties (流程), W-POL …."""

    id: str
    title: Words


@dataclass(frozen=True, slots=True)
class Feature:
    """A feature that gives articles a home (功能), F-01 …."""

    id: str
    title: Words


@cache
def rules() -> dict[str, Rule]:
    return _read(SHIPPED / "rules.toml", "rule", Rule)


@cache
def ambiguities() -> dict[str, Ambiguity]:
    return _read(SHIPPED / "ambiguities.toml", "ambiguity", Ambiguity)


@cache
def workflows() -> dict[str, Workflow]:
    return _read(SHIPPED / "workflows.toml", "workflow", Workflow)


@cache
def features() -> dict[str, Feature]:
    return _read(SHIPPED / "features.toml", "feature", Feature)


_Record = TypeVar("_Record")


def _read(path: Path, table: str, kind: Callable[..., _Record]) -> dict[str, _Record]:
    records: dict[str, _Record] = {}
    for row in tomllib.loads(path.read_text("utf-8"))[table]:
        try:
            record = kind(**{key: _value(value) for key, value in row.items()})
        except TypeError as error:
            name = row.get("id", "?")
            raise LawError(
                f"{path.name}：{name} 的字段有误：{error}", f"{path.name}: {name} has a wrong field: {error}"
            ) from None
        if row["id"] in records:
            raise LawError(f"{path.name}：{row['id']} 出现两次", f"{path.name}: {row['id']} stands twice")
        records[row["id"]] = record
    return records


def _value(value: Any) -> Any:
    if isinstance(value, dict):
        return Words(**value)
    return tuple(value) if isinstance(value, list) else value
