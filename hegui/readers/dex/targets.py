"""What is looked for in the code (目标接口): methods, fields, and constants that carriers pass to the platform."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol


class ArgumentIs(Protocol):
    """A target counts only when one of these constants is passed. `index` counts declared parameters from 0."""

    @property
    def index(self) -> int: ...
    @property
    def values(self) -> tuple[str, ...]: ...


class Api(Protocol):
    """A record of the API catalogue (hegui.catalogue.apis.Api), as far as reading needs it.

    `kind` is method, field, or that of a constant. `targets` are `Lpkg/Cls;->name(args)ret`, or `Lpkg/Cls;->name` for
    every overload; `Lpkg/Cls;->NAME` for a field, with or without `:type`; else the constants themselves.
    """

    @property
    def id(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def targets(self) -> tuple[str, ...]: ...
    @property
    def pi_type(self) -> str | None: ...
    @property
    def perm_group(self) -> str | None: ...
    @property
    def argument(self) -> ArgumentIs | None: ...


class Carrier(Protocol):
    """A call through which a constant takes effect (hegui.catalogue.apis.Carrier).

    `argument` counts declared parameters from 0; `table` is put before a settings key; `role` as in carriers.toml.
    """

    @property
    def kind(self) -> str: ...
    @property
    def target(self) -> str: ...
    @property
    def argument(self) -> int: ...
    @property
    def table(self) -> str: ...
    @property
    def role(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Target:
    """An Api of our own, for what is looked for besides a catalogue."""

    id: str
    kind: str
    targets: tuple[str, ...]
    pi_type: str | None = None
    perm_group: str | None = None
    argument: ArgumentIs | None = None


@dataclass(frozen=True, slots=True)
class Use:
    """What a method or field is wanted for: a record itself, or a carrier whose constant must be read first."""

    api: Api | None = None
    carrier: Carrier | None = None

    @property
    def needs_arguments(self) -> bool:
        return self.api is None or self.api.argument is not None


# Name → prototypes (of a field: types; None: any) with what each is wanted for.
Members = dict[bytes, list[tuple[bytes | None, Use]]]

# Kinds of constants for which a target also covers what lies below it.
_TREES = ("uri", "path")


@dataclass(slots=True)
class Targets:
    """The records of a catalogue, arranged for looking up in a DEX file. Names are bytes as a DEX file stores them.

    Raises ValueError for a target that is not written as `Api` says.
    """

    apis: Iterable[Api]
    carriers: Iterable[Carrier] = ()
    methods: dict[bytes, Members] = field(init=False, default_factory=dict)
    fields: dict[bytes, Members] = field(init=False, default_factory=dict)
    constants: dict[str, dict[str, list[Api]]] = field(init=False, default_factory=dict)
    # Methods but for constructors, by name: class, prototype and use of each. Those are what subclasses can inherit.
    inherited: dict[bytes, list[tuple[bytes, bytes | None, Use]]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        for api in self.apis:
            if api.kind in ("method", "field"):
                members = self.methods if api.kind == "method" else self.fields
                for target in api.targets:
                    _add(members, target, Use(api=api))
            else:
                for target in api.targets:
                    self.constants.setdefault(api.kind, {}).setdefault(target, []).append(api)
        for carrier in self.carriers:
            if carrier.kind in self.constants:
                _add(self.methods, carrier.target, Use(carrier=carrier))
        for cls, of_class in self.methods.items():
            for name, listed in of_class.items():
                if name != b"<init>":
                    self.inherited.setdefault(name, []).extend((cls, kind, use) for kind, use in listed)

    def named(self, carrier: Carrier, constant: str) -> list[Api]:
        """The records that a constant stands for when it reaches the carrier's argument."""
        known = self.constants.get(carrier.kind, {})
        if carrier.kind == "settings_key":
            return known.get(f"{carrier.table}/{constant}", [])
        if carrier.role == "authority":
            constant = f"content://{constant}"
        if carrier.kind == "command":
            return [api for target, apis in known.items() if f"{constant} ".startswith(f"{target} ") for api in apis]
        if carrier.kind in _TREES:
            # What follows "…" is not known.
            constant = constant.partition("…")[0].rstrip("/")
            while constant not in known:
                above, slash, _ = constant.rpartition("/")
                if not slash or above.endswith("/"):
                    return []
                constant = above
        return known.get(constant, [])


def _add(members: dict[bytes, Members], target: str, use: Use) -> None:
    cls, arrow, member = target.partition(";->")
    if not arrow or not cls.startswith("L") or not member:
        raise ValueError(f"target {target!r} is not Lpkg/Cls;->name(args)ret, Lpkg/Cls;->name or Lpkg/Cls;->NAME:type")
    name, paren, rest = member.partition("(")
    kind: bytes | None
    if paren:
        kind = b"(" + rest.encode()
    else:
        name, _, rest = member.partition(":")
        kind = rest.encode() or None
    listed = members.setdefault(f"{cls};".encode(), {}).setdefault(name.encode(), [])
    if (kind, use) not in listed:
        listed.append((kind, use))


def matching(members: Mapping[bytes, list[tuple[bytes | None, Use]]], name: bytes, kind: bytes) -> list[Use]:
    """What a member of that name and prototype (a field: type) is wanted for."""
    return [use for written, use in members.get(name, ()) if written is None or written == kind]
