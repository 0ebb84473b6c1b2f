"""The places in the code that can read personal information, as checks of both drafts count them, doubt them and say them."""

from collections.abc import Callable, Iterable, Iterator, Sequence

from hegui.audit import Asked, Finding, found
from hegui.audit import package_evidence as shows
from hegui.catalogue.apis import WEAK_PI_TYPES, entry
from hegui.facts import Unread, is_read
from hegui.facts.package import CallSite, Package
from hegui.facts.queries import code
from hegui.facts.queries import permissions as held
from hegui.facts.queries.closed_world import is_app, open_doors
from hegui.words import Words

# What a site does that gives the code something about the person; asking, checking and preparing do not.
_READS = ("read", "listen")

# These may tell of all installed apps, or just of one: who answers an intent, what is installed from now on, which
# installations are under way. The call does not show which, and most such calls look for one app.
_MAY_ASK_FOR_FEW = (
    "app_list.query_activities",
    "app_list.query_services",
    "app_list.preferred",
    "app_list.package_broadcasts",
    "app_list.launcher_callback",
    "app_list.installer_sessions",
    "app_list.installer_callback",
)

# Opening a picker takes the same address of the data as reading it.
_PICKS = ("contacts.pick_intent", "contacts.pick_contract", "media.pick_intent", "media.pick_contract")

# For these the platform came to want the permission only later, in Android 10 at the latest; below it, none may be needed.
_PERMISSION_CAME_LATER = ("wifi.", "bluetooth.", "media.")
_HAD_COME = 29

# Shown per finding; the facts hold them all.
_MOST_SHOWN = 5

Says = Callable[[Words, str, int], Words]
"""The party's name, the kind of information (a pi_type), in how many places → the sentence."""


def reads(pkg: Package) -> tuple[CallSite, ...]:
    """Sites that read or listen to personal information. Left out: traits that are never a finding alone, and calls that
    only prepare or hint at a reading. () where the code was not read: see `sites_of`."""
    return tuple(one for one in sites_of(pkg) if one.pi_type and one.pi_type not in WEAK_PI_TYPES and _counts(one))


def sites_of(pkg: Package) -> tuple[CallSite, ...]:
    """All sites, () where the code was not read. A check that claims anything from there being none, or whose duty nothing
    but code can settle, names pkg.callsites in its needs; where the manifest alone can, unread code must not stand in its way.
    """
    return () if isinstance(pkg.callsites, Unread) else pkg.callsites


def _counts(site: CallSite) -> bool:
    known = entry(site.api)
    return known is None or (known.act in _READS and not known.weak)


def doubt(pkg: Package, site: CallSite) -> Words | None:
    """Why a site is shown but held against nobody; None where it counts."""
    known = entry(site.api)
    if site.origin == "library":
        return Words("公共基础库自身的代码", "a common library's own code")
    if code.unreached(site):
        return Words("未找到通向它的执行路径", "no path to it was found")
    if known is None:
        return None
    if known.until is not None and is_read(pkg.min_sdk) and pkg.min_sdk > known.until:
        return Words(
            f"系统自 API {known.until + 1} 起不再向普通应用提供",
            f"not given to ordinary apps from API {known.until + 1}",
        )
    if lacking := _permission_lacking(pkg, site):
        return Words(
            f"清单未申请所需权限 {lacking}，系统不会放行", f"{lacking} is not asked for, so the system refuses"
        )
    if site.api == "wifi.connection":
        return Words("只取得连接对象，读出何项由后续调用决定", "only the object; what is read of it, later calls tell")
    if site.api in ("running.processes", "running.tasks"):
        return Words("自 Android 5.1 起只见到自己的进程和任务", "just its own processes and tasks since Android 5.1")
    if site.api in _MAY_ASK_FOR_FEW:
        return Words("可能只涉及个别应用", "it may be about single apps only")
    if _is_address(site) and any(_same_method(site, one) for one in sites_of(pkg) if one.api in _PICKS):
        return Words(
            "同一方法打开系统选择器，可能只用于选择", "the same method opens a picker, and may need it for that alone"
        )
    return None


