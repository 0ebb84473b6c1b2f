"""Which permissions can matter on a device the package installs on."""

from hegui.facts.package import Permission
from hegui.facts.queries import permissions as held
from tests.packages import package

CAMERA = Permission("android.permission.CAMERA", "camera", True)
OLD = Permission("android.permission.READ_SMS", "sms", True, max_sdk=22)
ADDED = Permission("android.permission.READ_MEDIA_IMAGES", "storage", True, origin="implied")
PLAIN = Permission("android.permission.INTERNET", None, False)


def test_a_permission_limited_below_the_lowest_level_never_takes_effect() -> None:
    assert held.effective(package(permissions=(CAMERA, OLD), min_sdk=23)) == (CAMERA,)
    assert held.effective(package(permissions=(CAMERA, OLD), min_sdk=22)) == (CAMERA, OLD)


def test_what_the_platform_adds_takes_effect_but_is_nobodys_request() -> None:
    pkg = package(permissions=(CAMERA, ADDED, PLAIN))
    assert held.effective(pkg) == (CAMERA, ADDED, PLAIN)
    assert held.asked(pkg) == (CAMERA, PLAIN)
    assert held.dangerous(pkg) == (CAMERA,)


def test_permissions_are_picked_by_name_and_by_group() -> None:
    both = (CAMERA, ADDED)
    assert held.named(both, "android.permission.CAMERA") == (CAMERA,)
    assert held.in_groups(both, "storage") == (ADDED,)
    assert held.short(CAMERA) == "CAMERA"
