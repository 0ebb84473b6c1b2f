"""The still picture: few shapes however many events, and consent marked in it."""

import pytest

from hegui.facts import Unread
from hegui.facts.trace import Run, Trace, TraceMeta, What
from hegui.report.timeline import Picture, pictures
from hegui.report.timeline_still import MOST_MARKS, still


def picture(run: Run) -> Picture:
    return pictures(Trace((run,)), Unread("NO_CAPTURE")).runs[0]


def crowded(size: int, kinds: int) -> Run:
    whats = (
        What("consent", scope="rules", act="agree"),
        *(What("api", pi_type="contacts", origin=f"sdk{at}") for at in range(kinds)),
        *(What("screen", page=f"p{at}") for at in range(5)),
    )
    what = (0, *(1 + at % (len(whats) - 1) for at in range(size)))
    return Run(TraceMeta("r"), whats, (), tuple(range(len(what))), tuple(range(1, len(what) + 1)), what)


@pytest.mark.parametrize(("size", "kinds"), [(10, 1), (20_000, 1), (20_000, 80)])
def test_shapes_are_few_however_many_events(size: int, kinds: int) -> None:
    drawn = still(picture(crowded(size, kinds)))
    assert len([one for one in drawn.strokes if one.look.startswith(("mark", "bar"))]) <= MOST_MARKS
    assert len(drawn.strokes) <= MOST_MARKS * 1.3
    assert all(0 <= one.x <= drawn.width and one.x + one.width <= drawn.width + 3 for one in drawn.strokes)


def test_consent_is_a_line_with_its_time() -> None:
    run = Run(
        TraceMeta("r", uncertainty_ms=50), (What("consent", act="agree"), What("fg")), (), (4000, 9000), (1, 2), (0, 1)
    )
    drawn = still(picture(run))
    assert [one.look for one in drawn.strokes if one.look.startswith("moment")] == ["moment agree"]
    assert "同意 0:04.000 ±50 ms" in [one.words.zh for one in drawn.labels]
    assert {"同意之前", "同意之后"} <= {one.words.zh for one in drawn.labels}


def test_a_run_without_consent_says_so_over_its_whole_length() -> None:
    drawn = still(picture(Run(TraceMeta("r", "S1"), (What("fg"),), (), (4000,), (1,), (0,))))
    assert "本次运行没有同意：全程都在同意之前" in [one.words.zh for one in drawn.labels]
    assert [one.look for one in drawn.strokes if one.look.startswith("band")] == ["band before"]