def _is_address(site: CallSite) -> bool:
    """Names where the data is (a content URI); whether it is read, written or handed to a picker, the next calls tell."""
    known = entry(site.api)
    return site.target.endswith(":Landroid/net/Uri;") or (known is not None and known.kind == "uri")


def _same_method(one: CallSite, other: CallSite) -> bool:
    return (one.cls, one.method) == (other.cls, other.method)


def _permission_lacking(pkg: Package, site: CallSite) -> str:
    """The permission without which the system refuses the call, where the package's set of permissions is closed; else ""."""
    known = entry(site.api)
    if known is None or not known.permissions or isinstance(pkg.permissions, Unread) or open_doors(pkg):
        return ""
    if known.id.startswith(_PERMISSION_CAME_LATER) and not (is_read(pkg.min_sdk) and pkg.min_sdk >= _HAD_COME):
        return ""
    has = {one.name for one in held.effective(pkg)}
    lacking = [names for names in known.permissions if not has & set(names)]
    return lacking[0][0].removeprefix(held.ANDROID) if lacking else ""


def who(actor: str) -> Words:
    """The party as a sentence names it."""
    names = {
        "app": Words("应用自身", "the app itself"),
        "library": Words("公共基础库", "a common library"),
        "unknown": Words("归属未明的代码", "code of unknown owner"),
    }
    return names.get(actor, Words(f"SDK {actor} ", f"the SDK {actor}"))


def why(site: CallSite) -> Words:
    """Why the site is put down to its party, and by whose code the example path enters."""
    if not site.why_origin:
        return Words("受检的安装包就是该 SDK", "the package audited is this SDK itself")
    if site.started_by in ("", site.origin):
        return Words(site.why_origin, site.why_origin)
    return Words(
        f"{site.why_origin}；示例路径由{who(site.started_by).zh}的代码进入",
        f"{site.why_origin}; the example path enters by {who(site.started_by).en}",
    )


def can_read(
    pkg: Package,
    asked: Asked,
    sites: Iterable[CallSite],
    says: Says,
    *,
    missing: tuple[str, ...] = ("NO_TRACE",),
    assumptions: tuple[str, ...] = (),
    also: Callable[[CallSite], Words | None] = lambda site: None,
) -> Iterator[Finding]:
    """One finding for each party and kind of information. It is a risk when some site counts (see `doubt`; `also` may add
    a doubt of the check's own), else it is shown with the doubt. An operator's duty is never held against an SDK given alone.
    Needs neither permissions nor levels: what was not read (a JAR has no manifest) clears nobody.
    """
    judged = is_app(pkg) or asked.duty.obligor != "app_operator"
    for (actor, kind), group in code.by_actor_and_type(sites).items():
        doubts = [doubt(pkg, one) or also(one) for one in group]
        certain = [one for one, unsure in zip(group, doubts, strict=True) if unsure is None]
        shown = certain or list(group)
        said = says(who(actor), kind, len(shown))
        note = doubts[0] if not certain else _about_addresses(shown)
        yield found(
            "risk" if certain and judged else None,
            said.zh + (f"（{note.zh}）" if note else ""),
            said.en + (f" ({note.en})" if note else ""),
            *(shows.callsite(pkg, one) for one in shown[:_MOST_SHOWN]),
            actor=actor,
            why_actor=why(shown[0]),
            assumptions=assumptions,
            missing=(*missing, *code.hidden_by(pkg)),
        )


def _about_addresses(sites: Sequence[CallSite]) -> Words | None:
    count = sum(map(_is_address, sites))
    if not count:
        return None
    return Words(
        f"其中 {count} 处取数据地址，读或写须看上下文",
        f"{count} of them take the data's address: to read or to write, the code around them tells",
    )
