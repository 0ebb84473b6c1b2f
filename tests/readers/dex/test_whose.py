"""Whose code a call site is."""

import pytest

from hegui.readers.dex.whose import Owners, dotted

OWNERS = Owners("com.lantern.books", ["com.lantern.shared.App", "cn.jpush.android.ui.PushActivity"])


@pytest.mark.parametrize(
    ("name", "owner"),
    [
        ("com.lantern.books.Main", "app"),
        ("com.lantern.shared.Store", "app"),
        ("com.lanternfish.Ads", "unknown"),
        ("a.b.c", "unknown"),
        ("androidx.core.app.X", "library"),
        ("okhttp3.OkHttpClient", "library"),
    ],
)
def test_a_class_belongs_to_whose_package_it_stands_under(name: str, owner: str) -> None:
    assert OWNERS.of_class(name)[0] == owner


def test_a_known_sdk_owns_its_classes_even_when_the_launcher_is_one_of_them() -> None:
    owner, why = OWNERS.of_class("cn.jpush.android.service.PushService")
    assert owner not in ("app", "unknown", "library")
    assert "cn.jpush.android.service.PushService" in why


def test_a_renamed_class_is_the_sdks_whose_shape_it_has() -> None:
    owners = Owners("com.lantern.books", [], {"a.b": ("com.example.push", "push-1.0.jar")})
    owner, why = owners.of_class("a.b")
    assert (owner, "class shape as in push-1.0.jar" in why) == ("com.example.push", True)
    assert owners.of_class("a.c")[0] == "unknown"


def test_an_app_under_a_shared_name_does_not_own_its_neighbours() -> None:
    owners = Owners("com.example.books", [])
    assert owners.of_class("com.example.books.Main")[0] == "app"
    assert owners.of_class("com.example.ads.Collector")[0] == "unknown"


def test_a_library_acts_for_its_nearest_caller_on_the_path() -> None:
    reach = ("startup", "Lcom/lantern/books/App;->onCreate()V", "Landroidx/core/location/Compat;->get()V")
    whose = OWNERS.of_site("Landroidx/core/location/Compat;", reach)
    assert whose.origin == "app"
    assert whose.started_by == "app"
    assert "androidx.core.location.Compat" in whose.why


def test_an_sdk_act_that_the_app_sets_off_is_the_sdks_started_by_the_app() -> None:
    reach = ("startup", "Lcom/lantern/books/App;->onCreate()V", "Lcn/jpush/android/Init;->go()V")
    whose = OWNERS.of_site("Lcn/jpush/android/Init;", reach)
    assert whose.origin == whose.candidates[0]
    assert whose.candidates[1] == "app"
    assert whose.started_by == "app"


def test_an_sdk_that_starts_by_its_own_provider_is_told_apart() -> None:
    reach = ("startup", "Lcn/jpush/android/Provider;->onCreate()Z", "Lcn/jpush/android/Init;->go()V")
    whose = OWNERS.of_site("Lcn/jpush/android/Init;", reach)
    assert whose.started_by == whose.origin != "app"


def test_a_librarys_own_act_is_nobodys() -> None:
    reach = ("startup", "Landroidx/startup/AppInitializer;->a()V", "Landroidx/emoji2/text/Config;->b()V")
    whose = OWNERS.of_site("Landroidx/emoji2/text/Config;", reach)
    assert whose.origin == "library"
    assert whose.candidates == ()


def test_a_descriptor_is_written_with_dots() -> None:
    assert dotted("Lcom/example/Main$1;") == "com.example.Main$1"
