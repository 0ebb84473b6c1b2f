import pytest

from hegui.catalogue.behaviours.causes import (
    is_crash,
    is_ended_by_others,
    is_on,
    is_system,
    is_testing,
    is_welcome,
    loaded_as,
    makes_profiles,
    moves_the_clock,
    pastes,
    takes_pushes,
)


@pytest.mark.parametrize(("cause", "expected"), [("user", True), (" Push ", True), ("broadcast", False), ("", False)])
def test_starts_that_the_user_awaits(cause: str, expected: bool) -> None:
    assert is_welcome(cause) is expected


@pytest.mark.parametrize(
    ("cause", "expected"), [("java.lang.Exception", True), ("ANR", True), ("app requested", False)]
)
def test_ends_that_tell_of_a_fault(cause: str, expected: bool) -> None:
    assert is_crash(cause) is expected


@pytest.mark.parametrize(
    ("package", "expected"),
    [("android", True), ("com.android.settings", True), ("androidx.example", False), ("com.androids.game", False)],
)
def test_packages_of_the_system(package: str, expected: bool) -> None:
    assert is_system(package) is expected


@pytest.mark.parametrize(
    ("value", "expected"), [("ON", True), ("开启", True), ("denied", False), ("关", False), ("", None)]
)
def test_whether_a_switch_is_on(value: str, expected: bool | None) -> None:
    assert is_on(value) is expected


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/data/x.DEX", "code"),
        ("https://cdn.example/p.apk?v=2", "code"),
        ("/data/rules.js", "script"),
        ("/data/a.png", ""),
        ("", ""),
    ],
)
def test_what_a_file_is_run_as(path: str, expected: str) -> None:
    assert loaded_as(path) == expected


def test_words_of_clock_paste_and_profiles() -> None:
    assert moves_the_clock("系统时间")
    assert not moves_the_clock("timeout")
    assert pastes("粘贴")
    assert not pastes("复制")
    assert makes_profiles("app_list")
    assert not makes_profiles("contacts")


def test_who_started_or_ended_a_process() -> None:
    assert [is_testing(cause) for cause in ("adb", "boot")] == [True, False]
    assert [is_ended_by_others(cause) for cause in ("empty #17", "Remove Task", "self")] == [True, True, False]
    assert takes_pushes("com.example.lantern:pushcore", "")
    assert takes_pushes("com.example.lantern", "com.example.lantern/com.example.PushReceiver")
    assert not takes_pushes("com.example.push", "com.example.push/.Main")
