"""When the set of permissions is closed, and what leaves it open."""

from typing import Any

import pytest

from hegui.facts import Unread
from hegui.facts.queries.closed_world import open_doors
from tests.packages import package

OPEN: dict[str, tuple[dict[str, Any], str]] = {
    "a manifest that was not read": ({"components": Unread("NO_PACKAGE", "cut short")}, "manifest not fully read"),
    "a shared user": ({"shared_user_id": "com.example.shared"}, "sharedUserId=com.example.shared"),
    "a plugin host": (
        {"plugin_hosts": ("RePlugin",)},
        "components of the plugin host RePlugin",
    ),
    "a split that was not given": ({"splits": ("base__abi",)}, "required split not given: base__abi"),
    "a split that cannot be read": (
        {"splits": ("split_lens.apk (cannot be read)",), "parts": ("base.apk",)},
        "required split not given: split_lens.apk (cannot be read)",
    ),
}


@pytest.mark.parametrize("what", OPEN)
def test_a_door_is_open_with(what: str) -> None:
    fields, says = OPEN[what]
    (door,) = open_doors(package(**fields))
    assert door.startswith(says)


def test_all_doors_are_closed_when_every_part_is_there() -> None:
    assert open_doors(package()) == ()
    assert open_doors(package(parts=("base.apk", "split_lens.apk"))) == ()
