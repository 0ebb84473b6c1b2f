"""What an app says: the facts of its privacy rules (收集使用规则), each with the span it was read from."""

from dataclasses import dataclass, field
from typing import Literal

# What a document of the rules is for: the rules themselves, a list that belongs to them, or a part told apart.
DocumentKind = Literal["rules", "sdk_list", "sharing_list", "collected_list", "children", "summary", "other"]

BlockKind = Literal["heading", "paragraph", "item", "table", "row", "cell", "picture"]

# How a stretch of text is marked. `value` says how: the ratio to the body size, a colour, the address of a link.
MarkKind = Literal["bold", "size", "colour", "background", "underline", "italic", "link"]

# What the passages of rules are about; the topics of the public CAPP-130 corpus, in its order.
Topic = Literal[
    "collection", "permission", "sharing", "use", "storage", "security", "special", "management", "contact",
    "revision", "cessation",
]  # fmt: skip


@dataclass(frozen=True)
class Span:
    """A stretch of the text: which document, and character offsets [start, end) into `Policy.text`."""

    document: str
    start: int
    end: int


@dataclass(frozen=True)
class Stated:
    """One stated thing with its place and how sure the reading is (0 to 1). `value` is "" if it is named, not told."""

    value: str
    span: Span | None = None
    conf: float = 1.0


@dataclass(frozen=True)
class StatedPermission:
    """A permission the rules name. `name` is its Android name or its group; `freq` the words on how often, None if silent."""

    name: str
    freq: str | None = None
    span: Span | None = None
    group: str | None = None
    said: str = ""
    purpose: str | None = None
    function: str | None = None
    conf: float = 1.0


@dataclass(frozen=True)
class Function:
    """A business function and what is collected for it (业务功能). `form` is how it stands: table, list or prose."""

    name: str
    purpose: str | None = None
    method: str | None = None
    types: tuple[str, ...] = ()
    perms: tuple[StatedPermission, ...] = ()
    span: Span | None = None
    form: Literal["table", "list", "prose"] = "prose"
    freq: str | None = None
    said_types: tuple[str, ...] = ()
    conf: float = 1.0


@dataclass(frozen=True)
class StatedType:
    """A type of personal information the rules name, with necessity and effect where it is sensitive.

    `type` is a pi_type of the catalogue; `said` the words of the rules. `actor` is "app" or the name of an SDK or
    recipient as the rules write it.
    """

    type: str
    sensitive: bool = False
    necessity: str | None = None
    impact: str | None = None
    span: Span | None = None
    said: str = ""
    actor: str = "app"
    function: str | None = None
    purpose: str | None = None
    conf: float = 1.0


@dataclass(frozen=True)
class StatedSdk:
    """An SDK the rules name. `form` is table, list or prose; `said_types` are the words, `types` what they mean.

    `sdk_id` is the entry of the catalogue that the name, package or operator leads to; None if to none or to several.
    """

    name: str
    package: str | None = None
    version: str | None = None
    function: str | None = None
    operator: str | None = None
    types: tuple[str, ...] = ()
    link: str | None = None
    span: Span | None = None
    form: Literal["table", "list", "prose"] = "prose"
    said_types: tuple[str, ...] = ()
    purpose: str | None = None
    conf: float = 1.0
    sdk_id: str | None = None


@dataclass(frozen=True)
class Sharing:
    """Somebody who gets personal information. `role`: entrusted, shared, joint, transferred, disclosed, or None."""

    recipient: str
    purpose: str | None = None
    types: tuple[str, ...] = ()
    role: str | None = None
    span: Span | None = None
    conf: float = 1.0


@dataclass(frozen=True)
class Retention:
    """How long `scope` is kept: a `period`, or a `method` that determines it; `expiry` is what happens after."""

    scope: str
    period: str | None = None
    method: str | None = None
    expiry: str | None = None
    span: Span | None = None
    types: tuple[str, ...] = ()
    conf: float = 1.0


@dataclass(frozen=True)
class PolicyOperator:
    name: str | None = None
    contacts: tuple[Stated, ...] = ()
    span: Span | None = None


@dataclass(frozen=True)
class Mark:
    """A stretch that is marked; offsets as in Span."""

    kind: MarkKind
    start: int
    end: int
    value: str = ""


@dataclass(frozen=True)
class Block:
    """A block of the text. `parent` is an index into `Policy.blocks`; `level` that of a heading (1 to 6) or of a list.

    `row` and `col` place a cell in its table after merged cells are resolved; `at` is the place in the source file:
    "line 12", "page 3", "paragraph 40". A hidden block is in the source but not shown to a reader.
    """

    kind: BlockKind
    spans: tuple[Span, ...] = ()
    level: int = 0
    parent: int | None = None
    row: int | None = None
    col: int | None = None
    rowspan: int = 1
    colspan: int = 1
    marks: tuple[Mark, ...] = ()
    at: str = ""
    hidden: bool = False


@dataclass(frozen=True)
class Document:
    """One file of the rules. Its text is `Policy.text[start:end]`; `form` is html, docx, pdf, markdown or text.

    `unread` says what of it could not be read; "" if it was read to its end.
    """

    name: str
    kind: DocumentKind
    sha256: str
    start: int
    end: int
    form: str
    lang: str = "zh"
    styled: bool = False
    title: str = ""
    unread: str = ""


@dataclass(frozen=True)
class Passage:
    """A sentence or block and what it is about."""

    topic: Topic
    span: Span
    conf: float = 1.0


@dataclass(frozen=True)
class Policy:
    """Privacy rules as read from one or more documents; `text` holds their texts, one after the other.

    `rights` maps each right (access, copy, transfer, correct, supplement, delete, restrict, cancel, withdraw) to how it
    is exercised. `cancellation` has path, limit, conditions; `complaint` channel, limit; `change` how, consent;
    `minor` age, guardian, rules; `personal` used, switch, alternative. Limits are as written ("15个工作日").
    """

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
    documents: tuple[Document, ...] = ()
    permissions: tuple[StatedPermission, ...] = ()
    cancellation: dict[str, Stated] = field(default_factory=dict)
    change: dict[str, Stated] = field(default_factory=dict)
    passages: tuple[Passage, ...] = ()
    app_names: tuple[Stated, ...] = ()

    def said(self, span: Span) -> str:
        """The words at a span."""
        return self.text[span.start : span.end]
