"""What kind of package a file is, by what is in it and never by its name."""

import re
from pathlib import Path
from typing import Literal

from hegui.readers.apk.container import Container
from hegui.readers.errors import Malformed, NotSupported
from hegui.readers.limits import Limits
from hegui.readers.sandbox import Fields, Step

Kind = Literal["apk", "aar", "jar", "aab", "apks", "xapk", "apkm", "ipa", "hap", "app"]

MANIFEST = "AndroidManifest.xml"

_APP_IN_IPA = re.compile(r"Payload/[^/]+\.app/")
_XML_START = b"\xef\xbb\xbf \t\r\n"
# Text of UTF-16, as some editors save a manifest.
_UTF_16 = (b"\xff\xfe<\x00", b"\xfe\xff\x00<")


def recognise(path: Path, limits: Limits | None = None) -> Kind:
    """The kind of package. `app` is a HarmonyOS pack of several .hap.

    Reads the directory of the ZIP and the first bytes of a manifest, so it belongs into the sandbox: see STAGES.
    Raises ReadError when the file is no ZIP or none of these.
    """
    with Container.open(path, limits) as container:
        return kind_of(container)


def kind_of(container: Container) -> Kind:
    """The same of an open container. A manifest in compiled form makes an APK, whatever lies beside it."""
    names = container.by_name
    if MANIFEST in names and not _is_text(container):
        return "apk"
    tops = {name for name in names if "/" not in name}
    apks = any(name.lower().endswith(".apk") for name in tops)
    kinds: tuple[tuple[bool, Kind], ...] = (
        ("BundleConfig.pb" in names or "base/manifest/" + MANIFEST in names, "aab"),
        ("toc.pb" in names, "apks"),
        (apks and "manifest.json" in names, "xapk"),
        (apks and "info.json" in names, "apkm"),
        (apks, "apks"),
        (any(_APP_IN_IPA.match(name) for name in names), "ipa"),
        (any(name.lower().endswith(".hap") for name in tops), "app"),
        ("module.json" in names or ("config.json" in names and "pack.info" in names), "hap"),
        (MANIFEST in names, "aar"),
        (any(name.endswith(".class") for name in names) or "META-INF/MANIFEST.MF" in names, "jar"),
    )
    for is_it, kind in kinds:
        if is_it:
            return kind
    shown = ", ".join(ascii(name[:60]) for name in list(names)[:3]) or "nothing"
    raise NotSupported(
        f"{container.path.name}：是 ZIP，但不是安装包、库或 SDK（内有 {shown}）；请给出 .apk、.aar、.jar 等文件",
        f"{container.path.name}: a ZIP, but no package, library or SDK (it holds {shown}); name an .apk, .aar or .jar",
    )


def _is_text(container: Container) -> bool:
    try:
        head = container.head(MANIFEST, 64)
    except Malformed:
        # Whoever reads the APK says what is wrong with it.
        return False
    return head.lstrip(_XML_START).startswith(b"<") or head.startswith(_UTF_16)


# --- as a reader of its own, for the sandbox ---


def prepare() -> None:
    """Nothing to load."""


def begin(path: Path, limits: Limits, read: Fields) -> tuple[Path, Limits]:
    return path, limits


def _kind(shared: tuple[Path, Limits]) -> Fields:
    return {"kind": recognise(*shared)}


STAGES: tuple[Step, ...] = (Step("kind", _kind, ("kind",)),)
