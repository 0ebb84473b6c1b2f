import pytest

from hegui.catalogue.behaviours.clouds import is_cloud


@pytest.mark.parametrize(
    ("host", "cloud"),
    [
        ("aliyuncs.com", True),
        ("Lantern.OSS-cn-hangzhou.aliyuncs.com.", True),
        ("notaliyuncs.com", False),
        ("api.lantern.example", False),
        ("", False),
    ],
)
def test_a_host_under_a_cloud_is_the_clouds(host: str, cloud: bool) -> None:
    assert is_cloud(host) is cloud
