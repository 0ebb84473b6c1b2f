"""The stage that reads what the rules state: the merged text of all documents becomes statements."""

from dataclasses import fields, replace
from pathlib import Path

from hegui.facts.policy import Policy
from hegui.readers.limits import Limits
from hegui.readers.sandbox import Fields, Step

# What is already known when this stage begins.
_GIVEN = ("text", "blocks", "documents", "styled")
STATED = tuple(field.name for field in fields(Policy) if field.name not in _GIVEN)


def prepare() -> None:
    from hegui.facts.json import adapter
    from hegui.readers.policy import statements, topics

    adapter(Policy)
    statements.prepare()
    topics.prepare()


def begin(path: Path, limits: Limits, read: Fields) -> Path:
    """`path` holds a Policy as JSON, whose statements are still empty."""
    return path


def _statements(path: Path) -> Fields:
    from hegui.facts.json import adapter
    from hegui.readers.policy.statements import read_statements
    from hegui.readers.policy.topics import passages

    policy = read_statements(adapter(Policy).validate_json(path.read_bytes()))
    policy = replace(policy, passages=passages(policy))
    return {name: getattr(policy, name) for name in STATED}


STAGES: tuple[Step, ...] = (Step("statements", _statements, STATED),)
