"""The user layer (用户层): what a user adds to the shipped law, in a folder of their own that hegui never overwrites.

packs/<id>/{pack,duties}.toml   own law packs, under ids of their own
knobs.toml                      "nag.hours" = { value = 24, author = "…", reason = "…" }
overrides.toml                  [[override]] duty, field, value, author, reason, date
texts/<regulation>/text.json    official texts, loaded with: hegui law load FILE
workdays/<year>.json            years of working days, loaded with: hegui workdays load FILE
"""

import json
import math
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Any, get_args

from hegui.home import home_folder
from hegui.law.duty import Automation, Duty, Modality, Obligor, Regulation, Severity
from hegui.law.errors import LawError
from hegui.law.knobs import Knob, Value, shipped_knobs
from hegui.law.packs import read_pack, shipped
from hegui.law.text import OfficialText
from hegui.law.workdays import Calendar, Year, read_year, shipped_calendar, year_as_json
from hegui.words import Words

# What may be overridden. Citation, modality and thresholds are the text's own: another text is another pack.
WORDED = ("title", "trigger", "decides", "violates", "complies")
FIELDS = ("severity", "obligor", *(f"{name}.{language}" for name in WORDED for language in ("zh", "en")))


@dataclass(frozen=True, slots=True)
class Override:
    """One field of one duty, changed by a user: by whom, when and why, and what stood there before."""

    duty: str
    field: str
    value: str
    was: str
    author: str
    reason: str
    date: str


@dataclass(frozen=True)
class Law:
    """The law in force for a run: shipped packs and the user layer together, with every change listed."""

    regulations: tuple[Regulation, ...]
    knobs: dict[str, Knob]
    overrides: tuple[Override, ...]
    texts: dict[str, OfficialText]
    calendar: Calendar
    home: Path

    @property
    def duties(self) -> dict[str, Duty]:
        return {duty.id: duty for pack in self.regulations for duty in pack.duties}

    def regulation(self, id: str) -> Regulation | None:
        return next((one for one in self.regulations if one.id == id), None)

    def only(self, ids: Iterable[str] | None) -> tuple[Regulation, ...]:
        """The regulations with these ids, in the order of the law; all when none is named."""
        wanted = set(ids or ())
        for id in sorted(wanted - {one.id for one in self.regulations}):
            near = nearest(id, (one.id for one in self.regulations))
            raise LawError(
                f"没有法规包 {id!r}{near.zh}；用 hegui law list 查看",
                f"no law pack {id!r}{near.en}; see hegui law list",
            )
        return tuple(one for one in self.regulations if not wanted or one.id in wanted)

    def changes(self) -> tuple[str, ...]:
        """What the user layer changes in a judgement, a line each, for the report."""
        return (
            *(f"packs/{one.id}: {one.title.zh}" for one in self.regulations if not one.shipped),
            *(f"{one.name} = {_plain(one.value)} ({one.set_by})" for one in self.knobs.values() if one.set_by),
            *(f"{o.duty} {o.field}: {o.was} → {o.value} ({o.author}, {o.date}: {o.reason})" for o in self.overrides),
            *(f"workdays/{one.year}: {one.notice}" for one in self.calendar.years.values() if not one.shipped),
        )

    def wording(self) -> dict[str, str]:
        """The loaded official wording of each article: "cac-2026:14", or "cac-2026:14-1" for 第十四条之一."""
        return {
            f"{id}:{article.number}" + (f"-{article.inserted}" if article.inserted else ""): article.wording
            for id, text in self.texts.items()
            for article in text.articles
        }


def _plain(value: Value) -> str:
    return json.dumps(value, ensure_ascii=False)


def law_in_force(home: Path | None = None) -> Law:
    """Shipped law with the user layer of `home` (default: home_folder()) laid over it. Raises LawError on any fault."""
    home = home_folder() if home is None else home
    _no_near_miss(home)
    regulations = (*shipped(), *_own_packs(home / "packs"))
    overrides = _overrides(home / "overrides.toml", {duty.id: duty for one in regulations for duty in one.duties})
    return Law(
        regulations=tuple(_overridden(one, overrides) for one in regulations),
        knobs=_knobs(home / "knobs.toml", {one.id for one in regulations}),
        overrides=overrides,
        texts=_texts(home / "texts"),
        calendar=_calendar(home / "workdays"),
        home=home,
    )


