"""Hardening shells and packers (加固) that are known by what they leave in a package. Data: packers.toml."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path

from hegui import tables
from hegui.words import Words


@dataclass(frozen=True, slots=True)
class Packer:
    """A packer (加固厂商). The fields are those of packers.toml; patterns of file names are regular expressions.

    `unverified` are the names that nothing at hand confirmed.
    """

    id: str
    name: Words
    hides_code: bool
    applications: frozenset[str]
    classes: tuple[str, ...]
    files: tuple[re.Pattern[str], ...]
    source: str
    checked: str
    unverified: tuple[str, ...]


@cache
def packers() -> tuple[Packer, ...]:
    rows = tables.read(Path(__file__).with_suffix(".toml"))["packer"]
    return tuple(
        Packer(
            row["id"],
            Words(**row["name"]),
            row["hides_code"],
            frozenset(row["applications"]),
            tuple(row["classes"]),
            (
                *(_pattern("lib/*/" + name) for name in row["libraries"]),
                *(_pattern(name) for name in row["assets"]),
            ),
            row["source"],
            row["checked"],
            tuple(row["unverified"]),
        )
        for row in rows
    )


def packer_by_application(name: str) -> Packer | None:
    """The packer whose stub this Application class is."""
    for packer in packers():
        if any(fnmatchcase(name, pattern) for pattern in packer.applications):
            return packer
    return None


def packer_by_file(names: Iterable[str]) -> tuple[Packer, str] | None:
    """The first packer one of whose files is among the names of a package's entries, and that name."""
    listed = list(names)
    for packer in packers():
        for pattern in packer.files:
            for name in listed:
                if pattern.fullmatch(name):
                    return packer, name
    return None


def packer_by_class(name: str) -> Packer | None:
    """The packer whose own package this class is of."""
    return next((packer for packer in packers() if packer.classes and name.startswith(packer.classes)), None)


def _pattern(glob: str) -> re.Pattern[str]:
    return re.compile(".*".join(map(re.escape, glob.split("*"))), re.DOTALL)
