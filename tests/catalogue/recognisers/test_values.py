"""Values of requests: what is recognised, and above all what is not. All numbers are invented, with valid check digits."""

import pytest

from hegui.catalogue.recognisers import coordinates, recognise

CITIZEN = "110101200012311230"
IMEI = "860123456789014"
CARD = "6222000123456789019"


def kinds(key: str, value: str) -> list[str]:
    return [one.pi_type + (f" {one.hashed}" if one.hashed else "") for one in recognise(key, value)]


@pytest.mark.parametrize(
    ("key", "value", "kind"),
    [
        ("user.phone", "13900001234", "account.phone"),
        ("mobileNo", "+86 13900001234", "account.phone"),
        ("", "手机号：13900001234，请核对", "account.phone"),
        ("anything", CITIZEN, "account.id_number"),
        ("", f"name=x;no={CITIZEN};", "account.id_number"),
        ("deviceImei", IMEI, "device_id.imei"),
        ("device_id", IMEI, "device_id.imei"),
        ("imsi", "460001234567890", "device_id.imsi"),
        ("wifi_mac", "a4:50:46:12:ab:9f", "device_id.mac"),
        ("btMac", "A4-50-46-12-AB-9F", "device_id.bt_mac"),
        ("bssid", "a4:50:46:12:ab:9f", "location.wifi"),
        ("mac", "a4504612ab9f", "device_id.mac"),
        ("bank_card", CARD, "finance"),
        ("gps", "31.230416,121.473701", "location.precise"),
        ("location", "121.473701,31.230416", "location.precise"),
        ("android_id", "9774d56d682e549c", "device_id.android_id"),
        ("openudid", "9774d56d682e549c", "device_id.android_id"),
        ("oaid", "1fe9a970-efbb-4ca3-8c1d-6bd8d6b1c0de", "device_id.oaid"),
        ("ext.oaid", "9774d56d682e549c9774d56d682e549c9774d56d682e549c9774d56d682e549c", "device_id.oaid"),
        ("advertiser_id", "1FE9A970-EFBB-4CA3-8C1D-6BD8D6B1C0DE", "device_id.idfa"),
        ("idfv", "1FE9A970-EFBB-4CA3-8C1D-6BD8D6B1C0DE", "device_id.idfv"),
        ("contact", "lin.xiaoyu@example.com", "account.email"),
        ("imei_md5", "5d41402abc4b2a76b9719d911017c592", "device_id.imei md5"),
        ("mac_sha1", "aaf4c61ddcc5e8a2dabede0f3b482cd9aea9434d", "device_id.mac sha1"),
    ],
)
def test_what_is_personal_information(key: str, value: str, kind: str) -> None:
    assert kinds(key, value) == [kind]


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("timestamp", "1679330124123"),
        ("ts", "13900001234"),
        ("order_no", "13900001234"),
        ("order_no", CARD),
        ("trace_id", IMEI),
        ("imei", "860123456789012"),
        ("imei", "000000000000000"),
        ("id_card", "110101200012311238"),
        ("id_card", "110101200013311237"),
        ("bank_card", "6222000123456789017"),
        ("android_id", "0000000000000000"),
        ("app_hash", "9774d56d682e549c"),
        ("session_id", "1fe9a970-efbb-4ca3-8c1d-6bd8d6b1c0de"),
        ("oaid", "00000000-0000-0000-0000-000000000000"),
        ("mac", "02:00:00:00:00:00"),
        ("mac", "5d41402abc4b2a76b9719d911017c592"),
        ("fb_mobile_pckg_fp", "5c53ef3a4d787ebf143d8906bd66d806"),
        ("phone_model", "5c53ef3a4d787ebf143d8906bd66d806"),
        ("imei_md5", "d41d8cd98f00b204e9800998ecf8427e"),
        ("image", "logo@2x.png"),
        ("licence", "write to someone@example.com for a copy"),
        ("version", "31.230416,121.473701"),
        ("location", "48.208176,16.373819"),
        ("location", "31.2,121.5"),
        ("certificate", "a4:50:46:12:ab:9f:a4:50:46:12:ab:9f"),
    ],
)
def test_what_only_looks_like_it(key: str, value: str) -> None:
    assert kinds(key, value) == []


@pytest.mark.parametrize(
    ("latitude", "longitude", "kind"),
    [
        ("31.2304", "121.4737", "location.precise"),
        ("31.23", "121.47", "location.coarse"),
        ("31.2", "121.5", ""),
        ("121.4737", "31.2304", ""),
        ("1e5", "121.4737", ""),
    ],
)
def test_coordinates_tell_a_place_by_their_decimals(latitude: str, longitude: str, kind: str) -> None:
    assert coordinates(latitude, longitude) == kind
