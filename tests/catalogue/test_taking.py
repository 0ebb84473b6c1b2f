"""Which acts take personal information."""

import pytest

from hegui.catalogue.apis.taking import kinds_of, takes
from hegui.facts.trace import What


@pytest.mark.parametrize(
    ("what", "expected"),
    [
        (What("api", pi_type="contacts"), True),
        (What("api", pi_type="contacts", result="denied"), True),
        (What("api", pi_type="model"), False),
        (What("api"), False),
        (What("api", pi_type="contacts", derived=True), False),
        (What("api", pi_type="contacts", origin="system"), False),
        (What("sensor", pi_type="photo", op="close"), False),
        (What("loc", pi_type="location.precise", op="stop"), False),
        (What("file", pi_type="photo", via="picker"), False),
        (What("net", pi=("ip", "device_id.imei")), True),
        (What("net", pi=("ip",)), False),
        (What("screen", pi_type="contacts"), False),
    ],
)
def test_takes(what: What, expected: bool) -> None:
    assert takes(what) is expected


def test_a_flow_is_about_what_is_more_than_a_common_trait() -> None:
    assert kinds_of(What("net", pi=("ip", "device_id.imei"))) == ("device_id.imei",)
    assert kinds_of(What("api", pi_type="model")) == ("model",)
    assert kinds_of(What("api")) == ()
