"""The 39 kinds of apps and what their basic function needs. Data: app_types.toml."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path


@dataclass(frozen=True, slots=True)
class AppType:
    """A kind of app (App类型). `groups` are the permission groups its basic function itself uses; `types` what it must know."""

    no: int
    zh: str
    en: str
    needs_none: bool
    groups: tuple[str, ...]
    types: tuple[str, ...]


@cache
def app_types() -> tuple[AppType, ...]:
    rows = tomllib.loads((Path(__file__).parent / "app_types.toml").read_text("utf-8"))["type"]
    return tuple(
        AppType(
            row["no"],
            row["name"]["zh"],
            row["name"]["en"],
            row["needs_none"],
            tuple(row["groups"]),
            tuple(row["types"]),
        )
        for row in rows
    )


def app_type(name: str) -> AppType | None:
    """The kind with this number, Chinese name (with or without 类) or English name; None when there is none."""
    wanted = name.strip().lower()
    for one in app_types():
        if wanted in (str(one.no), one.zh, one.zh.removesuffix("类"), one.en):
            return one
    return None
