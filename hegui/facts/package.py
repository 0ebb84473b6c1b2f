"""What an app is: the facts of an installation package. Names follow RULES §2, with places added as evidence."""

from dataclasses import dataclass, field

from hegui.facts.library import Library
from hegui.facts.unread import Unread

# Where something stands inside the package: "AndroidManifest.xml@0x01a4". `hegui show PACKAGE PLACE` prints it.
Place = str


@dataclass(frozen=True)
class Certificate:
    """A signing certificate (签名证书). Digests are lower-case hex of the DER bytes; dates are ISO 8601 in UTC."""

    sha256: str
    subject: str
    issuer: str
    serial: str
    not_before: str
    not_after: str
    key: str = ""
    schemes: tuple[str, ...] = ()


@dataclass(frozen=True)
class SignatureFault:
    """Why a signature does not hold. `scheme` is v1, v2, v3 or v3.1; `code` a stable upper-case word."""

    scheme: str
    code: str
    detail: str
    at: Place = ""


@dataclass(frozen=True)
class Signature:
    """What checking the signatures found. `state`: verified, broken, unsigned, or unsupported (nothing claimed)."""

    state: str
    faults: tuple[SignatureFault, ...] = ()
    warnings: tuple[SignatureFault, ...] = ()
    lineage: tuple[Certificate, ...] = ()


@dataclass(frozen=True)
class Permission:
    """A permission the merged manifest asks for (申请的权限).

    `group` is one of the ten of articles 30/32: calendar, call_log, camera, contacts, location, microphone, phone,
    sms, storage, body; else None. `origin` says who added it where that shows: "manifest" (does not show),
    "implied" (the platform adds it for an old target), or the id of an SDK. `protection` holds the platform's levels,
    () for a permission the platform does not define.
    """

    name: str
    group: str | None
    dangerous: bool
    max_sdk: int | None = None
    origin: str = "manifest"
    protection: tuple[str, ...] = ()
    why_origin: str = ""
    flags: tuple[str, ...] = ()
    label: str = ""
    at: Place = ""


@dataclass(frozen=True)
class DeclaredPermission:
    """A permission the package itself defines."""

    name: str
    protection: tuple[str, ...]
    label: str = ""
    description: str = ""
    at: Place = ""


@dataclass(frozen=True)
class IntentFilter:
    actions: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    schemes: tuple[str, ...] = ()
    priority: int | None = None


@dataclass(frozen=True)
class Component:
    """An activity, activity-alias, service, receiver or provider (组件).

    `exported` is the effective value, by the platform's default for the target level when not written;
    `actions` are those of all filters together. `foreground_types` are a service's foreground service types.
    """

    kind: str
    name: str
    exported: bool
    actions: tuple[str, ...] = ()
    origin: str = "manifest"
    exported_written: bool = False
    enabled: bool = True
    process: str | None = None
    permission: str | None = None
    filters: tuple[IntentFilter, ...] = ()
    authorities: tuple[str, ...] = ()
    foreground_types: tuple[str, ...] = ()
    direct_boot: bool = False
    target: str | None = None
    label: str = ""
    meta_data: dict[str, str] = field(default_factory=dict)
    at: Place = ""


@dataclass(frozen=True)
class Queries:
    """What the manifest asks to see of other apps (应用列表可见性)."""

    packages: tuple[str, ...] = ()
    actions: tuple[str, ...] = ()
    authorities: tuple[str, ...] = ()
    at: Place = ""


@dataclass(frozen=True)
class DomainRule:
    """A <domain-config> of the network security configuration. `domains` empty: the base configuration."""

    domains: tuple[str, ...]
    cleartext: bool | None
    trusts_user_certificates: bool | None


@dataclass(frozen=True)
class NetworkSecurity:
    """The network security configuration the manifest refers to (网络安全配置)."""

    rules: tuple[DomainRule, ...] = ()
    debug_overrides: bool = False
    at: Place = ""


@dataclass(frozen=True)
class NativeLibrary:
    """A native library (原生库). `abi` e.g. arm64-v8a; `name` e.g. libfoo.so; size in bytes."""

    abi: str
    name: str
    size_bytes: int
    at: Place = ""


@dataclass(frozen=True)
class DexFile:
    """A bytecode file as its header says. Counts are those of the id tables."""

    name: str
    version: str
    size_bytes: int
    classes: int
    methods: int
    strings: int


@dataclass(frozen=True)
class Argument:
    """A constant that reaches an argument of a call. `index` counts declared parameters from 0."""

    index: int
    value: str


