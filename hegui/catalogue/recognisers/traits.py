"""Common traits of a device (弱特征): model, language, screen and the like. Never a finding alone, so they are kept apart.

The whole name of a field must be one that is used for the trait, and the value must have its form: `car_model` is no model
of a phone, `lang=zh` is a language and `lang=null` is nothing.
"""

import re
from functools import cache, lru_cache
from ipaddress import ip_address
from typing import Any

from hegui.catalogue.recognisers.keys import pieces_of, table

_NOTHING = {"", "0", "null", "none", "nil", "unknown", "undefined", "n/a", "-"}
_LONGEST = 60
_TEXT = re.compile(r"[^\W\d_][^{}\[\]\"]*|\d+[A-Za-z][^{}\[\]\"]*")
_FORMS = {
    "model": _TEXT,
    "brand": _TEXT,
    "os_version": re.compile(r"(?:Android|iOS|HarmonyOS)?\s?\d{1,3}(?:\.\d{1,4}){0,3}", re.IGNORECASE),
    "language": re.compile(r"[A-Za-z]{2,3}(?:[-_#][A-Za-z\d]{2,8}){0,3}"),
    "screen": re.compile(r"\d{1,5}(?:\.\d{1,8})?(?:\s?[xX*,×]\s?\d{1,5}(?:\.\d{1,8})?)?"),
    "timezone": re.compile(
        r"(?:GMT|UTC)?[+-]\d{1,2}(?::?\d{2})?|[A-Z][A-Za-z]{2,12}/[A-Z]\w{2,20}|[+-]?\d{1,6}|[A-Z]{3,4}"
    ),
    "network_type": re.compile(r"[^\W\d_][^{}\[\]\"]*|[2345]G?|\d{3}|\d{5,6}", re.IGNORECASE),
}
# A name as short as `net` may mean anything; these values under it do not.
_NETWORKS = re.compile(r"wi-?fi|mobile|cellular|wwan|[2345]g|lte|nr|ethernet", re.IGNORECASE)
_SWITCH = re.compile(r"true|false|0|1")


def trait(key: str, value: str, place: int = -1) -> str:
    """The trait that a field tells, as in WEAK_TRAITS, or "". `place` is that of a value in a list without names."""
    kinds = _kinds(key, place >= 0)
    kind = kinds[max(place, 0)] if max(place, 0) < len(kinds) else ""
    if not kind or len(value) > _LONGEST or value.strip().lower() in _NOTHING:
        return ""
    return kind.partition(":")[0] if _fits(kind, value.strip()) else ""


@lru_cache(maxsize=4096)
def _kinds(key: str, listed: bool) -> tuple[str, ...]:
    """What a name may tell: by place for a list without names, else one kind; () for most names."""
    name = "".join(pieces_of(key))
    if listed:
        return _positions().get(name, ())
    return (_names()[name],) if name in _names() else ()


def _fits(kind: str, value: str) -> bool:
    if kind == "ip":
        return _is_address(value)
    if kind == "network_type:named":
        return bool(_NETWORKS.fullmatch(value))
    if kind == "network_type:switch":
        return bool(_SWITCH.fullmatch(value))
    return bool(_FORMS[kind].fullmatch(value))


def _is_address(value: str) -> bool:
    try:
        address = ip_address(value)
    except ValueError:
        return False
    return not (address.is_unspecified or address.is_loopback)


@cache
def _names() -> dict[str, str]:
    found: dict[str, Any] = table()["traits"]
    return {name: kind for kind, names in found.items() for name in names}


@cache
def _positions() -> dict[str, tuple[str, ...]]:
    return {name: tuple(kinds) for name, kinds in table()["positions"].items()}
