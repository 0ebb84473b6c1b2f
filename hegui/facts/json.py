"""Facts to JSON and back, and the schema of the file. Same facts, same bytes."""

import json
from dataclasses import fields, is_dataclass
from functools import cache
from json.encoder import encode_basestring as quoted
from typing import TYPE_CHECKING, Any, TypeVar

from hegui.errors import HeguiError
from hegui.facts.facts import Facts, name_parts

if TYPE_CHECKING:
    from pydantic import TypeAdapter, ValidationError

    from hegui.facts.declaration import Declaration

T = TypeVar("T")


@cache
def adapter(kind: Any) -> "TypeAdapter[Any]":
    """The pydantic adapter of a fact type, or of a union or tuple of fact types. Unknown fields are refused."""
    # Only here, for writing facts needs none of it, and importing it takes as long as reading a small package.
    from pydantic import TypeAdapter

    name_parts()
    _refuse_unknown_fields()
    return TypeAdapter(kind)


def to_json(facts: Facts) -> str:
    """Indented JSON with sorted keys and a final newline: what json.dumps gives of the same values as dicts and lists."""
    return _written(facts, "\n") + "\n"


def _written(value: Any, line: str) -> str:
    """JSON of a fact, a part of one, or a container of these. `line` begins a new line, indented as the value is.

    json.dumps takes six times as long: with an indent it runs in Python, one generator to a container.
    """
    kind: Any = type(value)
    inner = line + " "
    # Most values are text, and of fields many are None, so a call for each of them is saved.
    if kind is str:
        return quoted(value)
    if value is None:
        return "null"
    if kind is int:
        return str(value)
    if kind is tuple or kind is list:
        return _enclosed("[]", [quoted(each) if type(each) is str else _written(each, inner) for each in value], line)
    if kind is dict:
        return _enclosed("{}", [f"{quoted(key)}: {_written(value[key], inner)}" for key in sorted(value)], line)
    if is_dataclass(value):
        parts = []
        for name, key in _keys(kind):
            each = getattr(value, name)
            if type(each) is str:
                parts.append(key + quoted(each))
            elif each is None:
                parts.append(key + "null")
            else:
                parts.append(key + _written(each, inner))
        return _enclosed("{}", parts, line)
    return json.dumps(value)


def _enclosed(marks: str, parts: list[str], line: str) -> str:
    if not parts:
        return marks
    inner = line + " "
    return f"{marks[0]}{inner}{f',{inner}'.join(parts)}{line}{marks[1]}"


@cache
def _keys(kind: Any) -> tuple[tuple[str, str], ...]:
    """The fields of a record in the order they are written, each with its key as written."""
    return tuple((name, f"{quoted(name)}: ") for name in sorted(part.name for part in fields(kind)))


def from_json(text: str | bytes, name: str = "facts.json") -> Facts:
    """Read what to_json wrote. Raises HeguiError that names the first place that is wrong."""
    from pydantic import ValidationError

    try:
        made: Facts = adapter(Facts).validate_json(text)
    except ValidationError as error:
        place, said = first_fault(error)
        raise HeguiError(
            f"{name}：{place} 处不符合 hegui/facts@1：{said}；用 hegui schema facts 查看格式",
            f"{name}: {place} does not fit hegui/facts@1: {said}; see hegui schema facts",
        ) from None
    return made


def declaration_from(form: object) -> "Declaration":
    """A declaration from the plain values of its form. Raises HeguiError that names the field."""
    from pydantic import ValidationError

    from hegui.facts.declaration import Declaration

    try:
        made: Declaration = adapter(Declaration).validate_python(form)
    except ValidationError as error:
        place, said = first_fault(error)
        raise HeguiError(f"字段 {place}：{said}", f"field {place}: {said}") from None
    return made


def first_fault(error: "ValidationError") -> tuple[str, str]:
    """The place and the text of the first thing that is wrong."""
    first = error.errors()[0]
    return ".".join(str(step) for step in first["loc"]) or "(root)", first["msg"]


def schema(kind: Any = Facts, title: str = "hegui/facts@1") -> dict[str, Any]:
    """The JSON Schema of a fact type; of facts.json unless told otherwise."""
    made = adapter(kind).json_schema()
    made["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    made["title"] = title
    return made


@cache
def _refuse_unknown_fields() -> None:
    from hegui.facts import declaration, facts, package, policy, screens, trace, traffic, unread

    # Else {"unread": …} would pass as a record whose fields all have defaults.
    for module in (declaration, facts, package, policy, screens, trace, traffic, unread):
        for kind in vars(module).values():
            if isinstance(kind, type) and is_dataclass(kind):
                kind.__pydantic_config__ = {"extra": "forbid"}  # type: ignore[attr-defined]
