"""Rules against package: every state both ways, parties, families, permissions, versions. All invented."""

from dataclasses import dataclass, replace
from typing import Any

import pytest

from hegui.facts import Facts, Stage, Unread
from hegui.facts.package import CallSite, Flags, Permission, Sdk
from hegui.facts.policy import Policy, Stated, StatedPermission, StatedSdk, StatedType
from hegui.facts.queries.consistency import Consistency, consistency, covers, version_agrees
from tests.packages import facts_of, package
from tests.policies import policy, span


@dataclass(frozen=True)
class Known:
    """A call as a catalogue would know it."""

    id: str
    pi_type: str
    kind: str = "method"
    act: str = "read"
    weak: bool = False
    until: int | None = None
    permissions: tuple[tuple[str, ...], ...] = ()


APIS = (
    Known("clip", "clipboard"), Known("apps", "app_list"), Known("imei", "device_id.imei"), Known("mac", "device_id.mac"),
    Known("gps", "location.precise", permissions=(("android.permission.ACCESS_FINE_LOCATION",),)),
    Known("cells", "location.coarse"), Known("serial", "device_id.serial", until=28), Known("model", "model"),
    Known("pick", "photo", kind="intent", weak=True), Known("service", "device_id.imei", kind="service", weak=True),
    Known("album", "photo"),
)  # fmt: skip
OPEN = Flags(packed=False, packer=None, dyn_code=False, native_libs=(), obfuscation=0.0)
PUSH = Sdk("com.push", "示例推送", "com/push", "3.2.1", "constant", 1.0, "push", True)
TEXT = "我们收集设备标识、剪切板。我们不会读取应用列表。示例推送 3.2 设备标识。示例广告 com.example.ads 位置。"


def site(api: str, origin: str = "app", cls: str = "Lcom/example/lantern/A;", **more: Any) -> CallSite:
    kind = next(one.pi_type for one in APIS if one.id == api)
    made = CallSite(
        api, kind, None, "Lx;->y()V", cls, "a()V", 3, origin, ("component", "Lx;->m()V"), at=f"classes.dex@{api}"
    )
    return replace(made, **more)


def held(sites: tuple[CallSite, ...] | Unread, rules: Policy, **pkg: Any) -> Consistency:
    made = package(**({"flags": OPEN, "sdks": (), "callsites": sites, "unowned_code": ()} | pkg))
    found = consistency(facts_of(made, policy=rules), APIS, ("model",))
    assert isinstance(found, Consistency)
    return found


def states(found: Consistency) -> dict[tuple[str, str], str]:
    assert isinstance(found.cells, tuple)
    return {(one.type, one.party): one.state for one in found.cells}


def stated(type_: str, words: str = "设备标识", **more: Any) -> StatedType:
    return StatedType(type_, said=words, span=span(policy(TEXT), words), **more)


def denies(*values: str) -> tuple[Stated, ...]:
    return tuple(Stated(one, span(policy(TEXT), "我们不会读取应用列表。")) for one in values)


@pytest.mark.parametrize(
    ("sites", "parts", "expected"),
    [
        (("clip",), {"types": (stated("clipboard", "剪切板"),)}, {("clipboard", "app"): "agrees"}),
        (("clip",), {}, {("clipboard", "app"): "unstated"}),
        (("apps",), {"negatives": denies("collect:app_list")}, {("app_list", "app"): "contradicted"}),
        (("apps",), {"negatives": denies("upload:app_list")}, {("app_list", "app"): "unstated"}),
        ((), {"negatives": denies("collect:app_list")}, {("app_list", "app"): "denied"}),
        ((), {"types": (stated("clipboard"),)}, {("clipboard", "app"): "unseen"}),
        ((), {"types": (stated("account.id_number"),)}, {("account.id_number", "app"): "unshown"}),
        (("model",), {"types": (stated("model"),)}, {}),
        (("imei",), {"types": (stated("device_id"),)}, {("device_id.imei", "app"): "general"}),
        ((), {"types": (stated("device_id"),)}, {("device_id", "app"): "unseen"}),
        (("mac",), {"types": (stated("device_id.imei"),)},
         {("device_id.imei", "app"): "unseen", ("device_id.mac", "app"): "unstated"}),
        (("cells",), {"types": (stated("location.precise", conf=0.75),)}, {("location.coarse", "app"): "general"}),
        (("cells",), {"types": (stated("location.precise"),)},
         {("location.coarse", "app"): "agrees", ("location.precise", "app"): "unseen"}),
        (("gps",), {"types": (stated("location.coarse"),), "perms": ("ACCESS_FINE_LOCATION",)},
         {("location.coarse", "app"): "unseen", ("location.precise", "app"): "unstated"}),
        (("imei",), {"negatives": denies("collect:device_id")}, {("device_id.imei", "app"): "contradicted"}),
        (("clip",), {"negatives": denies("collect:")}, {("clipboard", "app"): "contradicted"}),
        (("clip",), {"negatives": denies("collect:"), "types": (stated("clipboard"),)}, {("clipboard", "app"): "agrees"}),
    ],
    ids=[
        "both say so", "only the code", "denied and seen", "not uploaded is not denied", "denied and not seen",
        "only the text", "typed in by the user", "a weak trait is no row", "a family stated", "a family not seen",
        "one kind is not another", "general words for location", "more than is read", "rough is not exact",
        "a family denied", "nothing collected at all", "nothing collected, then a list",
    ],
)  # fmt: skip
def test_the_states(sites: tuple[str, ...], parts: dict[str, Any], expected: dict[tuple[str, str], str]) -> None:
    perms = tuple(Permission(f"android.permission.{one}", "location", True) for one in parts.pop("perms", ()))
    found = held(tuple(site(one) for one in sites), policy(TEXT, **parts), permissions=perms)
    assert states(found) == expected


