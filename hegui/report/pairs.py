"""Runs held against one another (成对运行): who took what how often on either side, and what that can and cannot show."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from hegui.facts.queries.pairs import fisher, sides, sign_flip
from hegui.facts.queries.timeline import timeline
from hegui.facts.trace import Run, Trace
from hegui.report import names
from hegui.report.runs import actor_name, takings
from hegui.words import Words

# RULES S8: fewer pairs cannot tell a difference from chance at one in twenty.
FEWEST_PAIRS = 5
# So many pairs are counted out way by way: 4,096 ways.
MOST_PAIRS = 12
MOST_ROWS = 60
_RARE = 0.05

_SWITCH = (Words("开", "on"), Words("关", "off"))
_VERSION = (Words("旧版", "old"), Words("新版", "new"))


@dataclass(frozen=True)
class Compared:
    """One kind taken by one party: how often in each run of either side, pairs at the same place.

    share: of all ways in which it could have fallen, those at least as extreme; None where nothing can be held against it.
    """

    actor: Words
    kind: Words
    first: tuple[int, ...]
    second: tuple[int, ...]
    share: float | None
    says: Words


@dataclass(frozen=True)
class Comparison:
    """All that was taken on either side. `pairs`: how many pairs, or 0 where versions are compared or one side is missing.

    notes: what makes the runs less alike than they should be. left_out: rows beyond the most that are shown.
    """

    scenario: str
    title: Words
    sides: tuple[Words, Words]
    runs: tuple[int, int]
    pairs: int
    rows: tuple[Compared, ...]
    notes: tuple[Words, ...]
    left_out: int

    @property
    def smallest(self) -> str:
        """The smallest share that so many pairs can reach."""
        return f"1/{2**self.pairs}"


def comparisons(trace: Trace, previous: Trace | None = None) -> tuple[Comparison, ...]:
    """Personalisation on and off (S8), each scene on and off (S12), the old and the new version (S7), where runs were given."""
    return (*_switches(trace), *_scenes(trace), *_versions(trace, previous))


def _switches(trace: Trace) -> Iterator[Comparison]:
    planned = [run for run in trace.runs if run.meta.scenario == "S8"]
    on, off = sides(planned)
    if on or off:
        yield _paired("S8", Words("个性化：开与关", "Personalisation: on and off"), on, off)


def _scenes(trace: Trace) -> Iterator[Comparison]:
    planned = [run for run in trace.runs if run.meta.scenario == "S12"]
    scenes = dict.fromkeys(one.partition("=")[0].strip() for run in planned for one in run.meta.covers if "=" in one)
    for scene in scenes:
        on, off = sides(
            [run for run in planned if any(one.partition("=")[0].strip() == scene for one in run.meta.covers)]
        )
        yield _paired("S12", Words(f"场景“{scene}”：开与关", f"Scene “{scene}”: on and off"), on, off)


def _versions(trace: Trace, previous: Trace | None) -> Iterator[Comparison]:
    new = [run for run in trace.runs if run.meta.scenario == "S7"]
    codes = sorted({run.meta.app_version_code for run in new if run.meta.app_version_code is not None})
    if previous is not None:
        old = list(previous.runs)
    elif len(codes) > 1:
        old = [run for run in new if run.meta.app_version_code == codes[0]]
        new = [run for run in new if run.meta.app_version_code == codes[-1]]
    else:
        old = []
    if not new or not old:
        return
    before, after = [_counted(run) for run in old], [_counted(run) for run in new]
    keys = _keys([*before, *after])
    rows = [_between_versions(key, tuple(run[key] for run in before), tuple(run[key] for run in after)) for key in keys]
    yield Comparison(
        "S7", Words("升级：旧版与新版", "Upgrade: the old and the new version"), _VERSION, (len(old), len(new)), 0,
        tuple(rows[:MOST_ROWS]), tuple(_unlike([*old, *new])), max(0, len(rows) - MOST_ROWS),
    )  # fmt: skip


def _paired(scenario: str, title: Words, on: Sequence[Run], off: Sequence[Run]) -> Comparison:
    pairs = min(len(on), len(off), MOST_PAIRS)
    first, second = [_counted(run) for run in on], [_counted(run) for run in off]
    if pairs:
        first, second = first[:pairs], second[:pairs]
    keys = _keys([*first, *second])
    rows = [
        _between_sides(key, tuple(run[key] for run in first), tuple(run[key] for run in second), pairs) for key in keys
    ]
    notes = list(_unlike([*on, *off]))
    if spare := len(on) + len(off) - 2 * pairs if pairs else 0:
        notes.append(
            Words(
                f"另有 {spare} 次运行没有配成对，不在表中。",
                f"{spare} more runs make no pair and are not in the table.",
            )
        )
    return Comparison(
        scenario,
        title,
        _SWITCH,
        (len(on), len(off)),
        pairs,
        tuple(rows[:MOST_ROWS]),
        tuple(notes),
        max(0, len(rows) - MOST_ROWS),
    )


_Key = tuple[str, str]


def _counted(run: Run) -> Counter[_Key]:
    """How often each kind was taken by each party."""
    line = timeline(run)
    return Counter(
        {
            key: sum(line.row(row)[0].count * len(line.of_row(row)) for row in rows)
            for key, rows in takings(line).items()
        }
    )


def _keys(counted: Iterable[Counter[_Key]]) -> list[_Key]:
    """All parties and kinds, the most taken first."""
    total: Counter[_Key] = Counter()
    for one in counted:
        total.update(one)
    return sorted(total, key=lambda key: (-total[key], key))


def _between_sides(key: _Key, first: tuple[int, ...], second: tuple[int, ...], pairs: int) -> Compared:
    if not pairs:
        alone = Words("只有一边的运行，无从比较", "runs of one side only: nothing to compare")
        return Compared(actor_name(key[0]), names.kind(key[1]), first, second, None, alone)
    share = sign_flip([more - less for more, less in zip(first, second, strict=True)])
    return Compared(
        actor_name(key[0]), names.kind(key[1]), first, second, share, _read_pairs(first, second, share, pairs)
    )


def _read_pairs(first: Sequence[int], second: Sequence[int], share: float, pairs: int) -> Words:
    """The row in words. That the switch does nothing is never said: too little is known for that."""
    if tuple(first) == tuple(second):
        return Words(
            "每一对都一样多；不等于开关不起作用", "alike in every pair; that does not show the switch does nothing"
        )
    if sum(first) < sum(second):
        return Words("关着时反而更多", "more with it off")
    if sum(first) == sum(second):
        return Words("合计一样多，各对有多有少", "alike in all, though not in each pair")
    if pairs < FEWEST_PAIRS:
        return Words(
            f"开着时更多；只有 {pairs} 对，分不出是不是偶然",
            f"more with it on; {pairs} pairs cannot tell this from chance",
        )
    if share <= _RARE:
        return Words("开着时更多，不像偶然", "more with it on, hardly by chance")
    return Words("开着时较多，但这样的差凭偶然也常见", "more with it on, as often happens by chance")


def _between_versions(key: _Key, first: tuple[int, ...], second: tuple[int, ...]) -> Compared:
    had, has = sum(one > 0 for one in first), sum(one > 0 for one in second)
    share = fisher(had, len(first), has, len(second))
    if not had and has:
        rare = share <= _RARE
        says = Words(
            "旧版各次运行都没有，新版有" + ("，不像偶然" if rare else "；运行太少，分不出是不是偶然"),
            "in no old run, in the new" + (", hardly by chance" if rare else "; too few runs to tell it from chance"),
        )
    elif had and not has:
        says = Words("新版各次运行都没有", "in no new run")
    else:
        says = Words("两版都有", "in both")
    return Compared(actor_name(key[0]), names.kind(key[1]), first, second, share, says)


def _unlike(runs: Sequence[Run]) -> Iterator[Words]:
    """What else differs between the runs than what is compared."""
    lasted = [timeline(run).end_ms for run in runs if run.meta.clock != "order"]
    if lasted and max(lasted) > 1.5 * max(1, min(lasted)):
        short, long = f"{min(lasted) / 1000:.0f}", f"{max(lasted) / 1000:.0f}"
        yield Words(
            f"各次运行长短不一（{short} 到 {long} 秒），次数不宜直接相比。",
            f"The runs last from {short} to {long} s, so their counts compare badly.",
        )
    for zh, en, told in (
        ("监测的接口", "what was watched", {run.meta.hooks for run in runs}),
        ("设备", "the device", {run.meta.device for run in runs}),
        ("运行场景", "the scenario", {run.meta.scenario for run in runs}),
    ):
        if len(told) > 1:
            yield Words(f"各次运行的{zh}不同。", f"The runs differ in {en}.")
