"""The decorator that ties a check to its duties, and the list of all checks."""

import typing
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, fields, is_dataclass

from hegui.audit.errors import AuditError
from hegui.audit.finding import Finding
from hegui.facts import REASONS, Facts
from hegui.law.duty import Duty
from hegui.law.knobs import Value
from hegui.law.packs import shipped_duties


@dataclass(frozen=True)
class Asked:
    """What a check is told beside the facts: which duty is asked, and the knobs in force."""

    duty: Duty
    knobs: dict[str, Value]

    def number(self, knob: str) -> float:
        """The value of a knob that is a number. Raises AuditError if it is none."""
        value = self.knobs[knob]
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise AuditError(f"旋钮 {knob} 须为数：{value!r}", f"the knob {knob} must be a number: {value!r}")
        return float(value)


CheckFunction = Callable[[Facts, Asked], Iterable[Finding]]


@dataclass(frozen=True)
class Check:
    """A check (检查): the duties it answers, the facts it needs, the reason codes it may give, and its function."""

    name: str
    duties: tuple[str, ...]
    needs: tuple[str, ...]
    settles: tuple[str, ...]
    function: CheckFunction
    about: str

    def __call__(self, facts: Facts, asked: Asked) -> Iterator[Finding]:
        yield from self.function(facts, asked)


CHECKS: dict[str, Check] = {}


def check(*duties: str, needs: tuple[str, ...], missing: tuple[str, ...] = ()) -> Callable[[CheckFunction], Check]:
    """Tie a check to the duties it answers; it stands beside the article of the first one.

    `needs` are paths into Facts ("pkg.permissions"): if one is Unread the check is not run and its reason is given.
    `missing` are the reason codes the check itself may name. Unknown duties, facts or codes fail here, at import.
    """
    for duty in duties:
        if duty not in shipped_duties():
            raise AuditError(
                f"没有义务 {duty!r}；义务列在 hegui/regulations/*/duties.toml",
                f"no duty {duty!r}; duties are in hegui/regulations/*/duties.toml",
            )
    for path in needs:
        _known_fact(path)
    for code in missing:
        if code not in REASONS:
            raise AuditError(
                f"没有原因码 {code!r}；见 hegui/facts/reasons.toml",
                f"no reason code {code!r}; see hegui/facts/reasons.toml",
            )

    def tie(function: CheckFunction) -> Check:
        about = (function.__doc__ or "").strip()
        if not about:
            raise AuditError(
                f"检查 {function.__name__} 没有说明",
                f"check {function.__name__} has no docstring that says what it tests",
            )
        name = f"{function.__module__.removeprefix('hegui.regulations.')}.{function.__name__}"
        made = Check(name, duties, needs, missing, function, about)
        CHECKS[name] = made
        return made

    return tie


def _known_fact(path: str) -> None:
    kinds: list[type] = [Facts]
    for step in path.split("."):
        found = [
            typing.get_type_hints(kind)[step]
            for kind in kinds
            if is_dataclass(kind) and step in {one.name for one in fields(kind)}
        ]
        if not found:
            raise AuditError(
                f"没有事实 {path!r}（在 {step!r} 处）；事实类型在 hegui/facts/",
                f"no fact {path!r} (at {step!r}); fact types are in hegui/facts/",
            )
        kinds = [kind for hint in found for kind in _classes(hint)]


def _classes(hint: object) -> list[type]:
    if isinstance(hint, type) and not typing.get_origin(hint):
        return [hint]
    return [kind for part in typing.get_args(hint) for kind in _classes(part)]
