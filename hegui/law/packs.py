"""Reading law packs: a folder with pack.toml and duties.toml becomes a Regulation."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from hegui.law.duty import Duty, Regulation, Threshold
from hegui.law.errors import LawError
from hegui.words import Words

SHIPPED = Path(__file__).parent.parent / "regulations"


def read_pack(folder: Path, *, shipped: bool = True) -> Regulation:
    """Read one pack. Raises LawError that names the file, the duty and the field."""
    head = _toml(folder / "pack.toml")
    rows = _toml(folder / "duties.toml").get("duty", [])
    duties = tuple(_duty(row, folder / "duties.toml") for row in rows)
    _no_twice([duty.id for duty in duties], folder / "duties.toml")
    try:
        return Regulation(
            id=head["id"],
            title=Words(**head["title"]),
            status=head["status"],
            status_words=Words(**head["status_words"]),
            version=head["version"],
            published=head["published"],
            articles=head["articles"],
            source=head["source"],
            effective=head.get("effective"),
            note=Words(**head["note"]),
            duties=duties,
            article_titles={int(number): Words(**words) for number, words in head.get("article_titles", {}).items()},
            shipped=shipped,
        )
    except (KeyError, TypeError) as error:
        raise LawError(
            f"{folder / 'pack.toml'}：缺少或写错字段 {error}；对照 hegui/regulations/cac_2026/pack.toml",
            f"{folder / 'pack.toml'}: missing or wrong field {error}; compare hegui/regulations/cac_2026/pack.toml",
        ) from None


@cache
def shipped() -> tuple[Regulation, ...]:
    """The packs that come with hegui, the later text first (RULES §6)."""
    return tuple(read_pack(SHIPPED / name) for name in ("cac_2026", "app_2021"))


@cache
def shipped_duties() -> dict[str, Duty]:
    return {duty.id: duty for pack in shipped() for duty in pack.duties}


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        raise LawError(
            f"找不到法规包文件 {path}；法规包要有 pack.toml 和 duties.toml",
            f"no law pack file {path}; a pack has pack.toml and duties.toml",
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise LawError(f"{path}：不是有效的 TOML：{error}", f"{path}: not valid TOML: {error}") from None


def _duty(row: dict[str, Any], path: Path) -> Duty:
    words = {"title", "trigger", "decides", "violates", "complies", "conflict"}
    lists = {"co_obligors", "evidence", "missing", "related", "rules", "workflows", "features", "ambiguities"}
    try:
        made: dict[str, Any] = {}
        for key, value in row.items():
            if key in words:
                made[key] = Words(**value)
            elif key in lists:
                made[key] = tuple(value)
            elif key == "exceptions":
                made[key] = tuple(Words(**one) for one in value)
            elif key == "thresholds":
                made[key] = tuple(
                    Threshold(one["op"], one["value"], Words(**one["unit"]), Words(**one["what"]), one["source"])
                    for one in value
                )
            else:
                made[key] = value
        return Duty(**made)
    except (TypeError, KeyError) as error:
        name = row.get("id", "?")
        raise LawError(
            f"{path}：义务 {name} 的字段有误：{error}", f"{path}: duty {name} has a wrong field: {error}"
        ) from None


def _no_twice(ids: list[str], path: Path) -> None:
    twice = sorted({one for one in ids if ids.count(one) > 1})
    if twice:
        raise LawError(f"{path}：义务编号重复：{twice}", f"{path}: duty ids stand twice: {twice}")
