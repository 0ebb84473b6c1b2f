from dataclasses import replace

from hegui.facts import Facts
from hegui.facts.screens import Node, Screen, Sign, Tap, Ui
from hegui.regulations import screen_parts as parts
from tests.packages import facts_of, package

APP = "com.example.lantern"


def screen(id: str, phase: str = "main", owner: str = APP, **more: object) -> Screen:
    return replace(Screen(id, "r", 0, phase, "", owner), **more)  # type: ignore[arg-type]


def of(ui: Ui) -> Facts:
    return facts_of(package(), ui=ui)


def test_boxes_of_the_system_and_screens_of_other_apps_are_not_the_apps() -> None:
    box = screen("box", signs=(Sign("system_permission", "0"),))
    ui = Ui((screen("a"), screen("b", owner="com.example.other"), screen("c", owner=""), box))
    assert [one.id for one in parts.app_screens(of(ui))] == ["a", "c"]


def test_without_a_package_the_owner_of_most_dumps_is_taken_for_the_app() -> None:
    system = "com.android.permissioncontroller"
    ui = Ui((screen("a"), screen("b"), *(screen(f"s{i}", owner=system) for i in range(3))))
    assert [one.id for one in parts.app_screens(Facts((), (), ui=ui))] == ["a", "b"]


def test_not_seen_counts_only_where_every_phase_in_reach_was_explored() -> None:
    ui = Ui((screen("a", "settings"), screen("b", "main")), (), {"settings": True})
    assert parts.explored(ui, ui.screens[:1])
    assert not parts.explored(replace(ui, graph=(Tap("a", "0", "b"),)), ui.screens[:1])
    assert not parts.explored(ui, ())


def test_what_is_reached_ends_where_it_is_told_to_and_goes_round_in_circles_once() -> None:
    taps = (Tap("a", "0", "b"), Tap("b", "0", "a"), Tap("b", "1", "c"), Tap("c", "0", "d"))
    ui = Ui(tuple(screen(id) for id in "abcd"), taps)
    assert parts.reachable(ui, {"a"}) == {"a", "b", "c", "d"}
    assert parts.reachable(ui, {"a"}, short_of={"c"}) == {"a", "b"}


def test_dumps_of_one_page_are_one_place() -> None:
    ui = Ui((screen("a", page="p"), screen("a2", page="p"), screen("b")), (Tap("a2", "0", "b"),))
    assert parts.reachable(ui, {"a"}) == {"a", "a2", "b"}
    assert [one.id for one in parts.opened_by(ui, ui.screens[0], "0")] == ["b"]
    assert [one.id for one in parts.first_shown(ui.screens)] == ["a", "b"]


def test_a_splash_screen_cannot_be_used() -> None:
    assert not parts.is_functional(screen("a", nodes=(Node("0", "灯笼"),)))
    skip = (Node("0", "跳过 3", clickable=True), Node("1", "查看", clickable=True))
    assert not parts.is_functional(screen("a", nodes=skip))
    assert parts.is_functional(screen("a", nodes=(Node("0", "首页", clickable=True),)))
