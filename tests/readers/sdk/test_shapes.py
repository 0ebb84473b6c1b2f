"""The shape of a class survives renaming, and nothing else."""

from dataclasses import replace

import pytest

from hegui.readers.sdk.shapes import SYNTHETIC, Members, named, shape, together

CLASS = Members(
    access=1,
    parent=b"Landroid/app/Service;",
    interfaces=(b"Ljava/lang/Runnable;", b"Lcom/lantern/Lit;"),
    fields=((2, b"Lcom/lantern/Wick;"), (10, b"Ljava/lang/String;"), (2, b"[Lcom/lantern/Oil;"), (2, b"I")),
    methods=(
        (1, b"<init>", b"()V"),
        (1, b"onCreate", b"()V"),
        (1, b"light", b"(Lcom/lantern/Wick;I)Z"),
        (9, b"of", b"(Ljava/lang/String;)Lcom/lantern/Lamp;"),
        (2, b"trim", b"([Lcom/lantern/Oil;J)V"),
    ),
)
RENAMED = Members(
    access=0x11,
    parent=b"Landroid/app/Service;",
    interfaces=(b"Lx/a;", b"Ljava/lang/Runnable;"),
    fields=((1, b"[Lx/c;"), (1, b"Lx/b;"), (9, b"Ljava/lang/String;"), (1, b"I")),
    methods=(
        (1, b"a", b"([Lx/c;J)V"),
        (9, b"a", b"(Ljava/lang/String;)Lx/d;"),
        (1, b"a", b"(Lx/b;I)Z"),
        (1, b"<init>", b"()V"),
        (1, b"onCreate", b"()V"),
    ),
)


def test_renaming_and_reordering_leave_it() -> None:
    assert shape(CLASS) == shape(RENAMED) != ""


def test_what_compilers_add_does_not_count() -> None:
    more = (*CLASS.methods, (SYNTHETIC | 8, b"access$000", b"()V"), (8, b"<clinit>", b"()V"))
    assert shape(replace(CLASS, methods=more)) == shape(CLASS)


@pytest.mark.parametrize(
    "changed",
    [
        replace(CLASS, parent=b"Landroid/app/Activity;"),
        replace(CLASS, interfaces=CLASS.interfaces[1:]),
        replace(CLASS, fields=(*CLASS.fields, (2, b"J"))),
        replace(CLASS, methods=(*CLASS.methods[:-1], (2, b"trim", b"(Lcom/lantern/Oil;J)V"))),
        replace(CLASS, methods=(*CLASS.methods[:-1], (10, b"trim", b"([Lcom/lantern/Oil;J)V"))),
    ],
    ids=["another superclass", "an interface less", "a field more", "no array", "static"],
)
def test_another_structure_is_another_shape(changed: Members) -> None:
    assert shape(changed) != shape(CLASS)


def test_the_support_library_is_renamed_with_the_app() -> None:
    kept = replace(CLASS, parent=b"Landroid/support/v4/app/Fragment;")
    assert shape(kept) == shape(replace(CLASS, parent=b"La/b;"))


def test_a_plain_class_has_none() -> None:
    assert shape(replace(CLASS, fields=(), methods=CLASS.methods[:3])) == ""


def test_members_are_told_by_name_in_any_order() -> None:
    turned = replace(CLASS, methods=CLASS.methods[::-1], fields=CLASS.fields[::-1])
    assert named(b"com/lantern/Lamp", turned) == named(b"com/lantern/Lamp", CLASS)
    assert named(b"com/lantern/Lamp", RENAMED) != named(b"com/lantern/Lamp", CLASS)
    assert named(b"com/lantern/Lamp$$ExternalSyntheticLambda0", CLASS) == ""
    assert together(["a", "b"]) == together(["b", "", "a"]) != together(["a"])
