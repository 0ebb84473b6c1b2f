"""What the facts say about a place that evidence names."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any, cast

from hegui.facts import Facts


def at_place(facts: Facts, place: str) -> str:
    """The records read at this place, as indented JSON, one after another; "" when there is none."""
    from hegui.facts.json import adapter

    records = [record for record in _records(facts.pkg) if getattr(record, "at", None) == place]
    return "\n".join(
        f"{type(record).__name__} {adapter(cast(Any, type(record))).dump_json(record, indent=1).decode()}"
        for record in records
    )


def _records(part: Any) -> Iterator[Any]:
    if is_dataclass(part) and not isinstance(part, type):
        yield part
        for one in fields(part):
            yield from _records(getattr(part, one.name))
    elif isinstance(part, tuple):
        for member in part:
            yield from _records(member)
