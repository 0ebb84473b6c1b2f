"""The SDKs a package brings, or is."""

from hegui.catalogue.pi_types import PI_TYPES
from hegui.catalogue.sdks import FUNC_CLASSES, sdks
from hegui.facts import Unread
from hegui.facts.package import CallSite, Sdk
from hegui.regulations.sdk_parties import needs_of, sdks_of
from tests.packages import package


def test_an_app_brings_those_embedded() -> None:
    one = Sdk("lantern-push", "灯笼推送（虚构）", "com.example.push", "1.2", "", 1.0, "push", True)
    assert sdks_of(package(sdks=(one,))) == (one,)
    assert sdks_of(package(sdks=Unread("NO_PACKAGE"))) == ()


def test_a_package_that_is_an_sdk_brings_itself() -> None:
    site = CallSite("x", None, None, "Lx;->y()V", "La;", "b()V", 0, "com.example.push")
    (one,) = sdks_of(package(platform="android-sdk", name="com.example", callsites=(site,), version_name=None))
    assert (one.sdk_id, one.name, one.func_class) == ("com.example.push", "com.example", "")
    assert one.version == Unread("SDK_VERSION_UNKNOWN")


def test_the_catalogue_knows_an_sdk_by_its_id_or_by_its_package() -> None:
    known = next(one for one in sdks() if one.func_class == "push" and one.prefixes)
    for origin in (known.id, known.prefixes[0].removesuffix(".")):
        site = CallSite("x", None, None, "Lx;->y()V", "La;", "b()V", 0, origin)
        (one,) = sdks_of(package(platform="android-sdk", callsites=(site,)))
        assert (one.name, one.func_class) == (known.name.zh, "push")


def test_the_table_of_needs_names_known_functions_and_kinds() -> None:
    families = {kind.partition(".")[0] for kind in PI_TYPES}
    for function in FUNC_CLASSES:
        assert (needs_of(function) or frozenset()) <= {*PI_TYPES, *families}, function
    assert needs_of("framework") is None
