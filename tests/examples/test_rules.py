"""The demo apps with their rules: what the bad rules contradict and leave out shows, and the good ones match their code."""

from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

from hegui.audit import Audit, judge
from hegui.catalogue.apis import WEAK_PI_TYPES, apis
from hegui.facts import Facts
from hegui.facts.queries.consistency import Consistency, consistency
from hegui.law.knobs import shipped_knobs
from hegui.law.packs import shipped
from hegui.readers.package import read_package
from hegui.readers.policies import read_policies
from hegui.regulations import load_checks

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"


@cache
def facts(name: str) -> Facts:
    read = read_package(EXAMPLES / f"lantern-{name}.apk")
    rules = read_policies([EXAMPLES / name / "rules.html"])
    return replace(read, stages=(*read.stages, *rules.stages), policy=rules.value)


def held(name: str) -> Consistency:
    found = consistency(facts(name), apis(), WEAK_PI_TYPES)
    assert isinstance(found, Consistency)
    return found


@cache
def audit(name: str) -> Audit:
    knobs = {knob.name: knob.value for knob in shipped_knobs().values()}
    return judge(facts(name), shipped(), load_checks(), knobs, date(2026, 11, 22))


def kinds(name: str, state: str, party: str = "app") -> set[str]:
    found = held(name)
    assert isinstance(found.cells, tuple)
    return {one.type for one in found.cells if one.state == state and one.party == party}


def says(name: str, duty: str) -> str:
    one = next(one for one in audit(name).judgements if one.duty.id == duty)
    return "\n".join(finding.says.zh for finding in one.findings if finding.verdict == "risk")


def test_the_bad_rules_deny_what_the_code_can_read() -> None:
    assert kinds("bad", "contradicted") == {"audio", "clipboard", "contacts", "call_log", "sms"}
    assert "规则称不收集剪贴板，应用自身的代码却可读取" in says("bad", "cac-2026:7.1.0.2")


def test_the_bad_rules_leave_out_what_the_code_can_read() -> None:
    assert kinds("bad", "unstated") >= {"app_list", "running_apps"}
    assert "应用自身的代码可读取已安装应用列表" in says("bad", "cac-2026:13.1.2")


def test_the_row_of_the_bad_sdk_leaves_out_most_of_what_its_code_can_read() -> None:
    assert kinds("bad", "unstated", "灯笼广告SDK") >= {"app_list", "location.precise"}
    assert kinds("bad", "general", "灯笼广告SDK") >= {"device_id.android_id", "device_id.mac"}
    assert "SDK“灯笼广告SDK”的代码可读取已安装应用列表" in says("bad", "cac-2026:19.1.3")


def test_the_bad_rules_name_an_sdk_and_kinds_that_are_not_in_the_package() -> None:
    found = held("bad")
    assert isinstance(found.sdks, tuple)
    assert [one.party.name for one in found.sdks if one.state == "unseen"] == ["灯笼地图SDK"]
    assert kinds("bad", "unseen") == {"biometric.face"}


def test_the_good_rules_match_their_code() -> None:
    for state in ("contradicted", "unstated", "unseen"):
        assert kinds("good", state) == set()
    assert kinds("good", "agrees") >= {"clipboard", "contacts"}
    for duty in ("cac-2026:13.1.2", "cac-2026:19.1.3"):
        assert says("good", duty) == ""
