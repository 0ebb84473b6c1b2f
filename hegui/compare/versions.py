"""Compare two versions of an app, of its rules, or of both."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from hegui.facts import Facts, Unread, is_read
from hegui.facts.declaration import AppDeclaration
from hegui.facts.package import CallSite, Package
from hegui.facts.policy import Policy
from hegui.facts.queries.changes import NAMED_BY_8_1, Change, names_change, package_changes, policy_changes
from hegui.law.consultation import WORKDAYS, is_large
from hegui.law.errors import CalendarUnknown
from hegui.law.workdays import Calendar, add_workdays, counted_days
from hegui.words import Words

T = TypeVar("T")


@dataclass(frozen=True)
class Triggered:
    """A duty that the changes set off, in which draft, and by which of them. `certain` is False where a fact is missing."""

    duty: str
    todo: Words
    why: Words
    changes: tuple[Change, ...]
    certain: bool = True


@dataclass(frozen=True)
class Consultation:
    """When a consultation opened on `opens` may close at the earliest: at the end of `closes`, after `counted`.

    `closes` is None where the calendar of the year is not loaded; `why` then names the year.
    """

    opens: date
    closes: date | None
    counted: tuple[date, ...]
    why: str = ""


@dataclass(frozen=True)
class Comparison:
    """What changed in the rules and in the package, what the new rules do not name, and what must be done."""

    policy: tuple[Change, ...] | Unread
    package: tuple[Change, ...] | Unread
    uncovered: tuple[Change, ...] | Unread
    rewritten: bool
    duties: tuple[Triggered, ...]
    consultation: Consultation | None

    @property
    def changes(self) -> tuple[Change, ...]:
        """Those of the rules and those of the package, the ones of article 8(1) first."""
        every = (*(self.policy if is_read(self.policy) else ()), *(self.package if is_read(self.package) else ()))
        return tuple(sorted(every, key=lambda one: one.dimension not in NAMED_BY_8_1))


def compare(
    old: Facts, new: Facts, reads: Callable[[Package], tuple[CallSite, ...]], calendar: Calendar, on: date
) -> Comparison:
    """Hold two versions against each other. `on` is the day a consultation would open; `reads` picks reading call sites."""
    said = _both(old.policy, new.policy, policy_changes)
    does = _both(old.pkg, new.pkg, lambda first, second: package_changes(first, second, reads))
    added = [one for one in (does if is_read(does) else ()) if one.kind != "removed"]
    uncovered = _uncovered(new.policy, added)
    rewritten = is_read(old.policy) and is_read(new.policy) and _bare(old.policy.text) != _bare(new.policy.text)
    material = tuple(
        one
        for one in (*(said if is_read(said) else ()), *(does if is_read(does) else ()))
        if one.dimension in NAMED_BY_8_1
    )
    app = next((part.decl.app for part in (new, old) if is_read(part.decl)), None)
    consultation = _consultation(on, calendar) if material and _must_consult(app) is not False else None
    duties = _duties(old, new, said if is_read(said) else (), does if is_read(does) else (), material, rewritten, app)
    return Comparison(said, does, uncovered, rewritten, duties, consultation)


def _both(
    old: T | Unread, new: T | Unread, changes: Callable[[T, T], tuple[Change, ...] | Unread]
) -> tuple[Change, ...] | Unread:
    if isinstance(old, Unread):
        return old
    return new if isinstance(new, Unread) else changes(old, new)


def _uncovered(rules: Policy | Unread, added: list[Change]) -> tuple[Change, ...] | Unread:
    if isinstance(rules, Unread):
        return rules
    return tuple(one for one in added if not names_change(rules, one))


def _bare(text: str) -> str:
    return "".join(text.split())


def _must_consult(app: AppDeclaration | None) -> bool | None:
    """Whether article 8(2) binds: large and complex (A-08). None where a figure that could decide is not declared."""
    if app is None:
        return None
    large = is_large(app.users_registered, app.mau)
    if large is False or app.complex is False:
        return False
    return None if large is None else app.complex


def _consultation(opens: date, calendar: Calendar) -> Consultation:
    try:
        counted = counted_days(opens, WORKDAYS, calendar)
        return Consultation(opens, add_workdays(opens, WORKDAYS, calendar), counted)
    except CalendarUnknown as error:
        return Consultation(opens, None, (), str(error.year))


def _duties(
    old: Facts,
    new: Facts,
    said: tuple[Change, ...],
    does: tuple[Change, ...],
    material: tuple[Change, ...],
    rewritten: bool,
    app: AppDeclaration | None,
) -> tuple[Triggered, ...]:
    found: list[Triggered] = []
    stated = tuple(one for one in said if one.dimension in NAMED_BY_8_1)
    if material:
        found.append(
            Triggered(
                "cac-2026:8.1",
                Words("修订收集使用规则，写明下列变化", "revise the rules to state these changes"),
                Words("第八条第一款所列事项有变化", "matters named in article 8(1) changed")
                if stated
                else Words(
                    "代码能做的事有变化，是否发生须核实",
                    "what the code can do changed; whether it does is to be verified",
                ),
                material,
                certain=bool(stated),
            )
        )
        bound = _must_consult(app)
        if bound is not False:
            why = (
                Words("声明的用户规模和业务复杂程度达到门槛", "the declared size and complexity reach the thresholds")
                if bound
                else Words(
                    "是否达到 5000 万注册或 1000 万月活且业务复杂，未声明",
                    "whether the app reaches 50 million registered or 10 million monthly users and is complex is not declared",
                )
            )
            for duty, todo in (
                ("cac-2026:8.2.1", Words("修订前公开征求意见", "put the revision to the public first")),
                ("cac-2026:8.2.2", Words("征求意见不少于 7 个工作日", "for at least 7 working days")),
            ):
                found.append(Triggered(duty, todo, why, material, certain=bool(bound)))
    if stated or material:
        for duty, todo in (
            ("cac-2026:9.3.1", Words("以弹窗或推送逐项告知变化", "tell users each change by pop-up or push")),
            (
                "cac-2026:9.3.2",
                Words("重新取得同意后再开始新增的处理", "obtain consent again before the new processing"),
            ),
        ):
            why = Words("规则须因此更新", "the rules must be updated for it")
            found.append(Triggered(duty, todo, why, stated or material, certain=bool(stated)))
    if said or rewritten or material:
        found.append(
            Triggered(
                "app-2021:6.3.2",
                Words("规则变更，重新取得同意", "the rules change: obtain consent again"),
                Words(
                    "2021 年草案对任何规则变更都要求重新同意",
                    "the 2021 draft asks for consent to any change of the rules",
                ),
                said or material,
                certain=bool(said or rewritten),
            )
        )
    if is_read(old.pkg) and is_read(new.pkg) and does and old.pkg.version_code != new.pkg.version_code:
        for duty, todo in (
            ("cac-2026:20.1.1", Words("如属改进，提醒用户升级", "if it is an improvement, remind users to upgrade")),
            (
                "cac-2026:20.1.2",
                Words("替换所有授权渠道上的旧版本", "replace old versions in every authorised channel"),
            ),
        ):
            why = Words("新版本改变了收集使用行为", "the new version collects otherwise")
            found.append(Triggered(duty, todo, why, does, certain=False))
    for dimension, duty, todo in (
        ("sdk", "cac-2026:7.1.3.1", Words("更新 SDK 清单", "update the list of SDKs")),
        (
            "permission",
            "cac-2026:7.1.2.2",
            Words("更新权限清单及频度", "update the list of permissions and frequencies"),
        ),
        (
            "sharing",
            "cac-2026:9.2.1",
            Words("向新的接收方提供前取得单独同意", "obtain separate consent before giving to a new recipient"),
        ),
    ):
        some = tuple(one for one in (*said, *does) if one.dimension == dimension and one.kind != "removed")
        if some:
            found.append(Triggered(duty, todo, Words("新增或变化", "added or changed"), some))
    return tuple(found)
