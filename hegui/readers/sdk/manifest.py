"""What the manifest of an AAR adds to an app that takes it in (清单合并): permissions, components, queries, features.

The rules are those of the APK reader. What is left to the host app (its target level, its switches, its signature)
is not claimed. Source: developer.android.com, "Manage manifest files", "Merge priorities".
"""

from hegui.facts.unread import Unread
from hegui.readers.apk.axml import Element, XmlTree
from hegui.readers.apk.manifest import Manifest
from hegui.readers.apk.manifest_permissions import permissions

MOST_MANIFEST_BYTES = 8 << 20
# Where a rule hangs on the target level that the library does not say: that of current store requirements.
_ASSUMED_TARGET = 34


def left_to_host(what: str) -> Unread:
    return Unread("PLATFORM_UNSUPPORTED", f"{what} is the host app's, not the library's")


def library_facts(tree: XmlTree) -> dict[str, object]:
    """The fields of facts.Package that the manifest of a library holds. `odd_entries` has what is odd about it."""
    manifest = Manifest(tree, lambda _: None)
    if not manifest.target_written:
        manifest.target_sdk = _ASSUMED_TARGET
    application = manifest.application or Element("application", None, manifest.root.at)
    min_written = any(manifest.level(each, "minSdkVersion") is not None for each in manifest.root.all("uses-sdk"))
    found = manifest.entries(application) | {
        "min_sdk": manifest.min_sdk if min_written else left_to_host("a minimum that is not written"),
        "target_sdk": manifest.target_sdk if manifest.target_written else left_to_host("the target level"),
        "target_sdk_written": manifest.target_written,
        # What the platform adds hangs on the host's target level.
        "permissions": permissions(manifest, None),
        "manifest_version": manifest.text(manifest.root, "versionName"),
    }
    return found | {"odd_entries": tuple(manifest.odd)}
