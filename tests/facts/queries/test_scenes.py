"""What the declared scenes name."""

from hegui.facts import Unread
from hegui.facts.declaration import AppDeclaration, Declaration, Scene
from hegui.facts.package import CallSite
from hegui.facts.queries.scenes import declared_reading
from tests.packages import facts_of, package

SITE = CallSite("x", "contacts", "contacts", "Lx;->y()V", "La;", "b()V", 0, "app")
UNGROUPED = CallSite("x", "app_list", None, "Lx;->y()V", "La;", "b()V", 0, "app")


def declared(*scenes: Scene) -> Declaration:
    return Declaration("张三（虚构）", "2026-11-01", AppDeclaration(scenes=scenes))


def test_a_scene_names_a_reading_by_its_kind_or_by_its_permission_group() -> None:
    facts = facts_of(package(), decl=declared(Scene("加好友", types=("contacts",)), Scene("通话", perms=("contacts",))))
    assert declared_reading(facts, SITE) == ("加好友", "通话")
    assert declared_reading(facts, UNGROUPED) == ()


def test_without_a_declaration_nothing_is_named() -> None:
    assert declared_reading(facts_of(package(), decl=Unread("NO_DECL")), SITE) == ()
