"""Facts to JSON and back, and the schema of the file. Same facts, same bytes."""

import json
from dataclasses import is_dataclass
from functools import cache
from typing import Any, TypeVar

from pydantic import ConfigDict, TypeAdapter, ValidationError

from hegui.errors import HeguiError
from hegui.facts import declaration, facts, package, policy, screens, trace, traffic, unread
from hegui.facts.declaration import Declaration
from hegui.facts.facts import Facts

T = TypeVar("T")

_MODULES = (declaration, facts, package, policy, screens, trace, traffic, unread)


@cache
def adapter(kind: Any) -> TypeAdapter[Any]:
    """The pydantic adapter of a fact type, or of a union or tuple of fact types. Unknown fields are refused."""
    _refuse_unknown_fields()
    return TypeAdapter(kind)


def to_json(facts: Facts) -> str:
    """Indented UTF-8 JSON with sorted keys and a final newline."""
    plain = adapter(Facts).dump_python(facts, mode="json")
    return json.dumps(plain, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def from_json(text: str | bytes, name: str = "facts.json") -> Facts:
    """Read what to_json wrote. Raises HeguiError that names the first place that is wrong."""
    try:
        made: Facts = adapter(Facts).validate_json(text)
    except ValidationError as error:
        place, said = first_fault(error)
        raise HeguiError(
            f"{name}：{place} 处不符合 hegui/facts@1：{said}；用 hegui schema facts 查看格式",
            f"{name}: {place} does not fit hegui/facts@1: {said}; see hegui schema facts",
        ) from None
    return made


def declaration_from(form: object) -> Declaration:
    """A declaration from the plain values of its form. Raises HeguiError that names the field."""
    try:
        made: Declaration = adapter(Declaration).validate_python(form)
    except ValidationError as error:
        place, said = first_fault(error)
        raise HeguiError(f"字段 {place}：{said}", f"field {place}: {said}") from None
    return made


def first_fault(error: ValidationError) -> tuple[str, str]:
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
    # Else {"unread": …} would pass as a record whose fields all have defaults.
    for module in _MODULES:
        for kind in vars(module).values():
            if isinstance(kind, type) and is_dataclass(kind):
                kind.__pydantic_config__ = ConfigDict(extra="forbid")  # type: ignore[attr-defined]
