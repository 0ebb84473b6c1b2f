"""What a responsible person declares (声明), dated and signed by name. It proves that it was said, not that it is so."""

from dataclasses import dataclass, field
from typing import Literal

# How a recipient stands to the operator: it processes for it, decides for itself, decides together with it.
Role = Literal["entrusted", "independent", "joint"]


@dataclass(frozen=True)
class Approval:
    """Who reviewed a part of the declaration and approved it, and on which ISO date (RULES D4)."""

    by: str
    on: str


@dataclass(frozen=True)
class Scene:
    """A function scene a user can name and start (功能场景). `perms` are groups or permission names.

    `purpose`, `method` and `freq` are the words the lists of article 7 need; `switch` is where the user turns it off.
    launch_is_function: its page is the first one, so that opening the app starts it (a camera, a map).
    """

    name: str
    basic: bool = False
    pages: tuple[str, ...] = ()
    perms: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    loc_mode: str | None = None
    interval_s: float | None = None
    continues_bg: bool = False
    purpose: str | None = None
    method: str | None = None
    freq: str | None = None
    switch: str | None = None
    launch_is_function: bool = False


@dataclass(frozen=True)
class SensitiveUse:
    """Why a sensitive type is necessary and what it means for the user. `type` is a pi_type."""

    type: str
    necessity: str | None = None
    impact: str | None = None


@dataclass(frozen=True)
class DeclaredSdk:
    """What the operator knows of an SDK beyond its code. `id` is the catalogue's id, or a name where it has none."""

    id: str
    operator: str | None = None
    function: str | None = None
    types: tuple[str, ...] = ()
    link: str | None = None
    version: str | None = None
    package: str | None = None


@dataclass(frozen=True)
class Recipient:
    """Somebody who gets personal information. `agreement` names the contract and its date."""

    name: str
    role: Role | None = None
    purpose: str | None = None
    scene: str | None = None
    types: tuple[str, ...] = ()
    method: str | None = None
    contact: str | None = None
    link: str | None = None
    agreement: str | None = None
    hosts: tuple[str, ...] = ()


@dataclass(frozen=True)
class DeclaredRetention:
    """How long what is kept: a period, or the method that determines it, and what happens after."""

    scope: str
    period: str | None = None
    method: str | None = None
    expiry: str | None = None


@dataclass(frozen=True)
class AppDeclaration:
    """What the app's operator declares. `type` is one of the 39 kinds of necessary-information rules.

    Limits are as promised ("15个工作日"); `rights` maps a right (access, copy, …) to where it is exercised.
    shared_account: several apps of one group share the account; network_id: 网号、网证 can be used; identity_basis: the law
    that asks for identity data in plain; cancel_extra_reason: why cancelling asks for more than was collected (article 18(1)).
    scenes_approved: the map of pages to scenes was reviewed; until then what lies off it is no more than a risk.
    """

    type: str | None = None
    operator: str | None = None
    users_registered: int | None = None
    mau: int | None = None
    complex: bool | None = None
    has_account: bool | None = None
    scenes: tuple[Scene, ...] = ()
    scenes_approved: Approval | None = None
    channels: tuple[str, ...] = ()
    functions: tuple[str, ...] = ()
    background_location_need: str | None = None
    self_start_need: str | None = None
    name: str | None = None
    contacts: tuple[str, ...] = ()
    address: str | None = None
    official_site: str | None = None
    rules_link: str | None = None
    rules_version: str | None = None
    effective_on: str | None = None
    complaint_channel: str | None = None
    complaint_limit: str | None = None
    cancel_path: str | None = None
    cancel_limit: str | None = None
    cancel_conditions: str | None = None
    rights: dict[str, str] = field(default_factory=dict)
    sensitive: tuple[SensitiveUse, ...] = ()
    sdks: tuple[DeclaredSdk, ...] = ()
    recipients: tuple[Recipient, ...] = ()
    retention: tuple[DeclaredRetention, ...] = ()
    serves_children: bool | None = None
    guardian_consent: str | None = None
    personalised: bool | None = None
    personalisation_switch: str | None = None
    change_notice: str | None = None
    shared_account: bool | None = None
    network_id: bool | None = None
    identity_basis: str | None = None
    cancel_extra_reason: str | None = None


@dataclass(frozen=True)
class TerminalDeclaration:
    """What the maker of a terminal, or who tests one, declares (终端厂商声明). What is left out is not known.

    rules_public: whether rules of recording are published at all; rules_url: where. merge_interval_s: the stretch within
    which these rules say that uses are merged into one entry. apps: the test apps, package → name as installed.
    privileged: packages that are no ordinary apps (system, carrier). managed: a device policy grants permissions here.
    screen_dpi: pixels per inch, to tell the size of a mark on the screen.
    """

    maker: str | None = None
    rules_public: bool | None = None
    rules_url: str | None = None
    merge_interval_s: float | None = None
    apps: dict[str, str] = field(default_factory=dict)
    privileged: tuple[str, ...] = ()
    managed: bool | None = None
    screen_dpi: int | None = None


@dataclass(frozen=True)
class Declaration:
    """A declaration. `signed_by` and `signed_on` name the person and the ISO date."""

    signed_by: str
    signed_on: str
    app: AppDeclaration = field(default_factory=AppDeclaration)
    terminal: TerminalDeclaration = field(default_factory=TerminalDeclaration)
    at: str = ""