@dataclass(frozen=True)
class CallSite:
    """A place in the code that reads something (调用点). Offsets count from the method's start, in 16-bit code units for
    DEX and in bytes for Java class files.

    `target` is `Lpkg/Cls;->name(args)ret`, `cls` is `Lpkg/Cls;`, `method` is `name(args)ret`. `reach` is the kind of
    entry (startup, launcher, component, public_api of an SDK, or unreached) and then an example path of methods from
    the entry to the caller. `origin` is "app", the id of an SDK, "library" (a framework's or library's own act) or
    "unknown"; `candidates` are all parties on the way, `why_origin` says why this one. `started_by` is whose code the
    path enters by: an SDK's act that the app's own start-up sets off names "app".
    `kind`: "call" is an invoke of the target itself, which other tools list too; "field", "subclass" and "handle" are ours.
    """

    api: str
    pi_type: str | None
    perm_group: str | None
    target: str
    cls: str
    method: str
    offset: int
    origin: str
    reach: tuple[str, ...] = ()
    args: tuple[Argument, ...] = ()
    gate: str | None = None
    at: Place = ""
    kind: str = "call"
    why_origin: str = ""
    candidates: tuple[str, ...] = ()
    started_by: str = ""


@dataclass(frozen=True)
class SdkClue:
    """What speaks for an SDK (识别依据). `weight` is how sure it alone would make, from 0 to 1.

    `kind`: class, component (in the manifest, its class packaged), native_lib, jni, shape (classes alike but for their names);
    and those that only mention it: resources (classes that build tools make), declared (a component whose class is not there),
    meta_data, permission, asset, string.
    """

    kind: str
    weight: float
    what: str
    at: Place = ""


@dataclass(frozen=True)
class Sdk:
    """A third-party SDK found in the package (第三方SDK). `conf` runs from 0 to 1, put together from the `clues`.

    Where `conf` is too low to name it, `sdk_id` is "unknown", the name says so, and `candidate` is the id of the SDK it may
    be; `func_class` and `collects_pi` are then the candidate's, for whoever must not overlook one.
    """

    sdk_id: str
    name: str
    pkg_prefix: str
    version: str | Unread
    version_src: str
    conf: float
    func_class: str
    collects_pi: bool
    at: tuple[Place, ...] = ()
    candidate: str = ""
    clues: tuple[SdkClue, ...] = ()


@dataclass(frozen=True)
class Flags:
    """What limits the reading of the code (加固、动态加载、混淆).

    `why_packed` and `why_dyn_code` say from what; `reflection` counts calls through java.lang.reflect; `obfuscation` is the
    share of classes outside known frameworks whose name is one or two letters, None where there are none. `gates_left_out`
    counts methods with call sites that were too large to look for guards in.
    """

    packed: bool | Unread
    packer: str | None
    dyn_code: bool | Unread
    native_libs: tuple[NativeLibrary, ...] | Unread
    obfuscation: float | None | Unread
    why_packed: tuple[str, ...] = ()
    why_dyn_code: tuple[str, ...] = ()
    reflection: int | Unread = 0
    gates_left_out: int | Unread = 0


@dataclass(frozen=True)
class Entry:
    """A file inside the package that something is odd about (容器异常). `problem` is a stable upper-case word."""

    name: str
    problem: str
    detail: str


@dataclass(frozen=True)
class Package:
    """An installation package (安装包). Levels are Android API levels; `target_sdk` is the effective one.

    `parts` are the files of a split set or bundle, () for a single APK. `unowned_code` are the Java packages whose code is
    neither the app's, nor a known SDK's, nor a known library's. `plugin_hosts` are the frames, by name, whose stub components
    run other packages inside this one. `library` is what an SDK package says of itself, None for an
    app.
    """

    name: str
    platform: str
    sha256: str
    size_bytes: int
    version_name: str | None | Unread
    version_code: int | None | Unread
    min_sdk: int | Unread
    target_sdk: int | Unread
    target_sdk_written: bool | Unread
    label: str | Unread
    permissions: tuple[Permission, ...] | Unread
    components: tuple[Component, ...] | Unread
    cleartext_ok: bool | Unread
    allow_backup: bool | Unread
    debuggable: bool | Unread
    signers: tuple[Certificate, ...] | Unread
    sig_schemes: tuple[str, ...] | Unread
    signature: Signature | Unread
    flags: Flags
    callsites: tuple[CallSite, ...] | Unread
    sdks: tuple[Sdk, ...] | Unread
    urls: tuple[str, ...] | Unread
    max_sdk: int | None | Unread = None
    compile_sdk: int | None | Unread = None
    labels: dict[str, str] = field(default_factory=dict)
    application: str | None | Unread = None
    shared_user_id: str | None | Unread = None
    declared_permissions: tuple[DeclaredPermission, ...] | Unread = ()
    queries: Queries | Unread = field(default_factory=Queries)
    network_security: NetworkSecurity | None | Unread = None
    backup_rules: bool | Unread = False
    features: tuple[str, ...] | Unread = ()
    purpose_strings: dict[str, str] | Unread = field(default_factory=dict)
    meta_data: dict[str, str] | Unread = field(default_factory=dict)
    splits: tuple[str, ...] = ()
    dex_files: tuple[DexFile, ...] | Unread = ()
    entries: int | Unread = 0
    odd_entries: tuple[Entry, ...] = ()
    application_at: Place = ""
    manifest_at: Place = ""
    parts: tuple[str, ...] = ()
    unowned_code: tuple[str, ...] | Unread = ()
    plugin_hosts: tuple[str, ...] | Unread = ()
    library: Library | None | Unread = None
