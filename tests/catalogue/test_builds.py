"""The shapes of known builds: of SDKs the catalogue has, and each shape of one SDK only."""

import re

from hegui.catalogue.sdks import sdk
from hegui.catalogue.sdks.builds import builds


def test_builds_are_of_known_sdks() -> None:
    assert [build.sdk for build in builds() if sdk(build.sdk) is None] == []


def test_no_shape_is_of_two_sdks() -> None:
    seen = [(shape, build.sdk) for build in builds() for shape in build.shapes]
    owners = dict(seen)
    assert [pair for pair in seen if owners[pair[0]] != pair[1]] == []


def test_digests_are_hexadecimal() -> None:
    for build in builds():
        assert re.fullmatch("[0-9a-f]{64}", build.sha256)
        assert re.fullmatch("[0-9a-f]{32}", build.members)
        assert all(re.fullmatch("[0-9a-f]{12}", shape) for shape in build.shapes)
