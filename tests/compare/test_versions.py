from datetime import date

import pytest

from hegui.catalogue.pi_types import pi_type
from hegui.compare import Comparison, compare, notice
from hegui.facts import Facts
from hegui.facts.declaration import AppDeclaration, Declaration
from hegui.facts.package import CallSite, Package
from hegui.facts.policy import Policy, StatedType
from hegui.law.workdays import shipped_calendar
from tests.packages import facts_of, package

OLD = Policy("旧", types=(StatedType("account.phone", said="手机号"),))
NEW = Policy("新", types=(*OLD.types, StatedType("contacts", said="通讯录")))


def reads(pkg: Package) -> tuple[CallSite, ...]:
    return pkg.callsites if isinstance(pkg.callsites, tuple) else ()


def compared(old: Facts, new: Facts, on: date = date(2026, 9, 18)) -> Comparison:
    return compare(old, new, reads, shipped_calendar(), on)


def rules(policy: Policy, **app: object) -> Facts:
    decl = {"decl": Declaration("张三（虚构）", "2026-11-01", AppDeclaration(**app))} if app else {}  # type: ignore[arg-type]
    return Facts((), (), policy=policy, **decl)  # type: ignore[arg-type]


def duties(comparison: Comparison) -> dict[str, bool]:
    return {one.duty: one.certain for one in comparison.duties}


def test_a_new_type_calls_for_revision_notice_and_consent() -> None:
    made = duties(compared(rules(OLD), rules(NEW)))
    assert made["cac-2026:8.1"]
    assert made["cac-2026:9.3.1"]
    assert made["cac-2026:9.3.2"]
    assert made["app-2021:6.3.2"]


def test_the_same_rules_call_for_nothing() -> None:
    made = compared(rules(OLD), rules(OLD))
    assert (made.duties, made.consultation) == ((), None)
    assert notice(made, "灯笼") == ""


def test_a_rewritten_text_without_material_change_concerns_the_2021_draft_only() -> None:
    made = compared(rules(OLD), rules(Policy("旧的另一种写法", types=OLD.types)))
    assert duties(made) == {"app-2021:6.3.2": True}


@pytest.mark.parametrize(
    ("app", "bound"),
    [
        ({"users_registered": 60_000_000, "mau": 1, "complex": True}, True),
        ({"users_registered": 1, "mau": 10_000_000, "complex": True}, True),
        ({"users_registered": 60_000_000, "mau": 1, "complex": False}, None),
        ({"users_registered": 10, "mau": 10, "complex": True}, None),
        ({"users_registered": 10}, False),
        ({}, False),
    ],
    ids=["large by registration", "large by month", "not complex", "small", "a figure is missing", "nothing declared"],
)
def test_consultation_binds_large_and_complex_apps(app: dict[str, object], bound: bool | None) -> None:
    """True: binds. False: may bind, to be verified. None: does not."""
    assert duties(compared(rules(OLD), rules(NEW, **app))).get("cac-2026:8.2.2") is bound


def test_the_earliest_closing_day_counts_working_days() -> None:
    consultation = compared(rules(OLD), rules(NEW)).consultation
    assert consultation is not None
    assert consultation.closes == date(2026, 9, 29)
    assert date(2026, 9, 20) in consultation.counted


def test_a_year_without_a_calendar_is_not_guessed() -> None:
    consultation = compared(rules(OLD), rules(NEW), date(2031, 1, 5)).consultation
    assert consultation is not None
    assert (consultation.closes, consultation.why) == (None, "2031")


def test_what_the_package_newly_does_and_the_rules_do_not_name_is_a_question_in_the_notice() -> None:
    site = CallSite("a", "app_list", None, "La;->b()V", "Lc;", "d()V", 0, "app")
    old = facts_of(package(callsites=(), sdks=()), policy=OLD)
    new = facts_of(package(callsites=(site,), sdks=(), version_code=2), policy=NEW)
    made = compared(old, new)
    assert [one.subject for one in made.uncovered] == ["app_list"]  # type: ignore[union-attr]
    text = notice(made, "灯笼")
    assert "· 新增通讯录" in text
    assert f"【· 新增{pi_type('app_list').zh}】" in text
    assert not duties(made)["cac-2026:20.1.2"]


def test_code_alone_triggers_only_what_is_to_be_verified() -> None:
    site = CallSite("a", "app_list", None, "La;->b()V", "Lc;", "d()V", 0, "app")
    made = duties(compared(facts_of(package(callsites=(), sdks=())), facts_of(package(callsites=(site,), sdks=()))))
    assert "cac-2026:8.1" in made
    assert not any(made.values())
