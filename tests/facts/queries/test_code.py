"""How far "not found in the code" may be trusted, and when a site runs."""

from typing import Any

import pytest

from hegui.facts import Unread
from hegui.facts.package import CallSite, Flags, NativeLibrary
from hegui.facts.queries.code import as_it_opens, at_startup, by_actor_and_type, hidden_by, unreached
from tests.packages import package

_WHOLE: dict[str, Any] = {"packed": False, "packer": None, "dyn_code": False, "native_libs": (), "obfuscation": 0.0}
_LIBRARY = NativeLibrary("arm64-v8a", "liblantern.so", 1)

HIDING: dict[str, tuple[dict[str, Any], tuple[str, ...]]] = {
    "nothing": ({}, ()),
    "a packer": ({"packed": True}, ("PACKED",)),
    "code from elsewhere": ({"dyn_code": True}, ("DYN_CODE",)),
    "a native library": ({"native_libs": (_LIBRARY,)}, ("DYN_CODE",)),
    "reflection": ({"reflection": 3}, ("DYN_CODE",)),
    "both": ({"packed": True, "dyn_code": True}, ("PACKED", "DYN_CODE")),
    "what nobody looked at": (
        {"packed": Unread("PLATFORM_UNSUPPORTED"), "dyn_code": Unread("PLATFORM_UNSUPPORTED")},
        ("PLATFORM_UNSUPPORTED",),
    ),
}


@pytest.mark.parametrize("what", HIDING)
def test_code_is_hidden_by(what: str) -> None:
    changes, codes = HIDING[what]
    assert hidden_by(package(flags=Flags(**(_WHOLE | changes)))) == codes


def site(origin: str, kind: str | None, *reach: str) -> CallSite:
    return CallSite("x", kind, None, "Lx;->y()V", "La;", "b()V", 0, origin, reach)


def test_sites_are_told_apart_by_when_they_run() -> None:
    start, opening, later, never = (
        site("app", None, when) for when in ("startup", "launcher", "component", "unreached")
    )
    sites = (start, opening, later, never, site("app", None))
    assert at_startup(sites) == (start,)
    assert as_it_opens(sites) == (opening,)
    assert [unreached(one) for one in sites] == [False, False, False, True, True]


def test_groups_stand_in_the_order_of_party_and_kind() -> None:
    one, two, three = site("b", "sms"), site("a", "sms"), site("b", "photo")
    assert list(by_actor_and_type((one, two, three))) == [("a", "sms"), ("b", "photo"), ("b", "sms")]
