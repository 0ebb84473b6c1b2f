import pytest

from hegui.catalogue.behaviours.files import Has, Owner, Picks, has_picker, hidden_in_shared, owner_of


@pytest.mark.parametrize(
    ("picks", "platform", "level", "has"),
    [
        ("photos", "android", 33, "yes"),
        ("photos", "android", 32, "sometimes"),
        ("photos", "android", 30, "sometimes"),
        ("photos", "android", 29, "no"),
        ("photos", "ios", 13, "no"),
        ("photos", "harmony", 9, "yes"),
        ("documents", "android", 19, "yes"),
        ("documents", "android", 18, "no"),
    ],
)
def test_a_picker_comes_with_a_level_of_the_system(picks: Picks, platform: str, level: int, has: Has) -> None:
    assert has_picker(picks, platform, level) == has


@pytest.mark.parametrize(
    ("path", "owner", "hidden"),
    [
        ("/data/user/0/com.example.lantern/.cache/x", "own", False),
        ("/storage/emulated/0/Android/data/com.example.lantern/files/x", "own", False),
        ("/storage/emulated/0/DCIM/.thumbnails/1.jpg", "by_system", False),
        ("/sdcard/Download/a.pdf", "shared", False),
        ("/sdcard/.device_mark/id", "shared", True),
        ("/sdcard/../etc", "shared", False),
        ("content://media/external/images/1", "", False),
    ],
)
def test_a_path_tells_whose_it_is(path: str, owner: Owner, hidden: bool) -> None:
    assert (owner_of(path), hidden_in_shared(path)) == (owner, hidden)
