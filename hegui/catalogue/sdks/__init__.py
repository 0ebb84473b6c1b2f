"""Third-party SDKs (第三方SDK): who they are, how they show in a package, what they say they collect.

One TOML file per SDK, written by hand; sdks.json is made from them by tools/make_catalogue.py, because parsing hundreds of
TOML files takes longer than scanning a small package. The user layer, in `<home>/catalogue/sdks/`, is laid over it:
TOML files of the user, and JSON files that `hegui catalogue import` wrote.
"""

from hegui.catalogue.sdks.lookup import (
    Catalogue,
    by_class,
    by_component,
    by_domain,
    by_native_lib,
    catalogue,
    forget,
    sdk,
    sdks,
)
from hegui.catalogue.sdks.sdk import FUNC_CLASSES, READER_KINDS, Sdk, VersionReader

__all__ = [
    "FUNC_CLASSES",
    "READER_KINDS",
    "Catalogue",
    "Sdk",
    "VersionReader",
    "by_class",
    "by_component",
    "by_domain",
    "by_native_lib",
    "catalogue",
    "forget",
    "sdk",
    "sdks",
]
