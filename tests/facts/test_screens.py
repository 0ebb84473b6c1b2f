"""Ways between screens by recorded taps."""

from hegui.facts.screens import Screen, Tap, Ui


def screen(id_: str, page: str = "") -> Screen:
    return Screen(id_, "r", 0, "", "", "", page=page)


UI = Ui(
    (screen("a"), screen("b", "B"), screen("b2", "B"), screen("c"), screen("d")),
    (Tap("a", "1", "b"), Tap("b2", "2", "c"), Tap("a", "3", "d"), Tap("d", "4", "a")),
)


def test_the_shortest_way_goes_on_from_any_dump_of_the_page_it_led_to() -> None:
    assert UI.way({"a"}, {"c"}) == (Tap("a", "1", "b"), Tap("b2", "2", "c"))


def test_who_is_there_needs_no_tap_and_where_no_tap_leads_is_no_way() -> None:
    assert UI.way({"a"}, {"a"}) == ()
    assert UI.way({"c"}, {"a"}) is None


def test_of_several_starts_the_nearest_counts() -> None:
    assert UI.way({"d", "a"}, {"b"}) == (Tap("a", "1", "b"),)
