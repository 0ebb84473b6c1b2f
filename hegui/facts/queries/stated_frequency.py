"""What rules say on how often a kind of information is taken (RULES R30)."""

from collections.abc import Collection

from hegui.facts.policy import Policy, Span


def stated_frequency(rules: Policy, kind: str, groups: Collection[str]) -> tuple[str, Span | None] | None:
    """The words and their place: at a function that collects the kind, else at one of its permission groups; None if silent."""
    for function in rules.functions:
        if function.freq and kind in function.types:
            return function.freq, function.span
    named = (*rules.permissions, *(one for function in rules.functions for one in function.perms))
    return next(((one.freq, one.span) for one in named if one.freq and one.group in groups), None)
