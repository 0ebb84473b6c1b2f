"""What is known of permissions: the two tables agree with each other, with the drafts' ten groups and with Android."""

import json
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import hegui.catalogue.permissions
from hegui.catalogue.permissions import GROUPS, permission, privacy_permissions

ROOT = Path(__file__).parents[2]
FOLDER = Path(hegui.catalogue.permissions.__file__).parent
ROWS = tomllib.loads((FOLDER / "dangerous.toml").read_text("utf-8"))
ANDROID = json.loads((FOLDER / "android.json").read_text("utf-8"))

# RULES §2; a type that is not here would be a word nobody understands.
PI_TYPES = {
    "device_id.imei", "device_id.imsi", "device_id.meid", "device_id.serial", "device_id.mac", "device_id.android_id",
    "device_id.oaid", "device_id.idfa", "device_id.idfv", "device_id.bt_mac", "account.phone", "account.email",
    "account.name", "account.id_number", "location.precise", "location.coarse", "location.wifi", "location.cell",
    "contacts", "call_log", "sms", "calendar", "photo", "video", "audio", "file", "clipboard", "app_list",
    "running_apps", "sensor.body", "biometric.face", "biometric.finger", "biometric.voice", "biometric.iris",
    "biometric.gait", "health", "finance", "religion_ethnicity", "minor", "browse_search", "ad_profile",
}  # fmt: skip


def test_the_groups_are_the_ten_of_article_30_in_its_order() -> None:
    names = ["日历", "通话记录", "相机", "通讯录", "位置", "麦克风", "电话", "短信", "存储", "身体活动"]
    assert [words.zh for words in GROUPS.values()] == names


# The drafts' terms in Android's, as reference/permissions_draft2026.tsv has them.
OF_GROUP = {
    "calendar": "READ_CALENDAR WRITE_CALENDAR",
    "call_log": "READ_CALL_LOG WRITE_CALL_LOG PROCESS_OUTGOING_CALLS",
    "camera": "CAMERA",
    "contacts": "READ_CONTACTS WRITE_CONTACTS GET_ACCOUNTS",
    "location": "ACCESS_COARSE_LOCATION ACCESS_FINE_LOCATION ACCESS_BACKGROUND_LOCATION",
    "microphone": "RECORD_AUDIO",
    "phone": "READ_PHONE_STATE READ_PHONE_NUMBERS CALL_PHONE ANSWER_PHONE_CALLS USE_SIP",
    "sms": "READ_SMS SEND_SMS RECEIVE_SMS RECEIVE_MMS RECEIVE_WAP_PUSH",
    "storage": "READ_EXTERNAL_STORAGE WRITE_EXTERNAL_STORAGE READ_MEDIA_IMAGES READ_MEDIA_VIDEO READ_MEDIA_AUDIO "
    "READ_MEDIA_VISUAL_USER_SELECTED MANAGE_EXTERNAL_STORAGE",
    "body": "ACTIVITY_RECOGNITION BODY_SENSORS",
}


@pytest.mark.parametrize("group", GROUPS)
def test_the_drafts_terms_stand_in_their_group(group: str) -> None:
    for name in OF_GROUP[group].split():
        known = permission(f"android.permission.{name}")
        assert known is not None
        assert known.group == group
        assert known.label is not None


def test_every_run_time_permission_of_the_platform_is_written_down() -> None:
    # Tracking by glasses (XR) came with level 36 and is not on phones.
    glasses = ("EYE_TRACKING", "FACE_TRACKING", "HAND_TRACKING", "HEAD_TRACKING", "SCENE_UNDERSTANDING")
    missing = [
        name
        for name in ANDROID["permissions"]
        if (known := permission(name)) and known.dangerous and known.label is None
        and not name.removeprefix("android.permission.").startswith(glasses)
    ]  # fmt: skip
    assert missing == []


# Name, and whether it is asked for at run time.
DANGEROUS = {
    "CAMERA": True,
    "GET_ACCOUNTS": True,
    "READ_EXTERNAL_STORAGE": True,
    "POST_NOTIFICATIONS": True,
    "INTERNET": False,
    "WAKE_LOCK": False,
    "GET_TASKS": False,
    "READ_PROFILE": False,
    "SYSTEM_ALERT_WINDOW": False,
    "QUERY_ALL_PACKAGES": False,
    "MANAGE_EXTERNAL_STORAGE": False,
}


@pytest.mark.parametrize("name", DANGEROUS)
def test_dangerous_means_asked_for_at_run_time(name: str) -> None:
    known = permission(f"android.permission.{name}")
    assert known is not None
    assert known.dangerous is DANGEROUS[name]


def test_levels_change_over_time() -> None:
    accounts = permission("android.permission.GET_ACCOUNTS")
    assert accounts is not None
    assert [accounts.protection_at(level) for level in (9, 16, 25, 36)] == [
        (),
        ("normal",),
        ("dangerous",),
        ("dangerous",),
    ]
    assert accounts.platform_group == "CONTACTS"


def test_a_permission_nobody_knows_is_none() -> None:
    assert permission("com.example.permission.OWN") is None


def test_a_permission_of_a_vendor_or_module_is_known_by_hand() -> None:
    apps = permission("com.android.permission.GET_INSTALLED_APPS")
    assert apps is not None
    assert (apps.dangerous, apps.pi_types, apps.first_seen) == (True, ("app_list",), None)


@pytest.mark.parametrize("name", privacy_permissions())
def test_a_row_is_whole(name: str) -> None:
    known = permission(name)
    assert known is not None
    assert known.group is None or known.group in GROUPS
    assert known.label is not None
    assert known.label.zh
    assert known.label.en
    assert set(known.pi_types) <= PI_TYPES
    for other in known.replaced_by:
        assert permission(other) is not None, f"{name} is replaced by {other}, which nobody knows"
    # A level written by hand must fit those the platform's lists were seen at. RANGING stood in a preview of 35.
    if known.since is not None and known.first_seen is not None and not name.endswith(".RANGING"):
        assert known.since <= known.first_seen


def test_rows_are_given_once_and_with_their_source() -> None:
    names = [row["name"] for row in ROWS["permission"]]
    assert len(names) == len(set(names))
    assert ROWS["source"]
    assert ROWS["checked"]


def test_a_row_known_to_no_platform_list_has_a_source_of_its_own() -> None:
    for row in ROWS["permission"]:
        assert row["name"] in ANDROID["permissions"] or row.get("source"), row["name"]


def test_the_generated_table_is_what_its_generator_makes(materials: Path, tmp_path: Path) -> None:
    made = tmp_path / "tools" / "make_permissions.py"
    made.parent.mkdir()
    made.write_bytes((ROOT / "tools" / "make_permissions.py").read_bytes())
    (tmp_path / "hegui" / "catalogue" / "permissions").mkdir(parents=True)
    source = materials / "catalogue" / "androguard" / "aosp_permissions"
    subprocess.run([sys.executable, made, source], check=True, capture_output=True)
    again = tmp_path / "hegui" / "catalogue" / "permissions" / "android.json"
    assert again.read_bytes() == (FOLDER / "android.json").read_bytes()


def test_no_sentences_were_taken_over() -> None:
    for row in ANDROID["permissions"].values():
        assert row.keys() == {"protection", "group", "first", "last"}
