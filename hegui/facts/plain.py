"""Facts from the plain values of JSON, each checked against its type: nothing a confined child tells is trusted further.

Files that people hand in are read by pydantic (see json.py). Importing it and building its schemas takes as long as reading
a small package, though, and what is needed here is little: text, numbers, None, tuples, dicts by text, records of these.
"""

import types
import typing
from collections.abc import Callable, Sequence
from dataclasses import MISSING, fields, is_dataclass
from functools import cache, partial
from operator import itemgetter
from typing import Any

_Check = Callable[[Any], Any]


def value_of(kind: Any, plain: Any) -> Any:
    """The value of a type that `plain`, as JSON gives it, stands for: lists become tuples, and objects records.

    Unlike pydantic's, this never converts: "1" is no number. Raises ValueError that names the field.
    """
    return _check(kind)(plain)


@cache
def _check(kind: Any) -> _Check:
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if is_dataclass(kind):
        return _record_check(typing.cast(type, kind))
    if kind in (str, int, bool, types.NoneType):
        return partial(_exactly, kind)
    if kind is float:
        return _number
    if origin is tuple and arguments[1:] == (...,):
        check = _check(arguments[0])
        if is_dataclass(arguments[0]):
            return partial(_records, typing.cast(type, arguments[0]), check)
        return partial(_tuple, check)
    if origin is tuple:
        return partial(_row, tuple(map(_check, arguments)))
    if origin is dict and arguments[0] is str:
        return partial(_dict, _check(arguments[1]))
    if origin in (types.UnionType, typing.Union):
        checks = tuple(_check(each) for each in arguments if each is not types.NoneType)
        return partial(_any_of, types.NoneType in arguments, checks)
    raise TypeError(f"no way to check a value of {kind}")


def _exactly(kind: type, plain: Any) -> Any:
    # A bool is an int to isinstance.
    if type(plain) is not kind:
        raise _unfit(kind.__name__, plain)
    return plain


def _number(plain: Any) -> float:
    if type(plain) is not float and type(plain) is not int:
        raise _unfit("float", plain)
    return float(plain)


def _tuple(check: _Check, plain: Any) -> tuple[Any, ...]:
    if type(plain) is not list:
        raise _unfit("list", plain)
    return tuple(_each(check, plain))


def _records(kind: type, check: _Check, plain: Any) -> tuple[Any, ...]:
    """Field by field of all records, not record by record: most fields are text, and a column of text is looked at at once."""
    if type(plain) is not list:
        raise _unfit("list", plain)
    checks = _field_checks(kind)
    # A record that leaves out what has a default is taken by itself; and so is the first that is wrong, which names its place.
    if len(checks) > 1 and set(map(type, plain)) == {dict} and set(map(len, plain)) == {len(checks)}:
        try:
            columns = zip(*map(itemgetter(*checks), plain), strict=True)
            whole = [_each(of_field, column) for of_field, column in zip(checks.values(), columns, strict=True)]
        except (KeyError, ValueError):
            pass
        else:
            return tuple([kind(*row) for row in zip(*whole, strict=True)])
    return tuple([check(each) for each in plain])


def _each(check: _Check, plain: Sequence[Any]) -> Sequence[Any]:
    return plain if _as_they_are(check).issuperset(map(type, plain)) else [check(each) for each in plain]


@cache
def _as_they_are(check: _Check) -> frozenset[type]:
    """The types of which every value passes a check unchanged."""
    match check:
        case partial(func=func, args=(kind,)) if func is _exactly:
            return frozenset({kind})
        case partial(func=func, args=(may_be_none, checks)) if func is _any_of:
            return frozenset({types.NoneType} if may_be_none else ()).union(*map(_as_they_are, checks))
    return frozenset()


def _row(checks: tuple[_Check, ...], plain: Any) -> tuple[Any, ...]:
    if type(plain) is not list or len(plain) != len(checks):
        raise _unfit(f"list of {len(checks)}", plain)
    return tuple([check(each) for check, each in zip(checks, plain, strict=True)])


def _dict(check: _Check, plain: Any) -> dict[str, Any]:
    if type(plain) is not dict:
        raise _unfit("object", plain)
    return {key: check(value) for key, value in plain.items()}


def _any_of(may_be_none: bool, checks: tuple[_Check, ...], plain: Any) -> Any:
    if plain is None and may_be_none:
        return None
    fault: ValueError | None = None
    for check in checks:
        try:
            return check(plain)
        except ValueError as error:
            # The first is what a part should be; Unread and the like come after it.
            fault = fault or error
    raise fault or _unfit("None", plain)


def _record_check(kind: type) -> _Check:
    needed = {part.name for part in fields(kind) if part.default is part.default_factory is MISSING}
    return partial(_record, kind, _field_checks(kind), frozenset(needed))


@cache
def _field_checks(kind: type) -> dict[str, _Check]:
    """The check of each field, in the order of the fields."""
    hints = typing.get_type_hints(kind)
    return {part.name: _check(hints[part.name]) for part in fields(kind)}


def _record(kind: type, checks: dict[str, _Check], needed: frozenset[str], plain: Any) -> Any:
    if type(plain) is not dict:
        raise _unfit(kind.__name__, plain)
    if not needed <= plain.keys() <= checks.keys():
        raise ValueError(f"{kind.__name__}: fields are missing or unknown")
    values = {}
    for name, value in plain.items():
        try:
            values[name] = checks[name](value)
        except ValueError as error:
            raise ValueError(f"{kind.__name__}.{name}: {error}") from None
    return kind(**values)


def _unfit(expected: str, plain: Any) -> ValueError:
    return ValueError(f"expected {expected}, not {type(plain).__name__}")
