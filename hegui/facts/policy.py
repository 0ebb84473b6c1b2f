"""What an app says: the facts of its privacy rules (收集使用规则), each with the span it was read from."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Span:
    """A stretch of the source text: document, and character offsets [start, end)."""

    document: str
    start: int
    end: int


@dataclass(frozen=True)
class Stated:
    """One stated thing with its place and how sure the reading is (0 to 1)."""

    value: str
    span: Span | None = None
    conf: float = 1.0


@dataclass(frozen=True)
class StatedPermission:
    name: str
    freq: str | None = None
    span: Span | None = None


@dataclass(frozen=True)
class Function:
    """A business function and what is collected for it (业务功能)."""

    name: str
    purpose: str | None = None
    method: str | None = None
    types: tuple[str, ...] = ()
    perms: tuple[StatedPermission, ...] = ()
    span: Span | None = None


@dataclass(frozen=True)
class StatedType:
    """A type of personal information the rules name, with necessity and effect where it is sensitive."""

    type: str
    sensitive: bool = False
    necessity: str | None = None
    impact: str | None = None
    span: Span | None = None


@dataclass(frozen=True)
class StatedSdk:
    name: str
    package: str | None = None
    version: str | None = None
    function: str | None = None
    operator: str | None = None
    types: tuple[str, ...] = ()
    link: str | None = None
    span: Span | None = None


@dataclass(frozen=True)
class Sharing:
    recipient: str
    purpose: str | None = None
    types: tuple[str, ...] = ()
    role: str | None = None
    span: Span | None = None


@dataclass(frozen=True)
class Retention:
    scope: str
    period: str | None = None
    method: str | None = None
    expiry: str | None = None
    span: Span | None = None


@dataclass(frozen=True)
class PolicyOperator:
    name: str | None = None
    contacts: tuple[Stated, ...] = ()
    span: Span | None = None


@dataclass(frozen=True)
class Block:
    """A block of the text: heading, paragraph, list, table or cell, with its emphasised spans."""

    kind: str
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True)
class Policy:
    """Privacy rules as read from one or more documents. `rights` maps each right to where it is exercised."""

    text: str
    url: str | None = None
    version: str | None = None
    published_at: str | None = None
    effective_at: str | None = None
    lang: str = "zh"
    styled: bool = False
    operator: PolicyOperator = field(default_factory=PolicyOperator)
    functions: tuple[Function, ...] = ()
    types: tuple[StatedType, ...] = ()
    sdks: tuple[StatedSdk, ...] = ()
    sharing: tuple[Sharing, ...] = ()
    retention: tuple[Retention, ...] = ()
    rights: dict[str, Stated] = field(default_factory=dict)
    complaint: dict[str, Stated] = field(default_factory=dict)
    negatives: tuple[Stated, ...] = ()
    minor: dict[str, Stated] = field(default_factory=dict)
    personal: dict[str, Stated] = field(default_factory=dict)
    blocks: tuple[Block, ...] = ()