@pytest.mark.parametrize(
    ("one", "party"),
    [
        (site("clip", reach=("unreached",)), "app"),
        (site("clip", origin="library"), "unknown"),
        (site("gps"), "app"),
        (site("serial"), "app"),
    ],
    ids=["no path", "a library's own", "permission not asked for", "gone from the platform"],
)
def test_code_that_may_never_run_is_told_apart(one: CallSite, party: str) -> None:
    assert states(held((one,), policy(TEXT), min_sdk=30)) == {(one.pi_type, party): "doubtful"}


def test_what_the_user_picks_agrees_with_rules_that_say_so_and_accuses_nobody() -> None:
    assert states(held((site("pick"),), policy(TEXT))) == {("photo", "app"): "doubtful"}
    assert states(held((site("pick"),), policy(TEXT, types=(stated("photo"),)))) == {("photo", "app"): "agrees"}
    assert states(held((site("service"),), policy(TEXT))) == {}


def test_an_sdk_is_held_against_its_own_row_and_the_app_against_its_own_words() -> None:
    row = StatedSdk(
        "示例推送", sdk_id="com.push", types=("device_id",), span=span(policy(TEXT), "示例推送 3.2 设备标识")
    )
    rules = policy(TEXT, sdks=(row,), types=(stated("clipboard", "剪切板"),))
    found = held((site("imei", "com.push"), site("clip", "com.push"), site("imei")), rules, sdks=(PUSH,))
    assert states(found) == {
        ("device_id.imei", "com.push"): "general",
        ("clipboard", "com.push"): "unstated",
        ("device_id.imei", "app"): "unstated",
        ("clipboard", "app"): "unseen",
    }
    clip, imei = found.cell("clipboard", "com.push"), found.cell("device_id.imei", "app")
    assert clip is not None
    assert imei is not None
    assert [(party, rules.said(one.span)) for party, one in clip.elsewhere if one.span] == [("app", "剪切板")]
    assert [party for party, _ in imei.elsewhere] == ["com.push"]


def test_a_denial_of_the_operator_stands_beside_the_sdk_that_reads_unless_its_row_says_so() -> None:
    denial = denies("collect:app_list")
    silent, telling = (
        StatedSdk("示例推送", sdk_id="com.push"),
        StatedSdk("示例推送", sdk_id="com.push", types=("app_list",)),
    )
    for row, expected in ((silent, "contradicted"), (telling, "agrees")):
        found = held((site("apps", "com.push"),), policy(TEXT, sdks=(row,), negatives=denial), sdks=(PUSH,))
        assert states(found)["app_list", "com.push"] == expected


def test_rules_of_two_minds_say_so() -> None:
    rules = policy(TEXT, types=(stated("app_list"),), negatives=denies("collect:app_list"))
    cell = held((site("apps"),), rules).cell("app_list", "app")
    assert cell is not None
    assert (cell.state, cell.two_minded) == ("agrees", True)


def test_code_of_unknown_owner_belongs_to_the_sdk_whose_package_the_rules_give() -> None:
    row = StatedSdk("示例广告", package="包名 com.example.ads", types=("location",), version="1.0")
    under = site("clip", "unknown", "Lcom/example/ads/in/A;")
    found = held((under, site("clip", "unknown", "Lcom/example/adsother/A;")), policy(TEXT, sdks=(row,)))
    assert states(found) == {
        ("clipboard", "示例广告"): "unstated",
        ("clipboard", "unknown"): "unstated",
        ("location", "示例广告"): "unseen",
    }
    (party,) = [one for one in found.parties if one.kind == "sdk"]
    assert party.by_rules
    assert isinstance(found.sdks, tuple)
    assert [(one.state, one.version) for one in found.sdks] == [("agrees", "unread")]


def test_an_sdk_that_is_only_named_explains_code_of_unknown_owner() -> None:
    row = StatedSdk("示例广告", types=("clipboard",))
    found = held((site("clip", "unknown", "La/b;"),), policy(TEXT, sdks=(row,)))
    assert states(found) == {("clipboard", "示例广告"): "unseen", ("clipboard", "unknown"): "agrees"}


