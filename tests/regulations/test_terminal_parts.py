"""What the checks on a terminal look at: the conformance run and its screens, and never an app's own run."""

from hegui.facts import Facts
from hegui.facts.declaration import Declaration, TerminalDeclaration
from hegui.facts.json import adapter
from hegui.facts.screens import Node, Screen, Sign, Ui
from hegui.facts.trace import Trace
from hegui.regulations.terminal_parts import acts, boxes, explored, grants, held, of_system, records, session_screens

_PROBE = {"package": "com.example.probe", "started_at": "2026-03-05T09:00:00+08:00"}


def facts(*screens: Screen, decl: TerminalDeclaration | None = None, **phases: bool) -> Facts:
    def use(t_ms: int) -> dict[str, object]:
        return {"t_ms": t_ms, "type": "api", "perm_group": "sms", "result": "ok"}

    runs = [
        {"meta": {"run_id": "s13", "scenario": "S13", **_PROBE}, "ev": [use(0), use(50_000)]},
        {"meta": {"run_id": "own", "scenario": "S3", **_PROBE}, "ev": [use(0)]},
        {"meta": {"run_id": "record", "covers": ["record"], **_PROBE}, "ev": [use(0)]},
    ]
    trace = adapter(Trace).validate_python({"runs": runs})
    declared = {"decl": Declaration("Lin Xiaoyu", "2026-11-01", terminal=decl)} if decl else {}
    return Facts((), (), trace=trace, ui=Ui(screens, (), phases), **declared)  # type: ignore[arg-type]


def screen(owner: str, run_id: str = "s13", *signs: Sign) -> Screen:
    return Screen(owner, run_id, 0, "one", "", owner, (Node("0", "要获取您的身体活动数据吗"),), signs=signs)


def test_only_the_conformance_run_and_the_record_are_looked_at() -> None:
    given = facts()
    assert [run.meta.run_id for run in acts(given)] == ["s13"]
    assert [run.meta.run_id for run in records(given)] == ["record"]
    assert acts(Facts((), ())) == ()


def test_screens_of_other_runs_and_of_the_test_app_are_not_the_systems() -> None:
    given = facts(screen("com.example.probe"), screen("com.example.settings"), screen("com.example.settings", "own"))
    assert len(session_screens(given)) == 2
    assert [(one.owner, one.run_id) for one in of_system(given)] == [("com.example.settings", "s13")]


def test_a_box_tells_its_groups_by_the_words_of_the_tenth_too() -> None:
    box = screen("com.example.settings", "s13", Sign("system_permission", "0"))
    assert [groups for _, groups in boxes(facts(box))] == [("body",)]


def test_explored_takes_every_phase() -> None:
    one = screen("com.example.settings")
    assert explored(facts(one, one=True), one)
    assert not explored(facts(one), one)
    assert not explored(facts(one, one=True))


def test_merging_counts_only_with_published_rules() -> None:
    private = TerminalDeclaration(merge_interval_s=60.0)
    public = TerminalDeclaration(merge_interval_s=60.0, rules_url="https://example.com/records")
    assert [one.entry is None for one in held(facts(decl=private)).pairs] == [False, True]
    assert [one.entry is None for one in held(facts(decl=public)).pairs] == [False, False]


def test_grants_are_told_by_group() -> None:
    answer = {"t_ms": 1, "type": "perm_res", "perm": "android.permission.READ_SMS"}
    run = {
        "meta": {"run_id": "r"},
        "ev": [answer | {"result": "granted"}, answer | {"result": "denied"}],
    }
    [made] = adapter(Trace).validate_python(run).runs
    assert [group for _, group in grants(made)] == ["sms"]
