"""Which entry of the SDK catalogue a row of the rules is about: by package, then by name, with the operator deciding."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import replace
from functools import cache

from hegui.catalogue.lexicons import sdk_words
from hegui.catalogue.sdks import catalogue, sdks
from hegui.facts.policy import StatedSdk

_PACKAGE = re.compile(r"[a-zA-Z]\w*(?:\.\w+)+")

# Words around a name that tell nothing of which product it is. What tells the product (统计, 推送) is not among them:
# 极光统计 is not 极光.
_NEUTRAL = re.compile(
    r"软件开发工具包|开发者工具包|软件开发包|开放平台|开发平台|客户端|移动端|安卓|第三方|国内版|基础版|服务|平台|组件|插件|模块|功能"
    r"|官方|sdk|android|for|the|library|lib|app|版|库|端"
)
_NO_WORD = re.compile(r"[\W_]+")
_BRACKETED = re.compile(r"[(（\[【][^)）\]】]*[)）\]】]")
_COMPANY = re.compile(r"\(.*?\)|（.*?）|股份有限公司|有限责任公司|有限公司|集团|公司|inc|ltd|llc|co|corporation|[\W_]+")
# An operator's name shorter than this, once its legal form is cut off, is too short to be looked for in another.
_SHORTEST_OPERATOR = 3
_SHORTEST_NAME = 2


def match_sdks(rows: Iterable[StatedSdk]) -> tuple[StatedSdk, ...]:
    """The rows with `sdk_id` filled where package, name or operator lead to one entry; None where to none or to several."""
    return tuple(replace(row, sdk_id=sdk_of(row)) for row in rows)


def sdk_of(row: StatedSdk) -> str | None:
    """The id of the catalogue's entry a row is about."""
    return _one(_by_package(row.package or "") or _by_package(row.name)) or _by_name(row)


def _one(ids: Iterable[str]) -> str | None:
    known = set(ids)
    return known.pop() if len(known) == 1 else None


def _by_package(text: str) -> set[str]:
    found = set()
    for package in _PACKAGE.findall(text):
        # A class of that package: the longest prefix of the catalogue speaks.
        if (one := catalogue().by_class(package.rstrip(".") + ".Any")) is not None:
            found.add(one.id)
    return found


def _by_name(row: StatedSdk) -> str | None:
    names = _index()
    for name in _forms(row.name):
        ids = names.get(name, frozenset())
        if len(ids) > 1:
            ids = frozenset(one for one in ids if _same_operator(row.operator, one))
        if ids:
            return _one(ids)
    # A longer name that holds one of the catalogue's, where the row's operator is that SDK's too.
    whole = _plain(row.name)
    held = {one: ids for one, ids in names.items() if len(one) > _SHORTEST_NAME and one in whole}
    longest = max(map(len, held), default=0)
    near = {id_ for one, ids in held.items() if len(one) == longest for id_ in ids}
    return _one(one for one in near if _same_operator(row.operator, one))


def _forms(name: str) -> list[str]:
    """The ways a name may be meant, the fullest first: whole, without neutral words, without or within brackets."""
    whole = unicodedata.normalize("NFKC", name).lower()
    outside = _BRACKETED.sub(" ", whole)
    inside = re.findall(r"[(（\[【]([^)）\]】]+)[)）\]】]", whole)
    forms = []
    for one in (whole, outside, *inside):
        forms += [_plain(one), _plain(_NEUTRAL.sub(" ", one))]
    return [one for one in dict.fromkeys(forms) if len(one) >= _SHORTEST_NAME]


def _plain(name: str) -> str:
    return _NO_WORD.sub("", unicodedata.normalize("NFKC", name).lower())


@cache
def _index() -> dict[str, frozenset[str]]:
    """Every name and alias, without what is neutral, with the ids it stands for."""
    ids: dict[str, set[str]] = {}
    for one in sdks():
        for name in (one.name.zh, one.name.en):
            for form in _forms(name):
                ids.setdefault(form, set()).add(one.id)
    for alias, id_ in sdk_words().items():
        # An alias was written down for this SDK on purpose; it decides where several are called so.
        ids[_plain(alias)] = {id_}
    return {name: frozenset(some) for name, some in ids.items() if len(name) >= _SHORTEST_NAME}


def _same_operator(stated: str | None, id_: str) -> bool:
    known = catalogue().get(id_)
    if not stated or known is None or not known.operator:
        return False
    one, other = _company(stated), _company(known.operator)
    shorter = min(one, other, key=len)
    return len(shorter) >= _SHORTEST_OPERATOR and (one in other or other in one)


def _company(name: str) -> str:
    return _COMPANY.sub("", unicodedata.normalize("NFKC", name).lower())
