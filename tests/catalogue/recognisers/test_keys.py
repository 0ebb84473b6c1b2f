"""Names of fields."""

import pytest

from hegui.catalogue.recognisers.keys import before, hash_named, meaning


@pytest.mark.parametrize(
    ("key", "meant"),
    [
        ("data.deviceImei", {"imei"}),
        ("IMEI", {"imei"}),
        ("list[]", set()),
        ("phones.phoneNumber", {"phone"}),
        ("googleAdvertisingId", {"advertising_id"}),
        ("imeiMd5", {"imei"}),
        ("phone_model", set()),
        ("手机号", {"phone"}),
    ],
)
def test_the_end_of_a_name_is_what_it_means(key: str, meant: set[str]) -> None:
    assert meaning(key) == meant


def test_a_hash_may_stand_in_the_name() -> None:
    assert (hash_named("imei_sha1"), hash_named("imei")) == ("sha1", "")


@pytest.mark.parametrize(
    ("text", "name"), [("手机号：", "手机号"), ("a=1;imei=", "imei"), ("!!! ", ""), ('"tel": "', "tel")]
)
def test_the_word_before_a_number_names_it(text: str, name: str) -> None:
    assert before(text, len(text)) == name