@pytest.mark.parametrize(
    ("row", "pair"),
    [
        (StatedSdk("A", sdk_id="com.push"), True),
        (StatedSdk("A", sdk_id="com.push.core"), True),
        (StatedSdk("A", sdk_id="com.pushy"), False),
        (StatedSdk("A", package="com.push.android"), True),
        (StatedSdk("示例推送"), True),
        (StatedSdk("示例推送", sdk_id="com.other"), False),
    ],
    ids=["same id", "a part of it", "another id", "package below", "same name", "same name, other id"],
)
def test_which_row_is_about_which_sdk(row: StatedSdk, pair: bool) -> None:
    found = held((), policy(TEXT, sdks=(row,)), sdks=(PUSH,))
    assert isinstance(found.sdks, tuple)
    expected = [("com.push", "agrees")] if pair else [("com.push", "unstated"), (row.sdk_id or row.name, "unseen")]
    assert [(one.party.id, one.state) for one in found.sdks] == expected


@pytest.mark.parametrize(
    ("stated_version", "version", "expected"),
    [("3.2.1", "3.2.1", "same"), ("3.2", "3.2.1", "same"), ("2.9", "3.2.1", "differs"), (None, "3.2.1", "unstated"),
     ("3.2.1", Unread("SDK_VERSION_UNKNOWN"), "unread"), ("3.0 及以上", "3.2.1", "same")],
)  # fmt: skip
def test_versions(stated_version: str | None, version: str | Unread, expected: str) -> None:
    row = StatedSdk("示例推送", sdk_id="com.push", version=stated_version)
    found = held((), policy(TEXT, sdks=(row,)), sdks=(replace(PUSH, version=version),))
    assert isinstance(found.sdks, tuple)
    assert [one.version for one in found.sdks] == [expected]


def test_a_shorter_number_is_the_same_version_only_at_a_dot() -> None:
    assert version_agrees("1.2", "1.2.3")
    assert not version_agrees("1.2", "1.20")


def test_permissions_both_ways() -> None:
    asked = (
        Permission("android.permission.CAMERA", "camera", True),
        Permission("android.permission.READ_SMS", "sms", True),
        Permission("android.permission.INTERNET", None, False),
        Permission("android.permission.VIBRATE", None, False),
    )
    named = (
        StatedPermission("camera", group="camera"),
        StatedPermission("android.permission.INTERNET"),
        StatedPermission("location", group="location"),
    )
    found = held((), policy(TEXT, permissions=named), permissions=asked)
    assert isinstance(found.permissions, tuple)
    assert {one.key: one.state for one in found.permissions} == {
        "camera": "agrees", "sms": "unstated", "INTERNET": "agrees", "location": "unseen",
    }  # fmt: skip


def test_covers() -> None:
    assert covers("device_id", "device_id.mac") == "generally"
    assert covers("device_id.mac", "device_id") == ""
    assert covers("", "sms") == "generally"
    assert covers("device", "device_id.mac") == ""


def test_an_sdk_given_alone_is_the_party_its_own_rules_speak_of() -> None:
    found = held((site("clip", "com.push"),), policy(TEXT, types=(stated("clipboard"),)), platform="android-sdk")
    assert states(found) == {("clipboard", "app"): "agrees"}


def test_what_was_not_read_stays_unread_and_what_hides_code_is_told() -> None:
    none = Unread("PLATFORM_UNSUPPORTED")
    assert consistency(facts_of(package()), APIS, ()) == Unread("NO_POLICY")
    assert consistency(Facts((), (), policy=policy(TEXT)), APIS, ()) == Unread("NO_PACKAGE")
    found = held(none, policy(TEXT), sdks=none, permissions=none, flags=replace(OPEN, packed=True))
    assert (found.cells, found.sdks, found.permissions) == (none, none, none)
    assert found.hidden == ("PACKED",)
    assert found.whole
    cut = facts_of(package(callsites=()), policy=policy(TEXT))
    partial = consistency(replace(cut, stages=(Stage("policy document rules.txt", "partial", "TIMEOUT"),)), APIS, ())
    assert isinstance(partial, Consistency)
    assert not partial.whole


def test_the_order_does_not_depend_on_that_of_the_sites() -> None:
    sites = (site("clip"), site("apps", "com.push"), site("imei"))
    one, other = (held(some, policy(TEXT), sdks=(PUSH,)) for some in (sites, sites[::-1]))
    assert states(one) == states(other)
    assert list(states(one)) == list(states(other))


def test_a_package_with_much_of_everything_takes_no_square_time() -> None:
    """The work grows with kinds and parties, not with sites times sentences."""
    many = tuple(site("clip", f"sdk{one % 100}", f"Lsdk{one % 100}/A;") for one in range(5000))
    sdks = tuple(replace(PUSH, sdk_id=f"sdk{one}", pkg_prefix=f"sdk{one}", name=f"S{one}") for one in range(100))
    rules = policy(TEXT, types=tuple(stated("clipboard") for _ in range(2000)))
    found = held(many, rules, sdks=sdks)
    assert len(states(found)) == 101
