"""What the texts say: regulations, and the duties they are taken apart into."""

from dataclasses import dataclass, field
from typing import Literal

from hegui.words import Words

Modality = Literal["must", "must_not", "encouraged", "right"]
Obligor = Literal[
    "app_operator", "sdk_operator", "distribution_platform", "terminal_maker", "network_access_provider", "regulator",
    "any_processor", "industry_body", "public",
]  # fmt: skip
Automation = Literal["auto", "assisted", "record", "none"]
Severity = Literal["critical", "high", "medium", "low", "info"]


@dataclass(frozen=True, slots=True)
class Threshold:
    """A number a duty turns on. `source`: "draft" when the text says it, "engine_default" when we had to choose."""

    op: str
    value: float | str
    unit: Words
    what: Words
    source: str


@dataclass(frozen=True, slots=True)
class Duty:
    """One atomic duty (义务), in our own words, with the citation of the clause it is taken from.

    `evidence` are kinds of evidence, `missing` the reason codes that can leave it undetermined.
    """

    id: str
    article: int
    clause: str
    cite: str
    obligor: Obligor
    modality: Modality
    severity: Severity
    automation: Automation
    title: Words
    trigger: Words
    decides: Words
    violates: Words
    complies: Words
    paragraph: int | None = None
    item: str | None = None
    co_obligors: tuple[Obligor, ...] = ()
    exceptions: tuple[Words, ...] = ()
    thresholds: tuple[Threshold, ...] = ()
    evidence: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    conflict: Words | None = None
    related: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    workflows: tuple[str, ...] = ()
    features: tuple[str, ...] = ()
    ambiguities: tuple[str, ...] = ()

    @property
    def regulation(self) -> str:
        return self.id.partition(":")[0]


@dataclass(frozen=True, slots=True)
class Regulation:
    """A law pack (法规包): one text with its status, dates and duties, in the order of the text."""

    id: str
    title: Words
    status: str
    status_words: Words
    version: str
    published: str
    articles: int
    source: str
    effective: str | None
    note: Words
    duties: tuple[Duty, ...] = field(repr=False)
    article_titles: dict[int, Words] = field(default_factory=dict, repr=False)
    shipped: bool = True
