from dataclasses import replace

from hegui.facts import Facts
from hegui.facts.declaration import AppDeclaration, Declaration, Scene
from hegui.facts.screens import Node, Screen, Sign, Tap, Ui
from hegui.facts.trace import Clock, Run, Trace, TraceMeta, What
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


def test_cancelling_is_what_lies_behind_its_entry_short_of_the_way_back() -> None:
    settings = screen("s", "settings", signs=(Sign("settings", "0"), Sign("cancellation", "1")))
    taps = (Tap("s", "1", "c"), Tap("c", "0", "d"), Tap("d", "0", "s"), Tap("s", "2", "x"))
    ui = Ui((settings, screen("c"), screen("d"), screen("x")), taps)
    assert [one.id for one in parts.cancelling(ui, ui.screens)] == ["c", "d"]
    assert parts.cancelling(ui, ui.screens[1:]) == []


def dialog(id: str, *words: str) -> Screen:
    """Words below each other; those in brackets are controls, known by their place."""
    nodes = tuple(Node(str(at), one.strip("[]"), clickable=one.startswith("[")) for at, one in enumerate(words))
    refuse = tuple(Sign("refuse", node.id, node.text) for node in nodes if node.text == "不同意")
    return screen(id, nodes=nodes, signs=refuse)


NOTICE = dialog("n", "请阅读规则", "[同意]", "[不同意]")
AGAIN = dialog("again", "再看看吧", "[同意并继续]", "[不同意]")
HOME = dialog("home", "[首页]", "[扫码]", "[我的]", "[搜索]")


def test_pages_of_a_guide_and_questions_cannot_be_used() -> None:
    assert not parts.is_functional(dialog("a", "点亮夜晚", "[下一步]"))
    assert not parts.is_functional(dialog("a", "网络异常", "[重试]"))
    assert not parts.is_functional(dialog("a", "确定退出吗？", "[退出]", "[再想想]"))
    assert not parts.is_functional(AGAIN)
    assert not parts.is_functional(screen("a", nodes=(Node("0", clickable=True), Node("0.0", cls="Image"))))
    assert parts.is_functional(screen("a", nodes=(Node("0", clickable=True), Node("0.0", "门店"))))
    assert parts.is_functional(HOME)
    # Compose keeps the words in a node inside the one that is clicked.
    assert not parts.is_functional(screen("a", nodes=(Node("0", clickable=True), Node("0.0", "下一步"))))


def test_refusing_is_followed_through_what_asks_again() -> None:
    ui = Ui((NOTICE, AGAIN, HOME), (Tap("n", "2", "again"), Tap("again", "2", "home"), Tap("again", "1", "n")))
    tried = parts.refusal(ui, NOTICE)
    assert ([one.id for one in tried.asked_again], [one.id for one in tried.ends]) == (["again"], ["home"])
    assert not parts.refusal(replace(ui, graph=()), NOTICE).tried


def test_refusing_that_comes_back_ends_nowhere_and_other_runs_are_not_this_one() -> None:
    circle = parts.refusal(Ui((NOTICE, AGAIN), (Tap("n", "2", "again"), Tap("again", "2", "n"))), NOTICE)
    assert ([one.id for one in circle.asked_again], circle.ends) == (["again", "n"], ())
    elsewhere = replace(HOME, run_id="other")
    assert not parts.refusal(Ui((NOTICE, elsewhere), (Tap("n", "2", "home"),)), NOTICE).tried


def test_a_page_is_in_use_with_much_to_act_on_or_a_way_further() -> None:
    door, shop = dialog("door", "[随便看看]"), dialog("shop", "[门店]")
    assert parts.in_use(of(Ui((HOME,))), HOME)
    assert not parts.in_use(of(Ui((door, shop))), door)
    assert parts.in_use(of(Ui((door, shop), (Tap("door", "0", "shop"),))), door)
    assert not parts.in_use(of(Ui((replace(HOME, owner="com.example.desk"),))), replace(HOME, owner="com.example.desk"))


