"""An invented app with something of everything, and checks that find something in it."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from hegui.audit import Audit, Check, Finding, found, judge
from hegui.audit import package_evidence as evidence
from hegui.audit.check import CheckFunction
from hegui.audit.file import AuditFile, audit_file
from hegui.facts import Facts, Input, Stage, Unread
from hegui.facts.package import (
    Argument,
    CallSite,
    Certificate,
    Component,
    DexFile,
    Entry,
    Flags,
    NativeLibrary,
    Package,
    Permission,
    Queries,
    Sdk,
    Signature,
    SignatureFault,
)
from hegui.law.knobs import shipped_knobs
from hegui.law.packs import shipped, shipped_duties
from hegui.words import Words

SHA = "3f" * 32
HOSTILE = "<script>alert(1)</script>\"'&"


def permission(name: str, group: str | None = None, **more: object) -> Permission:
    return replace(
        Permission(f"android.permission.{name}", group, group is not None, at=f"AndroidManifest.xml@{len(name):#06x}"),
        **more,  # type: ignore[arg-type]
    )


def site(
    api: str,
    pi_type: str | None,
    target: str,
    method: str,
    origin: str = "app",
    reach: tuple[str, ...] = ("component",),
    **more: object,
) -> CallSite:
    """A call site; `method` is written `Lpkg/Cls;->name(args)ret`, and ends the path."""
    cls, _, name = method.partition("->")
    path = reach if reach[:1] in ((), ("unreached",)) else (*reach, method)
    offset = 4 * len(target)
    made = CallSite(api, pi_type, None, target, cls, name, offset, origin, path, at=f"classes.dex@{offset:#x}")
    return replace(made, **more)  # type: ignore[arg-type]


NOTES, MAPS, PUSH = "Lcom/example/notes/", "Lcom/example/maps/", "Lcom/example/push/"
QUERY = "Landroid/content/ContentResolver;->query(Landroid/net/Uri;)Landroid/database/Cursor;"
LOCATION = "Landroid/location/LocationManager;->getLastKnownLocation(Ljava/lang/String;)Landroid/location/Location;"
IMEI = "Landroid/telephony/TelephonyManager;->getDeviceId()Ljava/lang/String;"
MODEL = "Landroid/os/Build;->MODEL:Ljava/lang/String;"
LOADER = "Ldalvik/system/DexClassLoader;-><init>(Ljava/lang/String;)V"
INVOKE = "Ljava/lang/reflect/Method;->invoke(Ljava/lang/Object;)Ljava/lang/Object;"
ON_CREATE = NOTES + "App;->onCreate()V"


def call_sites() -> tuple[CallSite, ...]:
    """Of the app, of two SDKs, of a library, and of nobody; early and late; strong, weak, and hiding."""
    uri = (Argument(0, "content://com.android.contacts/data/phones"),)
    return (
        site("contacts.query", "contacts", QUERY, NOTES + "Share;->pick()V", args=uri, gate="checkSelfPermission"),
        site("contacts.query", "contacts", QUERY, NOTES + "Backup;->run()V", reach=("unreached",), args=uri),
        site("example.location", "location.precise", LOCATION, NOTES + "Main;->onResume()V", reach=("launcher",)),
        site(
            "example.location", "location.precise", LOCATION, MAPS + "Locator;->start(I[J)V", "com.example.maps",
            ("startup", ON_CREATE, MAPS + "Maps;->init(Landroid/content/Context;)V", "… 3 more …"),
        ),
        site("example.location", "location.precise", LOCATION, MAPS + "Locator;->again()V", "com.example.maps"),
        site("example.imei", "device_id.imei", IMEI, MAPS + "Ids;->read()V", "com.example.maps", gate="flag:!agreed"),
        site("example.imei", "device_id.imei", IMEI, "La/b;->c()V", "com.example.push", ("startup", ON_CREATE)),
        site("example.imei", "device_id.imei", IMEI, "Lorg/lib/Tools;->id()V", "org.lib", ()),
        site("example.imei", "device_id.imei", IMEI, "Lx/y;->z()V", "unknown"),
        site("example.model", "model", MODEL, PUSH + "Env;->model()V", "com.example.push", ("startup", ON_CREATE)),
        site("code.dex_loader", None, LOADER, PUSH + "Patch;->load()V", "com.example.push"),
        *(site("code.reflect_invoke", None, INVOKE, f"{NOTES}R{one};->call()V") for one in range(3)),
        site("permission.request", None, "Landroid/app/Activity;->requestPermissions()V", NOTES + "Main;->ask()V"),
    )  # fmt: skip


def sdks() -> tuple[Sdk, ...]:
    maps = Sdk(
        "com.example.maps",
        "示例地图",
        "com.example.maps",
        "3.2.1",
        "classes.dex@0x10",
        0.97,
        "maps",
        True,
        ("lib/x.so",),
    )
    return (
        maps,
        replace(maps, sdk_id="com.example.push", name="Example Push", pkg_prefix="com.example.push", conf=0.6,
                version=Unread("SDK_VERSION_UNKNOWN"), version_src="", func_class="push"),
        replace(maps, sdk_id="com.example.view", name="Example View", pkg_prefix="com.example.view", collects_pi=False,
                func_class="widgets"),
    )  # fmt: skip


def package() -> Package:
    """An invented app with something of everything."""
    return Package(
        name="com.example.notes",
        platform="android",
        sha256=SHA,
        size_bytes=4_321_000,
        version_name="2.4.1",
        version_code=241,
        min_sdk=19,
        target_sdk=22,
        target_sdk_written=True,
        label="示例记事本",
        permissions=(
            permission("READ_CONTACTS", "contacts", label="读取联系人"),
            permission("ACCESS_FINE_LOCATION", "location", origin="com.example.maps", why_origin="comment in manifest"),
            permission("ACCESS_BACKGROUND_LOCATION", "location", flags=("neverForLocation",)),
            permission("READ_EXTERNAL_STORAGE", "storage", max_sdk=28),
            permission("WRITE_EXTERNAL_STORAGE", "storage", max_sdk=16),
            permission("BODY_SENSORS", "body", origin="implied"),
            permission("NEARBY_WIFI_DEVICES", None, dangerous=True),
            permission("INTERNET", None),
            permission("RECEIVE_BOOT_COMPLETED", None),
        ),
        components=(
            Component(
                "activity", "com.example.notes.Main", True, ("android.intent.action.MAIN",), exported_written=True
            ),
            Component(
                "receiver", "com.example.notes.Boot", True, ("android.intent.action.BOOT_COMPLETED",), process=":push"
            ),
            *(Component("activity", f"com.example.notes.Page{one:02}", False) for one in range(30)),
            Component("provider", "com.example.notes.Files", True, authorities=("com.example.notes.files",)),
        ),
        cleartext_ok=True,
        allow_backup=True,
        debuggable=False,
        signers=(Certificate("ab" * 32, "CN=示例", "CN=示例", "1", "2020-01-01", "2045-01-01", "RSA 2048", ("v1",)),),
        sig_schemes=("v1",),
        signature=Signature(
            "broken", (SignatureFault("v1", "DIGEST_MISMATCH", "res/raw/a.bin", "META-INF/MANIFEST.MF"),)
        ),
        flags=Flags(
            packed=False,
            packer=None,
            dyn_code=True,
            native_libs=(NativeLibrary("arm64-v8a", "libnotes.so", 40_960),),
            obfuscation=0.62,
        ),
        callsites=call_sites(),
        sdks=sdks(),
        urls=("http://plain.example.com/a", "https://api.example.com/v1", "https://api.example.com/v2"),
        queries=Queries(packages=("com.example.other",)),
        dex_files=(DexFile("classes.dex", "035", 900_000, 1200, 8000, 9000),),
        entries=312,
        odd_entries=(Entry("assets/../x", "BAD_NAME", "parent directory in name"),),
        application_at="AndroidManifest.xml@0x0100",
        manifest_at="AndroidManifest.xml",
    )


def facts(pkg: Package | Unread) -> Facts:
    return Facts(
        inputs=(Input("package", "示例 notes.apk", SHA, 4_321_000),),
        stages=(
            Stage("container", "done"),
            Stage("manifest", "done"),
            Stage("resources", "partial", "TIMEOUT", "resources.arsc"),
            Stage("dex", "failed", "CRASHED", "header too short"),
        ),
        pkg=pkg,
    )


def checked(function: CheckFunction, *duties: str) -> Check:
    assert set(duties) <= set(shipped_duties()), duties
    needs = ("pkg.components",) if function is boots else ("pkg",)
    return Check(f"example.{function.__name__}", duties, needs, (), function, "an example")


def old_target(given: Facts, _: object) -> Iterable[Finding]:
    assert isinstance(given.pkg, Package)
    yield found(
        "violation",
        "目标系统级别为 22，低于 23，危险权限在安装时一并授予，用户无从逐项同意。",
        "target level 22 is below 23: dangerous permissions are granted on installation without asking",
        evidence.manifest(given.pkg, '<uses-sdk android:targetSdkVersion="22"/>'),
    )


def boots(given: Facts, _: object) -> Iterable[Finding]:
    assert isinstance(given.pkg, Package)
    assert isinstance(given.pkg.components, tuple)
    yield found(
        "risk",
        "开机广播可唤起本应用。",
        "the boot broadcast starts this app",
        evidence.component(given.pkg, given.pkg.components[-1], why="BOOT_COMPLETED"),
        assumptions=("A-11",),
        missing=("NO_TRACE",),
        actor="unknown",
        why_actor=Words("合并清单未显示由谁加入", "who added it does not show"),
    )


def hostile(given: Facts, _: object) -> Iterable[Finding]:
    assert isinstance(given.pkg, Package)
    yield found(
        "risk",
        "标签含标记。",
        "the label holds markup",
        evidence.application(given.pkg, f"<b>{HOSTILE}</b> 中文 عربي \u202etxt.exe"),
        *(evidence.application(given.pkg, f"piece {one}") for one in range(12)),
    )


def no_camera(given: Facts, _: object) -> Iterable[Finding]:
    assert isinstance(given.pkg, Package)
    yield found(
        "compliant", "没有申请相机权限。", "the camera permission is not asked for", evidence.manifest(given.pkg, "-")
    )


def clumsy(_: Facts, __: object) -> Iterable[Finding]:
    raise RuntimeError("a fault in a check")


CHECKS = (
    checked(old_target, "cac-2026:12.1.1", "app-2021:6.4.1"),
    checked(boots, "app-2021:7.3.2", "cac-2026:14.1.1"),
    checked(hostile, "cac-2026:36.1.1"),
    checked(no_camera, "cac-2026:14.2.1"),
    checked(clumsy, "cac-2026:10.1"),
)


def audited(pkg: Package | Unread, checks: tuple[Check, ...] = CHECKS) -> tuple[AuditFile, Facts, Audit]:
    given = facts(pkg)
    knobs = {name: knob.value for name, knob in shipped_knobs().items()}
    audit = judge(given, shipped(), checks, knobs, date(2026, 11, 2))
    return audit_file(audit, knobs, ("cac-2026:7.1.5: A. Example, 2026-11-01: as agreed",)), given, audit
