"""The kinds of package in words, and which reader takes them. What kind a file is tells readers/sdk/recognise.py."""

from typing import Literal

from hegui.readers.sdk.recognise import Kind as ArchiveKind
from hegui.words import Words

Kind = ArchiveKind | Literal["folder"]

# Sets of APKs in one archive. A name is only a habit of who makes them; all three are read alike.
SETS = ("apks", "xapk", "apkm")
# What the stages of readers/sdk read.
SDK = ("aar", "jar")

WORDS: dict[Kind, Words] = {
    "apk": Words("安卓安装包（.apk）", "an Android package (.apk)"),
    "apks": Words("分包集合（.apks）", "a set of split packages (.apks)"),
    "xapk": Words("分包集合（.xapk）", "a set of split packages (.xapk)"),
    "apkm": Words("分包集合（.apkm）", "a set of split packages (.apkm)"),
    "folder": Words("目录", "a directory"),
    "aab": Words("Android App Bundle（.aab）", "an Android App Bundle (.aab)"),
    "aar": Words("Android 库（.aar）", "an Android library (.aar)"),
    "jar": Words("Java 库（.jar）", "a Java library (.jar)"),
    "ipa": Words("iOS 应用（.ipa）", "an iOS app (.ipa)"),
    "hap": Words("HarmonyOS 应用（.hap）", "a HarmonyOS app (.hap)"),
    "app": Words("HarmonyOS 应用包（.app）", "a HarmonyOS app pack (.app)"),
}
