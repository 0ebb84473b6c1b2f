"""Recognisers of single values. A false accusation costs most: without check digits the name of the field must agree.

Sources: GB 11643-1999 (citizen number, ISO 7064 MOD 11-2), 3GPP TS 23.003 (IMEI, IMSI), ISO/IEC 7812 (card numbers),
IEEE 802 (MAC), the Android and MSA documentation (Android ID, OAID).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from stdnum import imei, luhn
from stdnum.cn import ric

from hegui.catalogue.recognisers.keys import Meaning, before, hash_named, meaning


@dataclass(frozen=True, slots=True)
class Recognised:
    """Personal information at value[start:end]. `hashed` is the hash it is sent as, or ""."""

    pi_type: str
    start: int
    end: int
    basis: Literal["check_digits", "form_and_key"]
    hashed: str = ""


def recognise(key: str, value: str) -> tuple[Recognised, ...]:
    """What a field holds: its whole value under a telling name, or numbers in running text, named there or self-proving."""
    named = meaning(key)
    whole = value.strip()
    if named and (found := _whole(key, named, whole)):
        start = value.find(whole)
        return (Recognised(found[0], start, start + len(whole), found[1], found[2]),)
    return tuple(_inside(named, value))


def coordinates(latitude: str, longitude: str) -> str:
    """location.precise or location.coarse for a pair of decimal numbers inside China, else "".

    Four decimals are some eleven metres, two a kilometre; fewer tell hardly more than the town.
    """
    if not (_DECIMAL.fullmatch(latitude) and _DECIMAL.fullmatch(longitude)):
        return ""
    if not (_SOUTH <= float(latitude) <= _NORTH and _WEST <= float(longitude) <= _EAST):
        return ""
    # A server or a number library may cut trailing zeros, so the longer one tells how exact the pair is.
    decimals = max(len(one.partition(".")[2]) for one in (latitude, longitude))
    return "location.precise" if decimals >= 4 else "location.coarse" if decimals >= 2 else ""


_DECIMAL = re.compile(r"-?\d{1,3}\.\d{1,16}")
_PAIR = re.compile(r"(-?\d{1,3}\.\d{1,16})\s?[,;|/_]\s?(-?\d{1,3}\.\d{1,16})")
# The land and sea of China with its islands, in degrees.
_SOUTH, _NORTH, _WEST, _EAST = 3.8, 53.6, 73.4, 135.1

_HEX = re.compile(r"[0-9a-fA-F]+")
_UUID = re.compile(r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}")
_MAC = re.compile(r"[0-9A-Fa-f]{2}([:-])[0-9A-Fa-f]{2}(?:\1[0-9A-Fa-f]{2}){4}")
_EMAIL = re.compile(r"[A-Za-z0-9][\w.+-]{0,62}@(?:[A-Za-z0-9-]{1,62}\.){1,4}[A-Za-z]{2,12}", re.ASCII)
# What follows an @ in file names and package versions is no domain.
_NO_DOMAIN = re.compile(r"\.(?:png|jpe?g|gif|webp|svg|css|js|json|html?|dart|so|jar|aar)$", re.IGNORECASE)
_PHONE = re.compile(r"(?:(?:\+|00)?86[ -]?)?(1[3-9]\d{9})")
_DIGITS = re.compile(r"(?<![\w.])(?:\+86)?\d{11,19}[Xx]?(?![\w.])")
_CITIZEN = re.compile(r"[1-9]\d{16}[\dXx]")
# Issuers by first digits: UnionPay 62 and its older 9 ranges are left out, as they collide with order numbers.
_CARD = re.compile(r"(?:62\d{14,17}|4\d{15}|5[1-5]\d{14}|2[2-7]\d{14}|3[47]\d{13}|35\d{14})")
# Reporting bodies that allocate IMEI today: 01, 35 and 86, and 98/99 for devices of both families.
_IMEI = re.compile(r"(?:01|35|86|98|99)\d{13}")
_IMSI = re.compile(r"460(?:0[0-9]|1[0-9]|20)\d{10}")
_HASHES = {32: "md5", 40: "sha1", 64: "sha256"}
# Hashes of nothing: what an SDK sends when it got no value.
_OF_NOTHING = {
    "d41d8cd98f00b204e9800998ecf8427e",
    "da39a3ee5e6b4b0d3255bfef95601890afd80709",
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
}
_HASHED_TYPES = {
    "imei": "device_id.imei",
    "android_id": "device_id.android_id",
    "mac": "device_id.mac",
    "phone": "account.phone",
    "email": "account.email",
}  # fmt: skip

_Found = tuple[str, Literal["check_digits", "form_and_key"], str]


def _whole(key: str, named: frozenset[Meaning], value: str) -> _Found | None:
    """The kind of a whole value under a name that agrees."""
    if not value or len(value) > 80:
        return None
    hashed = _hash(key, value)
    for one, kind in _HASHED_TYPES.items() if hashed else ():
        # "mac" alone also names a message authentication code.
        if one in named and (one != "mac" or hash_named(key)):
            return kind, "form_and_key", hashed
    if "imei" in named and _IMEI.fullmatch(value) and imei.is_valid(value) and _varied(value):
        return "device_id.imei", "check_digits", ""
    if "imsi" in named and _IMSI.fullmatch(value):
        return "device_id.imsi", "form_and_key", ""
    if named & {"mac", "bt_mac", "bssid"} and _is_mac(value):
        kind = "location.wifi" if "bssid" in named else "device_id.bt_mac" if "bt_mac" in named else "device_id.mac"
        return kind, "form_and_key", ""
    if "android_id" in named and len(value) == 16 and _HEX.fullmatch(value) and _varied(value):
        return "device_id.android_id", "form_and_key", ""
    if advertising := _advertising(key, named, value):
        return advertising, "form_and_key", hashed if hash_named(key) else ""
    if "phone" in named and _PHONE.fullmatch(value):
        return "account.phone", "form_and_key", ""
    if "card" in named and _CARD.fullmatch(value) and luhn.is_valid(value) and _varied(value):
        return "finance", "check_digits", ""
    if "location" in named and (pair := _PAIR.fullmatch(value)) and (where := _either_way(pair[1], pair[2])):
        return where, "form_and_key", ""
    if "device" in named and _IMEI.fullmatch(value) and imei.is_valid(value) and _varied(value):
        return "device_id.imei", "check_digits", ""
    return None


def _inside(named: frozenset[Meaning], text: str) -> Iterator[Recognised]:
    for found in _DIGITS.finditer(text):
        number, kind = found[0], ""
        basis: Literal["check_digits", "form_and_key"] = "check_digits"
        if _CITIZEN.fullmatch(number) and _is_citizen_number(number):
            kind = "account.id_number"
        elif about := meaning(before(text, found.start())) or named:
            if "phone" in about and _PHONE.fullmatch(number):
                kind, basis = "account.phone", "form_and_key"
            elif "imei" in about and _IMEI.fullmatch(number) and imei.is_valid(number) and _varied(number):
                kind = "device_id.imei"
            elif "imsi" in about and _IMSI.fullmatch(number):
                kind, basis = "device_id.imsi", "form_and_key"
            elif "card" in about and _CARD.fullmatch(number) and luhn.is_valid(number) and _varied(number):
                kind = "finance"
        if kind:
            yield Recognised(kind, found.start(), found.end(), basis)
    for found in _EMAIL.finditer(text) if "@" in text else ():
        alone = found.start() == 0 and found.end() == len(text)
        about = meaning(before(text, found.start())) or named
        if (alone or "email" in about) and not _NO_DOMAIN.search(found[0]):
            yield Recognised("account.email", found.start(), found.end(), "form_and_key")


def _hash(key: str, value: str) -> str:
    """The hash a value looks like: by length, and by name where a name says another (OAID may be as long as SHA-256)."""
    if value.lower() in _OF_NOTHING or not _HEX.fullmatch(value) or not _varied(value):
        return ""
    of_length = _HASHES.get(len(value), "")
    return of_length if hash_named(key) in ("", of_length) else ""


def _advertising(key: str, named: frozenset[Meaning], value: str) -> str:
    if not named & {"advertising_id", "idfa", "idfv"} or not _varied(value):
        return ""
    is_uuid = _UUID.fullmatch(value)
    # OAID: a UUID at Huawei and Honor, 16 to 64 hexadecimal digits elsewhere.
    if not is_uuid and not (_HEX.fullmatch(value) and 16 <= len(value) <= 64):
        return ""
    if "idfv" in named:
        return "device_id.idfv"
    # iOS writes its identifiers in capitals; several SDKs use one name for both systems.
    is_ios = "idfa" in named or (
        is_uuid is not None and value == value.upper() and re.search("[A-F]", value) is not None
    )
    return "device_id.idfa" if is_ios and "oaid" not in key.lower() else "device_id.oaid"


def _is_mac(value: str) -> bool:
    if not _MAC.fullmatch(value) and not (len(value) == 12 and _HEX.fullmatch(value)):
        return False
    plain = value.replace(":", "").replace("-", "").lower()
    # 02:00:00:00:00:00 is what Android 6 and later give instead; the lowest bit of the first byte marks a group address.
    return plain not in ("020000000000", "000000000000") and not int(plain[:2], 16) & 1


def _is_citizen_number(number: str) -> bool:
    return "1900" <= number[6:10] <= "2099" and _varied(number[:17]) and ric.is_valid(number)


def _either_way(first: str, second: str) -> str:
    """Both orders occur. Inside China no pair fits both ways: latitudes end at 53.6, longitudes begin at 73.4."""
    return coordinates(first, second) or coordinates(second, first)


def _varied(value: str) -> bool:
    """Not a placeholder such as 000000000000000 or 111111111111111."""
    return len(set(value.lower()) - {"-", ":"}) > 2
