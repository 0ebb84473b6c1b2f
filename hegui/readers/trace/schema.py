"""The JSON Schema of hegui's own log, made from the facts it becomes, and the log of a run."""

import json
from collections.abc import Iterator
from dataclasses import fields
from typing import Any

from hegui.facts.json import schema as schema_of
from hegui.facts.trace import Run, Stack, TraceMeta, What
from hegui.readers.trace.log import OWN_META, SCHEMA

_NUMBER = {"type": "integer", "minimum": 0}


def log_schema() -> dict[str, Any]:
    """The schema of one line: the head (the first line), a stack, or an event."""
    meta, event = schema_of(TraceMeta), schema_of(What)
    for name in OWN_META:
        del meta["properties"][name]
    event["properties"] |= {
        "t_ms": _NUMBER | {"description": "milliseconds since the start of the run"},
        "seq": _NUMBER | {"description": "number of the event; one that stands twice is taken once"},
        "stack": {"oneOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]},
    }
    event["required"] = ["t_ms", "type"]
    definitions = meta.pop("$defs", {}) | event.pop("$defs", {})
    definitions.pop("UnreadRow", None)
    head = {"schema": {"const": SCHEMA}, "meta": _bare(meta)}
    stack = {"stack_id": {"type": "string"}, "frames": {"type": "array", "items": {"type": "string"}}}
    made: dict[str, Any] = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": SCHEMA,
        "oneOf": [_record("head", head), _record("stack", stack), _bare(event) | {"title": "event"}],
    }
    return made | ({"$defs": definitions} if definitions else {})


def lines_of(run: Run) -> Iterator[str]:
    """The run as a log of our own, a line at a time. `line` and `derived` events stay behind: they are not observed."""
    meta = {name: value for name, value in _set(run.meta).items() if name not in OWN_META}
    yield _json({"schema": SCHEMA, "meta": meta})
    for number, stack in enumerate(run.stacks):
        yield _json({"stack_id": str(number), "frames": stack.frames})
    written = [
        _json({**_set(what), **({"stack": str(what.stack)} if what.stack is not None else {})})[1:]
        for what in run.whats
    ]
    for at, index in enumerate(run.what):
        if not run.whats[index].derived:
            yield f'{{"seq": {at + 1}, "t_ms": {run.t_ms[at]}, {written[index]}'


def _set(record: Stack | TraceMeta | What) -> dict[str, Any]:
    """The fields that differ from their defaults."""
    return {one.name: getattr(record, one.name) for one in fields(record) if getattr(record, one.name) != one.default}


def _bare(schema: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in schema.items() if name not in ("$schema", "title")}


def _record(title: str, properties: dict[str, Any]) -> dict[str, Any]:
    required = list(properties)
    return {
        "title": title,
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": False,
    }


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
