"""What a responsible person declares (声明), dated and signed by name. It proves that it was said, not that it is so."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Scene:
    """A function scene a user can name and start (功能场景). `perms` are groups or permission names."""

    name: str
    basic: bool = False
    pages: tuple[str, ...] = ()
    perms: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    loc_mode: str | None = None
    interval_s: float | None = None
    continues_bg: bool = False


@dataclass(frozen=True)
class AppDeclaration:
    """What the app's operator declares. `type` is one of the 39 kinds of necessary-information rules."""

    type: str | None = None
    operator: str | None = None
    users_registered: int | None = None
    mau: int | None = None
    complex: bool | None = None
    has_account: bool | None = None
    scenes: tuple[Scene, ...] = ()
    channels: tuple[str, ...] = ()
    functions: tuple[str, ...] = ()
    background_location_need: str | None = None
    self_start_need: str | None = None


@dataclass(frozen=True)
class Declaration:
    """A declaration. `signed_by` and `signed_on` name the person and the ISO date."""

    signed_by: str
    signed_on: str
    app: AppDeclaration = field(default_factory=AppDeclaration)
    at: str = ""
