"""Frames, however a tool writes them."""

import pytest

from hegui.readers.trace.stacks import MOST_FRAMES, frames

CASES = [
    ("\tat a.b.C$D.m(C.java:4664)\n\tat a.b.E.<init>(Unknown Source:11)", ("a.b.C$D.m", "a.b.E.<init>")),
    ("a.b.C.m:191;a.b.D.newInstance0:-2;a.b.V.<init>:4807;", ("a.b.C.m", "a.b.D.newInstance0", "a.b.V.<init>")),
    ("a.b.C.m() -2 <- \na.b.T.g() 1,536 <- \na.b.E$F.c$default() 193 <- ", ("a.b.C.m", "a.b.T.g", "a.b.E$F.c$default")),
    ("a.b.C.m(C.java:149)<---x.y.z(x.y:play-base@@18.0.0:13)<---z.q.w(P:1)", ("a.b.C.m", "x.y.z", "z.q.w")),
    ('["a.b.C.m(C.java:1)","a.b.D.n(D.java:2)"]', ("a.b.C.m", "a.b.D.n")),
    ("[a.b.C.m(Unknown Source:134),\n\n a.b.D.n(Unknown Source:35)]", ("a.b.C.m", "a.b.D.n")),
    ("La/b/C;->m(I)V", ("a.b.C.m",)),
    ("a.b.C.m$lambda-1(SourceFile:14)", ("a.b.C.m$lambda-1",)),
    ("nothing here, really", ()),
    ("", ()),
]


@pytest.mark.parametrize(("text", "found"), CASES)
def test_frames(text: str, found: tuple[str, ...]) -> None:
    assert frames(text) == found


def test_a_stack_without_end_is_cut() -> None:
    assert len(frames("a.b.C.m(1)\n" * 10 * MOST_FRAMES)) == MOST_FRAMES