def test_what_a_finger_hits_is_the_control_around_the_words() -> None:
    words, around = Node("0.0", "不同意"), Node("0", clickable=True)
    both = Node("0.1", "同意")
    sign = Sign("refuse", "0.0")
    assert parts.target(screen("a", nodes=(around, words)), sign) == around
    assert parts.target(screen("a", nodes=(around, words, both)), sign) == words
    assert parts.target(screen("a", nodes=(words,)), sign) == words
    assert parts.target(screen("a"), sign) is None


def test_whether_the_user_acted_is_told_by_the_log_of_that_run_alone() -> None:
    def facts(clock: Clock = "elapsed", has_ui: bool = True) -> Facts:
        meta = TraceMeta("r", has_ui=has_ui, clock=clock)
        run = Run(meta, (What("ui", action="click"),), (), (1500,), (1,), (0,)) if has_ui else Run(meta)
        return replace(of(Ui((HOME,))), trace=Trace((run,)))

    assert parts.acted(facts(), HOME, 1000, 2000) is True
    assert parts.acted(facts(), HOME, 1600, 2000) is False
    assert parts.acted(facts("order"), HOME, 1000, 2000) is None
    assert parts.acted(facts(has_ui=False), HOME, 1000, 2000) is None
    assert parts.acted(facts(), replace(HOME, run_id="q"), 1000, 2000) is None
    assert parts.acted(facts(), replace(HOME, clock="order"), 1000, 2000) is None


def test_not_seen_is_open_until_all_was_explored() -> None:
    sure, unsure = parts.not_seen(True, "没有", "none"), parts.not_seen(False, "没有", "none")
    assert (sure.verdict, sure.missing) == ("violation", ())
    assert (unsure.verdict, unsure.missing) == ("undetermined", ("UI_UNREACHED",))


def test_what_leads_to_a_page_by_one_tap_is_every_dump_of_the_page_before_and_not_the_page_itself() -> None:
    taps = (Tap("a", "0", "b"), Tap("b", "0", "b2"), Tap("b2", "1", "c"))
    ui = Ui(
        (screen("a", page="p"), screen("a2", page="p"), screen("b", page="q"), screen("b2", page="q"), screen("c")),
        taps,
    )
    assert parts.leading_to(ui, ui.screens[2]) == {"a", "a2"}
    assert parts.leading_to(ui, ui.screens[4]) == {"b", "b2"}


def test_a_field_may_be_left_out_where_it_or_a_control_beside_it_says_so() -> None:
    field = Sign("sensitive_field", "0", "身份证号")
    skip = screen("a", nodes=(Node("0", editable=True), Node("1", "跳过", clickable=True)))
    assert parts.may_be_left_out(skip, field)
    assert parts.may_be_left_out(screen("b"), replace(field, text="身份证号（选填）"))
    assert not parts.may_be_left_out(screen("c", nodes=(Node("1", "不可跳过"),)), field)


def test_a_dump_is_of_the_scene_of_the_page_in_its_log_else_of_its_activity() -> None:
    near, chat = Scene("附近", pages=("*/Near",)), Scene("聊天", pages=("Main",))
    decl = Declaration("林小雨", "2026-11-01", app=AppDeclaration(scenes=(near, chat)))
    shown = screen("s", t_ms=2000, activity=".Main")
    facts = replace(of(Ui((shown,))), decl=decl)
    assert parts.scene_shown(facts, shown) == chat
    run = Run(TraceMeta(run_id="r"), (What("screen", activity="Main", page="nav/Near"),), (), (1000,), (1,), (0,))
    assert parts.scene_shown(replace(facts, trace=Trace((run,))), shown) == near


def test_a_landing_page_with_a_box_drawn_by_hand_has_small_pictures_and_nothing_to_use() -> None:
    nodes = (
        Node("0", "登录", clickable=True, bounds=(0, 0, 1080, 100)),
        Node("1", "注册", clickable=True, bounds=(0, 100, 1080, 200)),
        Node("2", clickable=True, bounds=(0, 200, 90, 290)),
    )
    landing = screen("l", nodes=nodes)
    assert [one.id for one in parts.small_pictures(landing)] == ["2"]
    assert not parts.is_functional(landing)
