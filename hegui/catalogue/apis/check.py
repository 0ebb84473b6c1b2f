"""The linter of the API catalogue: faults in the entries themselves, which no package is needed to see."""

import re
from collections.abc import Iterable
from datetime import date

from hegui.catalogue.apis.api import ACTS, KINDS, PI_TYPES, WEAK_PI_TYPES, Api, Carrier, apis, carriers
from hegui.catalogue.permissions import GROUPS

_TYPE = r"\[*(?:[ZBSCIJFD]|L[\w/$-]+;)"
_METHOD = re.compile(rf"L[\w/$-]+;->(?:[\w$]+|<init>)\((?:{_TYPE})*\)(?:V|{_TYPE})")
_FIELD = re.compile(rf"L[\w/$-]+;->[\w$]+:{_TYPE}")
_CONSTANT = {
    "uri": re.compile(r"content://[\w.-]+(?:/[\w./-]*[\w-])?"),
    "settings_key": re.compile(r"(?:secure|system|global)/\w+"),
    "intent": re.compile(r"[\w.]+"),
    "service": re.compile(r"\w+|L[\w/$]+;"),
    "property": re.compile(r"[\w.-]+"),
    "path": re.compile(r"/[\w./-]+"),
    "command": re.compile(r"[\w./ -]+"),
}
_ID = re.compile(r"[a-z0-9_]+\.[a-z0-9_]+")


def check(entries: Iterable[Api] | None = None, through: Iterable[Carrier] | None = None) -> tuple[str, ...]:
    """Faults, one line each; () when there is none. Without arguments, those of the shipped catalogue."""
    entries = apis() if entries is None else tuple(entries)
    through = carriers() if through is None else tuple(through)
    faults: list[str] = []
    ids: set[str] = set()
    owners: dict[str, Api] = {}
    for api in entries:
        if api.id in ids:
            faults.append(f"{api.id}: id used twice / 编号重复")
        ids.add(api.id)
        faults += [f"{api.id}: {fault}" for fault in _faults(api)]
        for target in api.targets:
            other = owners.setdefault(f"{api.kind} {target}", api)
            if other is not api and (other.argument == api.argument):
                faults.append(f"{api.id}: {target} stands under {other.id} too / 同一目标见于两条")
    for carrier in through:
        if carrier.kind not in _CONSTANT or not _METHOD.fullmatch(carrier.target):
            faults.append(f"carriers.toml: {carrier.kind} {carrier.target}: not a carrier / 不是合格的去处")
        elif carrier.argument >= _parameters(carrier.target):
            faults.append(f"carriers.toml: {carrier.target} has no parameter {carrier.argument} / 没有这个参数")
    return tuple(faults)


def _faults(api: Api) -> list[str]:
    found = []
    if not _ID.fullmatch(api.id):
        found.append("an id is family.name in small letters / 编号须为小写的 家族.名称")
    if api.kind not in KINDS:
        found.append(f"unknown kind {api.kind!r} / 未知种类")
    if api.act not in ACTS:
        found.append(f"unknown act {api.act!r} / 未知行为")
    if api.pi_type and api.pi_type not in PI_TYPES + WEAK_PI_TYPES:
        found.append(f"unknown pi_type {api.pi_type!r} / 未知个人信息种类")
    if api.pi_type in WEAK_PI_TYPES and not api.weak:
        found.append(f"{api.pi_type} is a weak trait, so weak = true / 弱特征须标 weak")
    if not api.pi_type and api.act in ("read", "listen") and api.note is None:
        found.append("reads something without a pi_type: a note must say why / 无 pi_type 的读取须有说明")
    if api.perm_group and api.perm_group not in GROUPS:
        found.append(f"unknown permission group {api.perm_group!r} / 未知权限组")
    if api.until is not None and api.until < api.since:
        found.append(f"until {api.until} is before since {api.since} / 止于起点之前")
    if not api.source:
        found.append("no source / 缺出处")
    if not _is_date(api.checked):
        found.append(f"checked = {api.checked!r} is not a date / 不是日期")
    if not (api.name.zh and api.name.en):
        found.append("no name in both languages / 缺双语名称")
    if not api.targets or len(set(api.targets)) != len(api.targets):
        found.append("targets are missing or repeated / 目标缺失或重复")
    pattern = {"method": _METHOD, "field": _FIELD}.get(api.kind) or _CONSTANT.get(api.kind)
    if pattern:
        found += [f"{one!r} is not a {api.kind} / 写法不合" for one in api.targets if not pattern.fullmatch(one)]
    if api.argument and any(api.argument.index >= _parameters(one) for one in api.targets):
        found.append(f"a target has no parameter {api.argument.index} / 目标没有这个参数")
    if set(api.unverified) - set(api.targets):
        found.append("unverified names what is no target / unverified 中有非目标")
    return found


def _parameters(method: str) -> int:
    return len(re.findall(_TYPE, method[method.index("(") + 1 : method.rindex(")")])) if "(" in method else 0


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except (TypeError, ValueError):
        return False
