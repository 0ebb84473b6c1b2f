"""Which sites count, what speaks against counting one, and how they are said."""

from dataclasses import replace
from typing import Any

import pytest

from hegui.catalogue.apis import entry
from hegui.facts import Unread
from hegui.facts.package import CallSite, Package
from hegui.regulations.reads import doubt, reads, why
from tests.packages import package
from tests.regulations.test_cases import asks


def site(api: str, **changes: Any) -> CallSite:
    known = entry(api)
    assert known is not None
    reach = ("component", "Lcom/example/lantern/Main;->onClick()V")
    made = CallSite(api, known.pi_type, known.perm_group, known.targets[0], "La;", "b()V", 3, "app", reach)
    return replace(made, **changes)


def doubted(one: CallSite, *permissions: str, **changes: Any) -> str:
    pkg: Package = package(permissions=tuple(map(asks, permissions)), callsites=(one,), **changes)
    found = doubt(pkg, one)
    return found.en if found else ""


DOUBTS: dict[str, tuple[str, str]] = {
    "a call": ("", doubted(site("app_list.packages"))),
    "a library's own act": ("a common library's own code", doubted(site("app_list.packages", origin="library"))),
    "a dead call": ("no path to it was found", doubted(site("app_list.packages", reach=("unreached",)))),
    "a call not permitted": ("READ_CONTACTS is not asked for, so the system refuses", doubted(site("contacts.people"))),
    "a call permitted": ("", doubted(site("contacts.people"), "READ_CONTACTS")),
    "a set of permissions not read": ("", doubted(site("contacts.people"), components=Unread("NO_PACKAGE"))),
    "an SDK's, which the app permits": ("", doubted(site("contacts.people"), platform="android-sdk")),
    "a scan, once free": ("", doubted(site("wifi.ssid"), min_sdk=21)),
    "a scan, now permitted only": (
        "ACCESS_WIFI_STATE is not asked for, so the system refuses",
        doubted(site("wifi.ssid"), min_sdk=30),
    ),
    "what no device gives": ("not given to ordinary apps from API 28", doubted(site("id.serial_field"), min_sdk=28)),
    "what old ones give": ("", doubted(site("id.serial_field"), min_sdk=27)),
    "a question about few": ("it may be about single apps only", doubted(site("app_list.query_services"))),
    "the own processes": ("just its own processes and tasks since Android 5.1", doubted(site("running.processes"))),
    "just the object": ("only the object; what is read of it, later calls tell", doubted(site("wifi.connection"))),
    "a row of a user's file": ("", doubted(replace(site("app_list.packages"), api="user.added"))),
}


@pytest.mark.parametrize("what", DOUBTS)
def test_a_site_is_doubted(what: str) -> None:
    expected, said = DOUBTS[what]
    assert said == expected


def test_what_prepares_hints_or_is_weak_is_no_reading() -> None:
    weak, sends, trait = site("clipboard.has"), site("sms.send"), site("trait.model")
    counts = site("clipboard.read")
    assert reads(package(callsites=(weak, sends, trait, counts))) == (counts,)
    assert reads(package(callsites=Unread("NO_PACKAGE"))) == ()


def test_the_party_is_given_with_the_reason_and_with_who_sets_it_off() -> None:
    of_sdk = site(
        "clipboard.read", origin="lantern-push", why_origin="class a stands under lantern-push", started_by="app"
    )
    assert why(of_sdk).en == "class a stands under lantern-push; the example path enters by the app itself"
    assert why(replace(of_sdk, started_by="lantern-push")).en == "class a stands under lantern-push"
    assert why(replace(of_sdk, why_origin="")).en == "the package audited is this SDK itself"
