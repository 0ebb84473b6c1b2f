"""What a file is, whatever it is called."""

from pathlib import Path

import pytest

from hegui.readers.errors import NotSupported, ReadError
from hegui.readers.limits import Limits
from hegui.readers.sdk.recognise import STAGES, begin, recognise
from tests.readers.apk import make_zip
from tests.readers.apk.make_zip import File, pack

TEXT = b'<?xml version="1.0"?>\n<manifest package="com.example.lantern"/>'
COMPILED = make_zip.manifest()

KINDS: dict[str, tuple[str, list[tuple[str, bytes]]]] = {
    "an app": ("apk", [("AndroidManifest.xml", COMPILED), ("classes.dex", b"")]),
    "an app with a decoy classes.jar": ("apk", [("AndroidManifest.xml", COMPILED), ("classes.jar", b"")]),
    "a library": ("aar", [("AndroidManifest.xml", TEXT), ("classes.jar", b"")]),
    "a library of resources alone": ("aar", [("AndroidManifest.xml", b"\xef\xbb\xbf" + TEXT), ("res/a.xml", b"")]),
    "a library with a manifest in UTF-16": ("aar", [("AndroidManifest.xml", TEXT.decode().encode("utf-16"))]),
    "classes": ("jar", [("com/example/A.class", b"")]),
    "a JAR of nothing but its manifest": ("jar", [("META-INF/MANIFEST.MF", b"")]),
    "a bundle": ("aab", [("BundleConfig.pb", b""), ("base/manifest/AndroidManifest.xml", b"")]),
    "a set made by bundletool": ("apks", [("toc.pb", b""), ("splits/base-master.apk", b"")]),
    "a set without a list": ("apks", [("base.apk", b""), ("split_config.zh.apk", b"")]),
    "a set of APKPure's": ("xapk", [("manifest.json", b"{}"), ("com.example.apk", b"")]),
    "a set of APKMirror's": ("apkm", [("info.json", b"{}"), ("base.apk", b"")]),
    "an iOS app": ("ipa", [("Payload/Lantern.app/Info.plist", b"")]),
    "a HarmonyOS app": ("hap", [("module.json", b"{}"), ("ets/modules.abc", b"")]),
    "an older HarmonyOS app": ("hap", [("config.json", b"{}"), ("pack.info", b"{}")]),
    "a HarmonyOS pack": ("app", [("entry-default.hap", b""), ("pack.info", b"{}")]),
}


@pytest.mark.parametrize("case", KINDS)
def test_the_kind_shows_in_the_content_of(tmp_path: Path, case: str) -> None:
    kind, files = KINDS[case]
    path = tmp_path / "misleading.apk"
    path.write_bytes(pack(*(File(name.encode(), content) for name, content in files)))
    assert recognise(path) == kind
    assert STAGES[0].run(begin(path, Limits(), {})) == {"kind": kind}


def test_a_plain_archive_is_refused_with_what_it_holds(tmp_path: Path) -> None:
    path = tmp_path / "holiday.apk"
    path.write_bytes(pack(File(b"photo.jpg", b"")))
    with pytest.raises(NotSupported, match=r"photo\.jpg"):
        recognise(path)


def test_what_is_no_archive_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "page.jar"
    path.write_bytes(b"<html>gone</html>")
    with pytest.raises(ReadError):
        recognise(path)
