"""What the catalogue says the code can read: right in itself, and right against Android and real packages."""

import io
import json
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from hegui.catalogue.apis import (
    KINDS,
    PI_TYPES,
    WEAK_PI_TYPES,
    Api,
    ArgumentIs,
    Carrier,
    apis,
    by_target,
    carriers,
    of_kind,
)
from hegui.catalogue.apis import source as apis_source
from hegui.catalogue.apis.check import check
from hegui.readers.dex.tables import read_dex
from hegui.readers.jvm import pool as constants
from hegui.readers.jvm.class_file import ClassFile
from hegui.words import Words

ROOT = Path(__file__).parents[2]


def one(id: str) -> Api:
    return next(api for api in apis() if api.id == id)


def test_the_shipped_entries_have_no_fault() -> None:
    assert check() == ()


def test_the_json_says_what_the_toml_files_say() -> None:
    assert not apis_source.is_stale()


def test_the_generator_finds_nothing_to_do() -> None:
    done = subprocess.run(
        [sys.executable, ROOT / "tools" / "make_catalogue.py", "--check"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_there_are_enough_entries_of_every_kind() -> None:
    assert len(apis()) >= 300
    assert {api.kind for api in apis()} == set(KINDS)


# Kinds of information that no call of Android gives as such: what tells a coarse from a precise location is the permission.
NOT_BY_CALL = {
    "device_id.idfa", "device_id.idfv", "account.id_number", "location.coarse", "biometric.voice", "biometric.iris",
    "biometric.gait", "finance", "religion_ethnicity", "minor",
}  # fmt: skip


def test_every_kind_of_personal_information_that_a_call_can_read_has_an_entry() -> None:
    assert {api.pi_type for api in apis() if api.pi_type} >= {*PI_TYPES, *WEAK_PI_TYPES} - NOT_BY_CALL


def test_every_family_says_where_it_is_from() -> None:
    families = {api.id.partition(".")[0]: api for api in apis()}
    assert len(families) >= 18
    assert all(api.source and api.checked for api in families.values())


# What an engineer would look for first; an id that these lose is a finding that everybody loses.
MUST_BE_FOUND = {
    "Landroid/telephony/TelephonyManager;->getDeviceId()Ljava/lang/String;": ("device_id.imei", "phone"),
    "Landroid/telephony/TelephonyManager;->getDeviceId(I)Ljava/lang/String;": ("device_id.imei", "phone"),
    "Landroid/telephony/TelephonyManager;->getImei()Ljava/lang/String;": ("device_id.imei", "phone"),
    "Landroid/telephony/TelephonyManager;->getMeid()Ljava/lang/String;": ("device_id.meid", "phone"),
    "Landroid/telephony/TelephonyManager;->getSubscriberId()Ljava/lang/String;": ("device_id.imsi", "phone"),
    "Landroid/telephony/TelephonyManager;->getLine1Number()Ljava/lang/String;": ("account.phone", "phone"),
    "Landroid/os/Build;->getSerial()Ljava/lang/String;": ("device_id.serial", "phone"),
    "Landroid/os/Build;->SERIAL:Ljava/lang/String;": ("device_id.serial", ""),
    "Ljava/net/NetworkInterface;->getHardwareAddress()[B": ("device_id.mac", ""),
    "Landroid/net/wifi/WifiInfo;->getMacAddress()Ljava/lang/String;": ("device_id.mac", ""),
    "Landroid/net/wifi/WifiInfo;->getBSSID()Ljava/lang/String;": ("location.wifi", "location"),
    "Landroid/bluetooth/BluetoothAdapter;->getAddress()Ljava/lang/String;": ("device_id.bt_mac", ""),
    "Landroid/location/LocationManager;->getLastKnownLocation(Ljava/lang/String;)Landroid/location/Location;": (
        "location.precise",
        "location",
    ),
    "Landroid/telephony/TelephonyManager;->getAllCellInfo()Ljava/util/List;": ("location.cell", "location"),
    "Landroid/content/pm/PackageManager;->getInstalledPackages(I)Ljava/util/List;": ("app_list", ""),
    "Landroid/app/ActivityManager;->getRunningAppProcesses()Ljava/util/List;": ("running_apps", ""),
    "Landroid/content/ClipboardManager;->getPrimaryClip()Landroid/content/ClipData;": ("clipboard", ""),
    "Landroid/hardware/Camera;->open()Landroid/hardware/Camera;": ("photo", "camera"),
    "Landroid/media/MediaRecorder;->setAudioSource(I)V": ("audio", "microphone"),
    "Landroid/accounts/AccountManager;->getAccounts()[Landroid/accounts/Account;": ("account.name", "contacts"),
}


@pytest.mark.parametrize("target", MUST_BE_FOUND)
def test_a_read_is_known_by_its_exact_descriptor(target: str) -> None:
    found = by_target()[target]
    assert {(api.pi_type, api.perm_group) for api in found} == {MUST_BE_FOUND[target]}


# A read is found by this constant only when the carriers say through which call it takes effect.
MUST_BE_FOUND_BY_CONSTANT = {
    ("settings_key", "secure/android_id"): "device_id.android_id",
    ("uri", "content://sms"): "sms",
    ("uri", "content://com.android.contacts"): "contacts",
    ("uri", "content://call_log"): "call_log",
    ("uri", "content://com.android.calendar"): "calendar",
}


@pytest.mark.parametrize(("kind", "target"), MUST_BE_FOUND_BY_CONSTANT)
def test_a_read_is_known_by_a_constant(kind: str, target: str) -> None:
    found = [api for api in of_kind(kind) if target in api.targets]
    assert [api.pi_type for api in found] == [MUST_BE_FOUND_BY_CONSTANT[kind, target]]


def test_every_constant_kind_has_a_carrier() -> None:
    constants = {api.kind for api in apis()} - {"method", "field"}
    assert {carrier.kind for carrier in carriers()} >= constants


def test_weak_traits_are_never_a_finding_alone() -> None:
    assert all(api.weak for api in apis() if api.pi_type in WEAK_PI_TYPES)


def test_an_entry_that_shares_a_target_is_told_apart_by_its_argument() -> None:
    for target, found in by_target().items():
        assert len(found) == len({api.argument for api in found}), target


# An entry without a fault, and what goes wrong when one thing in it changes.
GOOD = Api(
    id="location.last_known",
    kind="method",
    targets=(
        "Landroid/location/LocationManager;->getLastKnownLocation(Ljava/lang/String;)Landroid/location/Location;",
    ),
    act="read",
    name=Words("最近位置", "last known location"),
    source="developer.android.com/reference/android/location/LocationManager",
    checked="2026-11-22",
    pi_type="location.precise",
    perm_group="location",
)
ELSEWHERE = GOOD.targets[0].replace("LastKnown", "Other")

FAULTS: dict[str, tuple[Api, str]] = {
    "an id without a family": (replace(GOOD, id="last"), "an id is family.name"),
    "an id in capitals": (replace(GOOD, id="location.Last"), "an id is family.name"),
    "a kind that is none": (replace(GOOD, kind="function"), "unknown kind 'function'"),
    "an act that is none": (replace(GOOD, act="steal"), "unknown act 'steal'"),
    "a pi_type outside the closed list": (replace(GOOD, pi_type="location.exact"), "unknown pi_type 'location.exact'"),
    "a weak trait that is not called weak": (replace(GOOD, pi_type="model"), "so weak = true"),
    "a read of nothing without a note": (replace(GOOD, pi_type=""), "a note must say why"),
    "a group outside the ten": (replace(GOOD, perm_group="place"), "unknown permission group 'place'"),
    "an end before the beginning": (replace(GOOD, since=29, until=28), "until 28 is before since 29"),
    "no source": (replace(GOOD, source=""), "no source"),
    "a date that is none": (replace(GOOD, checked="2026-02-30"), "is not a date"),
    "a date in another shape": (replace(GOOD, checked="20261122"), "is not a date"),
    "one language": (replace(GOOD, name=Words("最近位置", "")), "no name in both languages"),
    "no target": (replace(GOOD, targets=()), "targets are missing or repeated"),
    "a target twice": (replace(GOOD, targets=GOOD.targets * 2), "targets are missing or repeated"),
    "a class written with dots": (
        replace(GOOD, targets=("android.location.LocationManager.getLastKnownLocation",)),
        "is not a method",
    ),
    "a method without its result": (replace(GOOD, targets=(GOOD.targets[0].partition(")")[0] + ")",)), "is not a method"),
    "a method written as a field": (replace(GOOD, kind="field"), "is not a field"),
    "a URI without its scheme": (replace(GOOD, kind="uri", targets=("com.android.contacts",)), "is not a uri"),
    "a URI with a slash at its end": (replace(GOOD, kind="uri", targets=("content://sms/",)), "is not a uri"),
    "a settings key without its table": (
        replace(GOOD, kind="settings_key", targets=("android_id",)),
        "is not a settings_key",
    ),
    "an argument that the method has not": (replace(GOOD, argument=ArgumentIs(1, ("gps",))), "has no parameter 1"),
    "an unverified target that is none": (replace(GOOD, unverified=(ELSEWHERE,)), "unverified names what is no target"),
}  # fmt: skip


def test_an_entry_without_a_fault() -> None:
    assert check([GOOD], []) == ()


@pytest.mark.parametrize("case", FAULTS)
def test_the_linter_finds(case: str) -> None:
    api, expected = FAULTS[case]
    (fault, *_) = check([api], [])
    assert expected in fault


def test_the_linter_finds_an_id_used_twice() -> None:
    assert check([GOOD, replace(GOOD, targets=(ELSEWHERE,))], []) == ("location.last_known: id used twice / 编号重复",)


def test_the_linter_finds_a_target_under_two_entries() -> None:
    (fault,) = check([GOOD, replace(GOOD, id="location.again")], [])
    assert "stands under location.last_known too" in fault


def test_a_target_may_stand_under_two_entries_that_want_different_arguments() -> None:
    gps, wifi = (
        replace(GOOD, id=f"location.{name}", argument=ArgumentIs(0, (name,))) for name in ("gps", "network")
    )  # fmt: skip
    assert check([gps, wifi], []) == ()


def test_the_linter_finds_carriers_that_carry_nothing() -> None:
    get_string = "Landroid/provider/Settings$Secure;->getString(Landroid/content/ContentResolver;Ljava/lang/String;)"
    get_string += "Ljava/lang/String;"
    assert check([], [Carrier("settings_key", get_string, 1, "secure")]) == ()
    (far,) = check([], [Carrier("settings_key", get_string, 2, "secure")])
    assert "has no parameter 2" in far
    (wrong,) = check([], [Carrier("method", get_string, 1)])
    assert "not a carrier" in wrong


# What real code says of itself: the members it refers to, the classes it holds, the constants in them. test_sdks.py reads it too.


def dex_references(apk: Path) -> Iterator[str]:
    """Descriptors of the methods and fields that a package's code names, as the catalogue writes them."""
    with zipfile.ZipFile(apk) as archive:
        for name in archive.namelist():
            if re.fullmatch(r"classes\d*\.dex", name):
                for dex in read_dex(name, archive.read(name)):
                    for i in range(dex.methods_n):
                        yield (dex.type_name(dex.method_class[i]) + b"->" + dex.signature(i)).decode("utf-8", "replace")
                    for i in range(dex.fields_n):
                        field = dex.string(dex.field_name[i]) + b":" + dex.type_name(dex.field_type[i])
                        yield (dex.type_name(dex.field_class[i]) + b"->" + field).decode("utf-8", "replace")


def dex_classes(apk: Path) -> Iterator[str]:
    """The classes a package defines, `a.b.C`."""
    with zipfile.ZipFile(apk) as archive:
        for name in archive.namelist():
            if re.fullmatch(r"classes\d*\.dex", name):
                for dex in read_dex(name, archive.read(name)):
                    for defined in dex.class_defs[0::8].tolist():
                        yield dex.type_name(defined).decode("utf-8", "replace")[1:-1].replace("/", ".")


def jar_classes(library: Path) -> Iterator[ClassFile]:
    """The classes of a JAR, or of the classes.jar of an AAR."""
    with zipfile.ZipFile(library) as archive:
        content = archive.read("classes.jar") if library.suffix == ".aar" else library.read_bytes()
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in archive.namelist():
            if name.endswith(".class"):
                yield ClassFile(archive.read(name), name)


def class_name(found: ClassFile) -> str:
    return found.name.decode("utf-8", "replace").replace("/", ".")


def jar_references(library: Path) -> Iterator[str]:
    for found in jar_classes(library):
        pool = found.pool
        for index in range(1, pool.count):
            if constants.FIELDREF <= pool.tags[index] <= constants.INTERFACE_METHODREF:
                owner, name, descriptor = pool.member(index)
                if not owner.startswith(b"["):
                    mark = b":" if pool.tags[index] == constants.FIELDREF else b""
                    yield (b"L" + owner + b";->" + name + mark + descriptor).decode("utf-8", "replace")


def strings_of(found: ClassFile) -> Iterator[str]:
    """The constant strings of a class."""
    pool = found.pool
    for index in range(1, pool.count):
        if pool.tags[index] == constants.STRING and (text := pool.constant(index)):
            yield text


# Android itself: which permission the platform asks for, as androguard collected it for two versions of it.


def permission_map(materials: Path) -> dict[str, set[str]]:
    """Descriptor → permissions, of all versions there are."""
    folder = materials / "catalogue" / "androguard" / "api_permission_mappings"
    if not folder.is_dir():
        pytest.skip("no api_permission_mappings in ../shared/materials")
    found: dict[str, set[str]] = {}
    for path in sorted(folder.glob("*.json")):
        for written, permissions in json.loads(path.read_text("utf-8")).items():
            match = re.fullmatch(r"(L[^;]+;)-([^-]+)-(\(.*)", written)
            assert match is not None
            owner, name, prototype = match.groups()
            found.setdefault(f"{owner}->{name}{prototype.replace(' ', '')}", set()).update(permissions)
    return found


def test_a_platform_signature_is_in_the_permission_map_or_names_its_reference(materials: Path) -> None:
    mapped = permission_map(materials)
    unfounded = [
        target
        for api in apis()
        if api.kind == "method"
        for target in api.targets
        if target.startswith("Landroid/") and target not in mapped
        and not ("developer.android.com" in api.source or "android.googlesource.com" in api.source)
    ]  # fmt: skip
    assert unfounded == []


# Those of the map that guard what is personal. The map was made of the platform's code by a machine: it also names what
# a callee several steps further asks for, or the permission of another branch.
GUARDS = (
    "READ_PHONE_STATE",
    "READ_CONTACTS",
    "GET_ACCOUNTS",
    "READ_SMS",
    "RECORD_AUDIO",
    "CAMERA",
    "ACCESS_FINE_LOCATION",
)


def test_permissions_agree_with_the_platform(materials: Path) -> None:
    mapped = permission_map(materials)
    compared = 0
    for api in of_kind("method"):
        needed = {name for any_of in api.permissions for name in any_of}
        for target in api.targets:
            guards = {name for name in mapped.get(target, ()) if name.rpartition(".")[2] in GUARDS}
            if guards:
                compared += 1
                assert needed & guards, f"{api.id}: {target} needs {sorted(guards)}, written {sorted(needed)}"
    assert compared >= 30


def test_all_overloads_that_real_code_calls_are_written(materials: Path) -> None:
    known = by_target()
    named = {re.split(r"[(:]", target)[0] for target in known}
    seen: set[str] = set()
    for package in sorted((materials / "apk").rglob("*.apk")):
        seen.update(one for one in dex_references(package) if re.split(r"[(:]", one)[0] in named)
    for library in sorted((materials / "sdk").glob("*.[ja]ar")):
        seen.update(one for one in jar_references(library) if re.split(r"[(:]", one)[0] in named)
    assert sorted(seen - set(known)) == []
    # The reading itself works: real code does name hundreds of them.
    assert len(seen) > 200


def test_loading_is_fast() -> None:
    # Some milliseconds on the machine this was written on; the bound only tells JSON from TOML, which takes ten times as long.
    program = """if True:
        import time
        begin = time.perf_counter()
        from hegui.catalogue.apis import apis
        apis()
        print(time.perf_counter() - begin)
    """
    runs = [
        subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
        for _ in range(3)
    ]
    assert min(float(run.stdout) for run in runs) < 0.2
