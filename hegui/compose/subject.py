"""Whose pages are composed: what the package shows and the declaration says, side by side."""

from collections.abc import Callable
from dataclasses import dataclass, field

from hegui.catalogue.permissions import GROUPS, permission
from hegui.catalogue.pi_types import pi_type
from hegui.catalogue.sdks import sdk as catalogued
from hegui.compose.pages import Text, ask, declared
from hegui.facts import Facts, Unread, is_read
from hegui.facts.declaration import AppDeclaration, DeclaredSdk, Scene
from hegui.facts.package import CallSite, Package, Permission, Sdk
from hegui.facts.queries import permissions as held

# Names as a list writes them: the short noun, where the catalogue's own name holds two.
_SHORT = {
    "account.name": "姓名",
    "sensor.body": "步数",
    "location.precise": "精确位置",
    "location.coarse": "粗略位置",
    "location.wifi": "无线网络信息",
    "location.cell": "基站信息",
    "device_id.oaid": "OAID",
    "running_apps": "运行中的应用",
    "app_list": "已安装应用列表",
    "audio": "录音",
    "photo": "照片",
    "video": "视频",
    "file": "文件",
    "ad_profile": "广告画像",
    "browse_search": "浏览记录",
}


def type_name(code: str) -> str:
    """The Chinese noun for a pi_type in a list."""
    return _SHORT.get(code, pi_type(code).zh.split("、")[0].split("（")[0])


def types_text(codes: tuple[str, ...]) -> str:
    return "、".join(dict.fromkeys(type_name(code) for code in codes))


@dataclass(frozen=True)
class Subject:
    """The app. `sites` are the call sites that read personal information; None where the code was not read."""

    app: AppDeclaration
    pkg: Package | None
    sites: tuple[CallSite, ...] | None
    signed: str = ""
    sdk_notes: dict[str, tuple[int, DeclaredSdk]] = field(default_factory=dict)

    @classmethod
    def of(cls, facts: Facts, reads: Callable[[Package], tuple[CallSite, ...]]) -> "Subject":
        """The subject of these facts; without a declaration everything only people know becomes a question."""
        decl = facts.decl if is_read(facts.decl) else None
        pkg = facts.pkg if is_read(facts.pkg) else None
        app = decl.app if decl else AppDeclaration()
        notes = {one.id: (index, one) for index, one in enumerate(app.sdks)}
        sites = reads(pkg) if pkg is not None and not isinstance(pkg.callsites, Unread) else None
        return cls(app, pkg, sites, f"{decl.signed_by} {decl.signed_on}" if decl else "", notes)

    def declared(self, name: str, question: str) -> Text:
        """A field of the declaration, or its question."""
        return declared(getattr(self.app, name), f"app.{name}", question)

    @property
    def name(self) -> Text:
        if self.app.name:
            return Text(self.app.name, "declared", "app.name")
        label = self.pkg.label if self.pkg else None
        if isinstance(label, str) and label:
            return Text(label, "package", self.pkg.application_at if self.pkg else "")
        return Text(self.pkg.name, "package", self.pkg.manifest_at) if self.pkg else ask("应用名称")

    def permissions(self) -> tuple[Permission, ...]:
        """Those a user grants and the manifest asks for; () where none were read."""
        if self.pkg is None or isinstance(self.pkg.permissions, Unread):
            return ()
        return held.dangerous(self.pkg)

    def sdks(self) -> tuple[Sdk, ...]:
        """The SDKs found that a name can be given to, by name; one that is the app's own operator's is among them."""
        if self.pkg is None or isinstance(self.pkg.sdks, Unread):
            return ()
        return tuple(sorted((one for one in self.pkg.sdks if one.sdk_id != "unknown"), key=lambda one: one.name))

    def reads_of(self, origin: str) -> tuple[CallSite, ...]:
        return tuple(one for one in self.sites or () if one.origin == origin)

    def scenes_using(self, one: Permission) -> tuple[tuple[int, Scene], ...]:
        """The declared scenes that use a permission, each with its index in the declaration."""
        wanted = {one.name, held.short(one), one.group}
        return tuple((index, scene) for index, scene in enumerate(self.app.scenes) if wanted & set(scene.perms))


def permission_name(name: str) -> str:
    """The permission as a list writes it: the Chinese name of its group with its Android name, 相机权限（CAMERA）."""
    if name in GROUPS:
        return f"{GROUPS[name].zh}权限"
    whole = name if "." in name else held.ANDROID + name
    known = permission(whole)
    short = whole.removeprefix(held.ANDROID)
    return f"{GROUPS[known.group].zh}权限（{short}）" if known and known.group in GROUPS else short


def sdk_operator(one: Sdk) -> Text | None:
    """Who operates an SDK, as the catalogue knows it."""
    known = catalogued(one.sdk_id)
    return Text(known.operator, "catalogue", f"sdks/{known.id}") if known and known.operator else None


def sdk_link(one: Sdk) -> Text | None:
    known = catalogued(one.sdk_id)
    return Text(known.rules, "catalogue", f"sdks/{known.id}") if known and known.rules else None