def nearest(word: str, names: Iterable[str]) -> Words:
    """ "；最接近的是 … / ; the nearest is …", or nothing when nothing is near: the tail of an error line."""
    near = get_close_matches(word, list(dict.fromkeys(names)), n=3, cutoff=0.6)
    if not near:
        return Words("", "")
    return Words("；最接近的是：" + "、".join(near), "; nearest: " + ", ".join(near))


def save_text(text: OfficialText, regulation: str, home: Path, *, replace_other: bool = False) -> Path:
    """Keep an official text for a regulation. Another text already kept under this id is not overwritten unasked."""
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{1,40}", regulation):
        raise LawError(
            f"编号 {regulation!r} 不合格式；用小写字母、数字和连字符，如 cac-2027",
            f"{regulation!r} cannot be an id; use small letters, digits and hyphens, such as cac-2027",
        )
    path = home / "texts" / regulation / "text.json"
    if path.exists() and not replace_other and (kept := _read_text(path)).sha256 != text.sha256:
        raise LawError(
            f"{regulation} 已载入另一份文本（{kept.source}，{path}）；要替换请加 --replace，要并存请用 --as 另取编号",
            f"another text of {regulation} is loaded ({kept.source}, {path}); use --replace, or --as ID to keep both",
        )
    _write(path, _text_as_json(text))
    return path


def save_year(year: Year, home: Path, calendar: Calendar, *, replace_other: bool = False) -> Path:
    """Keep a year of working days. A year that is there with other days is not replaced unasked."""
    there = calendar.years.get(year.year)
    if there and (there.off, there.work) != (year.off, year.work) and not replace_other:
        raise LawError(
            f"{year.year} 年的工作日历已有，且与此文件不同（{there.notice}）；确要以此文件为准请加 --replace",
            f"{year.year} is loaded already, with other days ({there.notice}); to replace it use --replace",
        )
    path = home / "workdays" / f"{year.year}.json"
    _write(path, year_as_json(year))
    return path


