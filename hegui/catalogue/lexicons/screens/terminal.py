"""What the screens of a terminal say: options of permission boxes, marks of sensors in use, records, switches, risks."""

import tomllib
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any, Final

from hegui.catalogue.lexicons.screens import asks_for

_HERE: Final = Path(__file__).parent


def groups_named(text: str) -> tuple[str, ...]:
    """Those of the ten permission groups that a text of the system names."""
    return tuple(sorted(set(asks_for(text)) & set(_words()["matrix"])))


def kinds_named(text: str) -> set[str]:
    """The kinds of article 32 a text names: permission groups, clipboard, device_id, app_list, self_start, linked_start."""
    said = text.casefold()
    named = {kind for kind, words in _words()["kinds"].items() if any(word in said for word in words)}
    return named | set(groups_named(text))


def options(texts: Iterable[str]) -> set[str]:
    """The finer grants that these texts of a box offer: once, in_use, approximate, selected."""
    said = "\n".join(texts).casefold()
    return {option for option, words in _words()["options"].items() if any(word in said for word in words)}


def unmet(group: str, offered: set[str]) -> list[list[str]]:
    """Of the finer grants that suit a group, those not offered; each as the options of which one would do."""
    return [several for several in _words()["matrix"][group] if not offered & set(several)]


def is_indicator(name: str, text: str) -> bool:
    """Whether a node of the status bar, by its resource id or its words, says that a sensor is in use."""
    return any(one in name for one in _words()["indicator"]["ids"]) or _any("indicator", text)


def is_status_bar(name: str, owner: str) -> bool:
    table = _words()["status_bar"]
    return owner in table["owners"] or any(name.startswith(one) for one in table["ids"])


def is_installer(owner: str, text: str) -> bool:
    return owner in _words()["installer"]["owners"] and _any("installer", text)


def is_record_page(text: str) -> bool:
    return _any("records", text)


def leads_to_settings(text: str) -> bool:
    return _any("shortcut", text)


def warns(group: str, text: str) -> str:
    """How a text warns of what comes with a permission group: "named" the harm, "vague" a risk of any kind, "" not."""
    if not _any("risk", text):
        return ""
    said = text.casefold()
    return "named" if any(word in said for word in _words()["harm"][group]) else "vague"


def _any(topic: str, text: str) -> bool:
    said = text.casefold()
    return any(word in said for word in _words()[topic]["any"])


@cache
def _words() -> dict[str, Any]:
    return tomllib.loads((_HERE / "terminal.toml").read_text("utf-8"))
