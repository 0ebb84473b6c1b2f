"""Plugin hosts: known by their own packages, and told apart by whether they run whole packages."""

import re
from datetime import date

import pytest

from hegui.catalogue.frames.plugin_hosts import plugin_host, plugin_hosts


@pytest.mark.parametrize("row", plugin_hosts(), ids=lambda row: row.id)
def test_a_row_says_where_it_was_read(row: object) -> None:
    one = next(each for each in plugin_hosts() if each is row)
    assert one.source
    assert one.name
    assert date.fromisoformat(one.checked)
    assert one.prefixes
    assert all(re.fullmatch(r"(?:[A-Za-z_]\w*\.)+", prefix) for prefix in one.prefixes)


def test_no_two_rows_share_a_name() -> None:
    for names in ([one.id for one in plugin_hosts()], [prefix for one in plugin_hosts() for prefix in one.prefixes]):
        assert len(set(names)) == len(names)


@pytest.mark.parametrize(
    ("name", "host", "runs_packages"),
    [
        ("com.qihoo360.replugin.loader.p.PluginProviderClient", "replugin", True),
        ("com.didi.virtualapk.core.A$1", "virtualapk", True),
        ("top.niunaijun.blackbox.proxy.ProxyActivity$P0", "blackbox", True),
        ("com.tencent.tinker.loader.app.TinkerApplication", "tinker", False),
        ("com.meituan.robust.ChangeQuickRedirect", "robust", False),
        ("com.qihoo360.repluginx.Main", None, None),
        ("com.example.lantern.Main", None, None),
    ],
)
def test_a_class_names_its_host(name: str, host: str | None, runs_packages: bool | None) -> None:
    found = plugin_host(name)
    assert (found and found.id, found and found.runs_packages) == (host, runs_packages)