def _write(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(".part")
        part.write_text(text, "utf-8")
        part.replace(path)
    except OSError as error:
        raise LawError(
            f"写不了 {path}：{error.strerror}；可用环境变量 HEGUI_HOME 指定用户层的位置",
            f"cannot write {path}: {error.strerror}; set HEGUI_HOME to choose another folder",
        ) from None


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8-sig"))
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise LawError(f"读不了 {path}：{error.strerror}", f"cannot read {path}: {error.strerror}") from None
    except (ValueError, RecursionError) as error:
        raise LawError(f"{path}：不是有效的 TOML：{error}", f"{path}: not valid TOML: {error}") from None


def _folders(path: Path) -> list[Path]:
    return sorted(one for one in path.iterdir() if one.is_dir()) if path.is_dir() else []


def _no_near_miss(home: Path) -> None:
    """A misspelt file would silently change nothing: override.toml must not pass for overrides.toml."""
    known = ("packs", "knobs.toml", "overrides.toml", "texts", "workdays")
    for one in sorted(home.iterdir()) if home.is_dir() else []:
        near = get_close_matches(one.name.lower(), known, n=1, cutoff=0.85)
        if one.name not in known and near and one.suffix in ("", ".toml"):
            raise LawError(
                f"{one} 不会被读取；是不是想写 {near[0]}？请改名或移走",
                f"{one} is not read; did you mean {near[0]}? rename it or move it away",
            )


# --- own packs ------------------------------------------------------------------------------------------------------


def _own_packs(folder: Path) -> tuple[Regulation, ...]:
    taken = {one.id for one in shipped()}
    packs = []
    for one in _folders(folder):
        pack = read_pack(one, shipped=False)
        if pack.id in taken:
            raise LawError(
                f"{one / 'pack.toml'}：编号 {pack.id} 已被随附法规包占用；正式文本或自有法规包请另取编号",
                f"{one / 'pack.toml'}: {pack.id} is a shipped pack; give an adopted text or own pack an id of its own",
            )
        if pack.id != one.name:
            raise LawError(
                f"{one / 'pack.toml'}：编号 {pack.id!r} 与文件夹名 {one.name!r} 不一致；请改成一样",
                f"{one / 'pack.toml'}: id {pack.id!r} differs from the folder {one.name!r}; make them the same",
            )
        for duty in pack.duties:
            _check_duty(duty, pack, one / "duties.toml")
        packs.append(pack)
    return tuple(packs)


def _check_duty(duty: Duty, pack: Regulation, path: Path) -> None:
    if duty.regulation != pack.id:
        raise LawError(
            f"{path}：义务 {duty.id} 的编号要以 {pack.id}: 开头",
            f"{path}: the id of duty {duty.id} must begin with {pack.id}:",
        )
    for name, allowed in (
        ("obligor", Obligor),
        ("modality", Modality),
        ("severity", Severity),
        ("automation", Automation),
    ):
        _one_of(
            getattr(duty, name), get_args(allowed), f"{path}：义务 {duty.id}：{name}", f"{path}: duty {duty.id}: {name}"
        )


def _one_of(value: object, allowed: Iterable[str], zh: str, en: str) -> None:
    names = tuple(allowed)
    if value not in names:
        near = nearest(str(value), names)
        raise LawError(
            f"{zh} 不能是 {value!r}，可用：{'、'.join(names)}{near.zh}",
            f"{en} cannot be {value!r}; one of: {', '.join(names)}{near.en}",
        )


# --- knobs ----------------------------------------------------------------------------------------------------------


def _knobs(path: Path, regulations: set[str]) -> dict[str, Knob]:
    knobs = dict(shipped_knobs())
    for name, row in _flat(_toml(path), ""):
        if name not in knobs:
            near = nearest(name, knobs)
            raise LawError(
                f"{path}：没有参数 {name!r}{near.zh}；参数列在 hegui/law/knobs.toml",
                f"{path}: no knob {name!r}{near.en}; knobs are in hegui/law/knobs.toml",
            )
        place_zh, place_en = f"{path}：参数 {name}", f"{path}: knob {name}"
        author, reason = (_said(row, key, place_zh, place_en) for key in ("author", "reason"))
        value = _knob_value(row.get("value"), knobs[name], regulations, place_zh, place_en)
        _nothing_else(row, {"value", "author", "reason"}, place_zh, place_en)
        knobs[name] = replace(knobs[name], value=value, set_by=f"{author}：{reason}")
    return knobs


def _flat(rows: Mapping[str, Any], above: str) -> list[tuple[str, dict[str, Any]]]:
    """nag.hours = {…} is a table in a table in TOML; both that and "nag.hours" = {…} name the knob nag.hours."""
    found: list[tuple[str, dict[str, Any]]] = []
    for key, value in rows.items():
        name = f"{above}{key}"
        if isinstance(value, dict) and not {"value", "author", "reason"} & set(value):
            found += _flat(value, f"{name}.")
        else:
            found.append((name, value if isinstance(value, dict) else {"value": value}))
    return found


def _knob_value(value: Any, knob: Knob, regulations: set[str], zh: str, en: str) -> Value:
    if isinstance(value, date):
        value = value.isoformat()
    number = isinstance(knob.value, int | float) and not isinstance(knob.value, bool)
    if isinstance(knob.value, tuple):
        fits = isinstance(value, list) and all(one in knob.value for one in value)
        value = tuple(value) if fits else value
    elif number:
        fits = isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < math.inf
        if fits and isinstance(knob.value, int):
            fits, value = value == int(value), int(value)
    else:
        fits = type(value) is type(knob.value)
    if not fits:
        wanted = _wanted(knob.value)
        raise LawError(
            f"{zh} 的 value 是 {value!r}，应为{wanted.zh}（默认 {_plain(knob.value)}）",
            f"{en}: value is {value!r}, expected {wanted.en} (default {_plain(knob.value)})",
        )
    if knob.unit == "date" and value:
        _a_date(value, zh, en)
    if knob.name == "profile.primary":
        _one_of(value, sorted(regulations), zh, en)
    made: Value = value
    return made


def _wanted(default: Value) -> Words:
    if isinstance(default, tuple):
        return Words(f"列表，成员只能取自 {'、'.join(default)}", f"a list of some of {', '.join(default)}")
    if isinstance(default, bool):
        return Words("true 或 false", "true or false")
    if isinstance(default, int):
        return Words("不小于 0 的整数", "a whole number, not below 0")
    return Words("不小于 0 的数", "a number not below 0") if isinstance(default, float) else Words("文字", "text")


# --- overrides ------------------------------------------------------------------------------------------------------


def _overrides(path: Path, duties: dict[str, Duty]) -> tuple[Override, ...]:
    table = _toml(path)
    _nothing_else(table, {"override"}, str(path), str(path))
    rows = table.get("override", [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise LawError(f"{path}：每条写成一个 [[override]] 段", f"{path}: write each as a table [[override]]")
    made: list[Override] = []
    for number, row in enumerate(rows, 1):
        zh, en = f"{path}：第 {number} 条", f"{path}: override {number}"
        _nothing_else(row, {"duty", "field", "value", "author", "reason", "date"}, zh, en)
        name, field_name, author, reason = (_said(row, key, zh, en) for key in ("duty", "field", "author", "reason"))
        if name not in duties:
            near = nearest(name, duties)
            raise LawError(
                f"{zh}：没有义务 {name!r}{near.zh}；用 hegui law list 查看",
                f"{en}: no duty {name!r}{near.en}; see hegui law list",
            )
        _one_of(field_name, FIELDS, f"{zh}：field", f"{en}: field")
        value = _said(row, "value", zh, en)
        if field_name in ("severity", "obligor"):
            _one_of(value, get_args(Severity if field_name == "severity" else Obligor), f"{zh}：value", f"{en}: value")
        if any((one.duty, one.field) == (name, field_name) for one in made):
            raise LawError(
                f"{zh}：{name} 的 {field_name} 已改过一次", f"{en}: {field_name} of {name} is overridden twice"
            )
        on = row.get("date")
        on = on.isoformat() if isinstance(on, date) else _a_date(_said(row, "date", zh, en), zh, en)
        made.append(Override(name, field_name, value, _field(duties[name], field_name), author, reason, on))
    return tuple(made)


def _field(duty: Duty, name: str) -> str:
    part, _, language = name.partition(".")
    value = getattr(duty, part)
    return str(getattr(value, language) if language else value)


def _overridden(pack: Regulation, overrides: tuple[Override, ...]) -> Regulation:
    duties = []
    for duty in pack.duties:
        for one in overrides:
            if one.duty == duty.id:
                part, _, language = one.field.partition(".")
                value: Any = replace(getattr(duty, part), **{language: one.value}) if language else one.value
                changed: dict[str, Any] = {part: value}
                duty = replace(duty, **changed)
        duties.append(duty)
    return replace(pack, duties=tuple(duties))


def _said(row: Mapping[str, Any], key: str, zh: str, en: str) -> str:
    value = row.get(key)
    if not isinstance(value, str) or not value.strip():
        raise LawError(f"{zh} 缺少 {key}；请用文字写明", f"{en} lacks {key}; say it as text")
    return value.strip()


def _a_date(value: str, zh: str, en: str) -> str:
    try:
        return date.fromisoformat(value).isoformat()
    except ValueError:
        raise LawError(
            f"{zh}：{value!r} 不是日期；写成 2026-07-01", f"{en}: {value!r} is not a date; write 2026-07-01"
        ) from None


def _nothing_else(row: Mapping[str, Any], known: set[str], zh: str, en: str) -> None:
    for key in row:
        if key not in known:
            near = nearest(key, known)
            names = "、".join(sorted(known)), ", ".join(sorted(known))
            raise LawError(
                f"{zh}：不认得 {key!r}，可写 {names[0]}{near.zh}", f"{en}: unknown {key!r}; known: {names[1]}{near.en}"
            )


# --- texts and years ------------------------------------------------------------------------------------------------


def _texts(folder: Path) -> dict[str, OfficialText]:
    return {one.name: _read_text(one / "text.json") for one in _folders(folder) if (one / "text.json").exists()}


def _text_as_json(text: OfficialText) -> str:
    return json.dumps({"schema": "hegui/text@1", **asdict(text)}, ensure_ascii=False, indent=1) + "\n"


def _read_text(path: Path) -> OfficialText:
    from pydantic import TypeAdapter, ValidationError

    try:
        row = json.loads(path.read_text("utf-8"))
        if not isinstance(row, dict) or row.pop("schema", None) != "hegui/text@1":
            raise ValueError("schema is not hegui/text@1")
        return TypeAdapter(OfficialText).validate_python(row)
    except (OSError, ValueError, RecursionError, ValidationError) as error:
        first = str(error).splitlines()[0]
        raise LawError(
            f"{path} 读不出来（{first}）；请用 hegui law load 重新载入",
            f"{path} cannot be read ({first}); load the text again with: hegui law load FILE",
        ) from None


def _calendar(folder: Path) -> Calendar:
    calendar = shipped_calendar()
    for path in sorted(folder.glob("*.json")) if folder.is_dir() else []:
        year = read_year(path)
        if path.stem != str(year.year):
            raise LawError(
                f"{path}：文件名与其中的年份 {year.year} 不一致；请改名为 {year.year}.json",
                f"{path}: the name differs from the year {year.year} in it; rename it {year.year}.json",
            )
        calendar = calendar.with_year(year)
    return calendar
