"""What the manifest of an AAR adds to an app that takes it in (清单合并): permissions, components, queries, features.

The rules are those of the APK reader. What is left to the host app (its target level, its switches, its signature)
is not claimed. Source: developer.android.com, "Manage manifest files", "Merge priorities".
"""

from hegui.facts.unread import Unread
from hegui.readers.apk.axml import Element, XmlTree
from hegui.readers.apk.manifest import MANIFEST, _Manifest

MOST_MANIFEST_BYTES = 8 << 20
# Where a rule hangs on the target level that the library does not say: that of current store requirements.
_ASSUMED_TARGET = 34


def left_to_host(what: str) -> Unread:
    return Unread("PLATFORM_UNSUPPORTED", f"{what} is the host app's, not the library's")


def library_facts(tree: XmlTree) -> dict[str, object]:
    """The fields of facts.Package that the manifest of a library holds. `odd_entries` has what is odd about it."""
    return _LibraryManifest(tree).library()


# The private class is what the APK reader's `manifest_facts` is made of; only the way to its tree differs.
class _LibraryManifest(_Manifest):
    def __init__(self, tree: XmlTree) -> None:
        self.odd = []
        self.tree = tree
        self._table = None
        self._table_opened = True
        self.root = tree.root
        self.package = self.plain(self.root, "package") or ""
        if not self.package:
            self.note("MANIFEST_NO_PACKAGE", "the root element has no package name")
        applications = self.root.all("application")
        self.application = applications[0] if applications else None
        minimum, target, self.target_written = self.levels()
        levels = self.root.all("uses-sdk")
        self.min_written = any(self.level(each, "minSdkVersion") is not None for each in levels)
        self.min_sdk = minimum
        self.target_sdk = target if self.target_written else _ASSUMED_TARGET

    def library(self) -> dict[str, object]:
        application = self.application or Element("application", None, self.root.at)
        name = self.text(application, "name")
        return {
            "name": self.package,
            "version_code": self.version_code(),
            "min_sdk": self.min_sdk if self.min_written else left_to_host("a minimum that is not written"),
            "target_sdk": self.target_sdk if self.target_written else left_to_host("the target level"),
            "target_sdk_written": self.target_written,
            "max_sdk": self.last_number("uses-sdk", "maxSdkVersion"),
            "permissions": self.permissions(),
            "declared_permissions": tuple(self.declared_permissions()),
            "components": tuple(self.components(application)),
            "queries": self.queries(),
            "features": self.features(),
            "meta_data": self.meta_data(application),
            "application": self.class_name(name) if name else None,
            "application_at": self.at(application) if self.application else "",
            "manifest_at": self.at(self.root),
            "odd_entries": tuple(self.odd),
            "manifest_version": self.text(self.root, "versionName"),
        }

    def add_implied(self, found: object) -> None:
        """What the platform adds hangs on the host's target level."""

    def at(self, element: Element) -> str:
        return f"{MANIFEST}@0x{element.at:04x}"
