"""Which inputs a duty still lacks, given what was supplied: the reason codes behind `undetermined`."""

from collections.abc import Callable
from dataclasses import dataclass

from hegui.facts import REASONS, Facts, Unread, is_read
from hegui.facts.declaration import AppDeclaration
from hegui.law.duty import Duty


@dataclass(frozen=True)
class Missing:
    """A reason code and what exactly is missing here; `detail` is technical and may be ""."""

    code: str
    detail: str = ""


def missing_for(duty: Duty, facts: Facts) -> tuple[Missing, ...]:
    """The codes of the duty's own list that hold for these facts.

    When none holds by the tests below, the list is given but for inputs that are there: an undetermined duty always
    says why, and never asks for what it was given. Where that leaves none, it is another such input that is meant (the
    screens of a phone, not of the app), and the whole list stands. A duty that lists nothing has HUMAN_PENDING if a person
    must judge it, else ().
    """
    held = tuple(Missing(code, _detail(code, facts)) for code in duty.missing if _lacks(code, facts))
    if held:
        return held
    if duty.missing:
        left = tuple(Missing(code) for code in duty.missing if code not in _INPUTS)
        return left or tuple(Missing(code) for code in duty.missing)
    return (Missing("HUMAN_PENDING"),) if "human_review" in duty.evidence else ()


def _lacks(code: str, facts: Facts) -> bool:
    test = _TESTS.get(code)
    if test is not None:
        return test(facts)
    # What no test can tell is missing when it is an input of its own; a quality of an absent input is not yet asked.
    return REASONS[code].order == 1


def _app(facts: Facts) -> AppDeclaration | None:
    return facts.decl.app if is_read(facts.decl) else None


def _sdks_unread(facts: Facts) -> bool:
    return is_read(facts.pkg) and isinstance(facts.pkg.sdks, Unread)


def _flag(name: str) -> Callable[[Facts], bool]:
    # Code that nobody looked at may hide as much as code that is packed: only a plain False clears the question.
    return lambda facts: is_read(facts.pkg) and getattr(facts.pkg.flags, name) is True


# What is there or is not, without a middle: the tests below settle these.
_INPUTS = frozenset(
    {"NO_PACKAGE", "NO_POLICY", "NO_TRACE", "NO_UI", "NO_CAPTURE", "NO_DECL", "BASELINE_MISSING", "PACKED", "DYN_CODE"}
)

_TESTS: dict[str, Callable[[Facts], bool]] = {
    "NO_PACKAGE": lambda facts: not is_read(facts.pkg),
    "NO_POLICY": lambda facts: not is_read(facts.policy),
    "NO_TRACE": lambda facts: not is_read(facts.trace),
    "NO_UI": lambda facts: not is_read(facts.ui),
    "UI_UNREACHED": lambda facts: not is_read(facts.ui),
    "NO_CAPTURE": lambda facts: not is_read(facts.net),
    "NO_CANARY": lambda facts: not is_read(facts.net),
    "NO_DECL": lambda facts: not is_read(facts.decl),
    "BASELINE_MISSING": lambda facts: not is_read(facts.previous),
    "CATEGORY_UNKNOWN": lambda facts: (app := _app(facts)) is None or app.type is None,
    "SCENE_UNMAPPED": lambda facts: (app := _app(facts)) is None or not app.scenes,
    "USERS_UNKNOWN": lambda facts: (app := _app(facts)) is None or app.users_registered is None or app.mau is None,
    "CHANNEL_UNKNOWN": lambda facts: (app := _app(facts)) is None or not app.channels,
    "PACKED": _flag("packed"),
    "DYN_CODE": _flag("dyn_code"),
    "SDK_UNKNOWN": _sdks_unread,
    "PLATFORM_UNSUPPORTED": lambda facts: False,
}


def _detail(code: str, facts: Facts) -> str:
    parts: dict[str, object] = {
        "NO_PACKAGE": facts.pkg,
        "NO_POLICY": facts.policy,
        "NO_TRACE": facts.trace,
        "NO_UI": facts.ui,
        "NO_CAPTURE": facts.net,
        "NO_DECL": facts.decl,
    }
    part = parts.get(code)
    return part.detail if isinstance(part, Unread) else ""
