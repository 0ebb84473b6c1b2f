from hegui.audit import screen_evidence as shows
from hegui.facts import Facts, Input
from hegui.facts.screens import Node, Screen, Sign, Tap, Ui

SHA256 = "ab" * 32
BOX = Sign("consent_box", "0.3", "我已阅读并同意", True)
SCREEN = Screen(
    "001.xml", "r", 900, "first_launch", ".Main", "com.example.lantern", signs=(BOX,), place="dumps#001.xml"
)


def given(*names: str) -> Facts:
    inputs = tuple(Input("screens", name, SHA256 if name == "dumps" else "cd" * 32, 10) for name in names)
    return Facts((*inputs, Input("package", "lantern.apk", "ef" * 32, 10)), ())


def test_a_sign_is_shown_with_its_node_its_time_and_its_state() -> None:
    one = shows.sign(given("dumps"), SCREEN, BOX)
    assert (one.kind, one.where, one.sha256) == ("ui_dump", "dumps#001.xml@0.3", SHA256)
    assert one.excerpt == "t=0.9 s consent_box “我已阅读并同意” [checked]"


def test_a_dump_without_times_is_known_by_its_number() -> None:
    numbered = Screen("2", "r", 2, "", "", "", clock="order")
    assert shows.whole(given("dumps"), numbered).excerpt.startswith("dump 2")


def test_a_whole_screen_shows_what_can_be_done_there() -> None:
    nodes = (
        Node("0", "首页", clickable=True),
        Node("1", "隐藏", clickable=True, visible=False),
        Node("2", "标题"),
    )
    screen = Screen("h", "r", 0, "", ".Main", "com.example.lantern", nodes)
    assert shows.whole(given("dumps"), screen).excerpt == "t=0.0 s com.example.lantern .Main: 首页"


def test_of_several_folders_the_hash_is_that_of_the_one_the_dump_lies_in() -> None:
    facts = given("older", "dumps")
    assert shows.whole(facts, SCREEN).sha256 == SHA256
    assert shows.whole(facts, Screen("001.xml", "r", 0, "", "", "")).sha256 == ""
    assert shows.coverage(facts, Ui()).sha256 == ""


def test_the_coverage_names_every_phase_and_whether_it_was_explored() -> None:
    one = shows.coverage(given("dumps"), Ui((SCREEN,), (), {"first_launch": True, "settings": False}))
    assert one.excerpt == "1 screens, 0 taps; first_launch explored, settings not explored"
    assert (one.where, one.sha256) == ("dumps", SHA256)


def test_a_way_names_every_node_acted_on_and_where_it_ends() -> None:
    first = Screen("001.xml", "r", 0, "", "", "", (Node("0.1", "我的", clickable=True),), place="dumps#001.xml")
    end = Sign("cancellation", "0.7", "注销账号")
    goal = Screen("002.xml", "r", 1, "", "", "", signs=(end,), place="dumps#002.xml")
    ui = Ui((first, goal), (Tap("001.xml", "0.1", "002.xml"),))
    taps = ui.way({"001.xml"}, {"002.xml"})
    assert taps is not None
    one = shows.way(given("dumps"), ui, taps, [(goal, end)])
    assert (one.where, one.sha256) == ("dumps#001.xml@0.1 > dumps#002.xml@0.7", SHA256)
    assert one.excerpt == "1 taps: “我的” > cancellation “注销账号”"
    assert shows.way(given("dumps"), ui, taps, ()).where == "dumps#001.xml@0.1 > dumps#002.xml"


def test_what_was_typed_is_in_no_evidence() -> None:
    typed = Node("0.1", "19900001234", clickable=True, editable=True)
    screen = Screen("h", "r", 0, "", ".Main", "", (typed,))
    assert "1990000" not in shows.whole(given("dumps"), screen).excerpt
