"""AndroidManifest.xml (清单): what the installed app would be, by the platform's own rules.

Behaviour follows AOSP's `ParsingPackageUtils`, `ParsedActivityUtils`, `ParsedServiceUtils` and `ParsedProviderUtils` of
Android 14: defaults that hang on the target level, names completed with the package, permissions the platform adds for
old targets. Where the platform would refuse to install, this reader goes on and notes it among the odd entries.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Protocol

from hegui.catalogue.added_by import component_added_by, permission_added_by
from hegui.catalogue.permissions import permission as known_permission
from hegui.facts.package import (
    Component,
    DeclaredPermission,
    DomainRule,
    Entry,
    IntentFilter,
    NetworkSecurity,
    Permission,
    Queries,
)
from hegui.facts.unread import Unread
from hegui.readers.apk import arsc
from hegui.readers.apk.axml import (
    ANDROID,
    TYPE_ATTRIBUTE,
    TYPE_DYNAMIC_REFERENCE,
    TYPE_FIRST_INT,
    TYPE_INT_BOOLEAN,
    TYPE_INT_HEX,
    TYPE_LAST_INT,
    TYPE_NULL,
    TYPE_REFERENCE,
    TYPE_STRING,
    Attribute,
    Element,
    XmlTree,
    read_xml,
)
from hegui.readers.errors import Malformed, ReadError

MANIFEST = "AndroidManifest.xml"
TABLE = "resources.arsc"
MAX_MANIFEST_BYTES = 32 << 20
MAX_TABLE_BYTES = 256 << 20
MAX_NOTES = 200

# Resource ids of android.R.attr, from AOSP core/res/res/values/public*.xml.
ATTR = {
    "label": 0x01010001,
    "name": 0x01010003,
    "permission": 0x01010006,
    "readPermission": 0x01010007,
    "protectionLevel": 0x01010009,
    "sharedUserId": 0x0101000B,
    "enabled": 0x0101000E,
    "debuggable": 0x0101000F,
    "exported": 0x01010010,
    "process": 0x01010011,
    "authorities": 0x01010018,
    "priority": 0x0101001C,
    "description": 0x01010020,
    "value": 0x01010024,
    "resource": 0x01010025,
    "scheme": 0x01010027,
    "targetActivity": 0x01010202,
    "minSdkVersion": 0x0101020C,
    "versionCode": 0x0101021B,
    "versionName": 0x0101021C,
    "targetSdkVersion": 0x01010270,
    "maxSdkVersion": 0x01010271,
    "testOnly": 0x01010272,
    "allowBackup": 0x01010280,
    "fullBackupContent": 0x010104EB,
    "usesCleartextTraffic": 0x010104EC,
    "directBootAware": 0x01010505,
    "networkSecurityConfig": 0x01010527,
    "requiredFeature": 0x01010554,
    "requiredNotFeature": 0x01010555,
    "isFeatureSplit": 0x0101055B,
    "compileSdkVersion": 0x01010572,
    "versionCodeMajor": 0x01010576,
    "isSplitRequired": 0x01010591,
    "foregroundServiceType": 0x01010599,
    "dataExtractionRules": 0x0101063E,
    "usesPermissionFlags": 0x01010644,
    "requiredSplitTypes": 0x0101064E,
    "splitTypes": 0x0101064F,
}

# Build.VERSION_CODES by the code name a pre-release manifest may hold instead of a number.
CODENAMES = {
    "L": 21, "M": 23, "N": 24, "O": 26, "P": 28, "Q": 29, "R": 30, "S": 31, "Sv2": 32, "Tiramisu": 33,
    "UpsideDownCake": 34, "VanillaIceCream": 35, "Baklava": 36,
}  # fmt: skip
CUR_DEVELOPMENT = 10_000

# ServiceInfo.FOREGROUND_SERVICE_TYPE_*
FOREGROUND_TYPES = {
    1 << 0: "dataSync", 1 << 1: "mediaPlayback", 1 << 2: "phoneCall", 1 << 3: "location", 1 << 4: "connectedDevice",
    1 << 5: "mediaProjection", 1 << 6: "camera", 1 << 7: "microphone", 1 << 8: "health", 1 << 9: "remoteMessaging",
    1 << 10: "systemExempted", 1 << 11: "shortService", 1 << 12: "fileManagement", 1 << 13: "mediaProcessing",
    1 << 30: "specialUse",
}  # fmt: skip

# PermissionInfo.PROTECTION_*: the base in four bits, then flags.
PROTECTION_BASE = ("normal", "dangerous", "signature", "signatureOrSystem", "internal")
PROTECTION_FLAGS = {
    0x10: "privileged", 0x20: "development", 0x40: "appop", 0x80: "pre23", 0x100: "installer", 0x200: "verifier",
    0x400: "preinstalled", 0x800: "setup", 0x1000: "instant", 0x2000: "runtime", 0x4000: "oem",
    0x8000: "vendorPrivileged", 0x10000: "textClassifier", 0x20000: "wellbeing", 0x40000: "documenter",
    0x80000: "configurator", 0x100000: "incidentReportApprover", 0x200000: "appPredictor", 0x400000: "module",
    0x800000: "companion", 0x1000000: "retailDemo", 0x2000000: "recents", 0x4000000: "role", 0x8000000: "knownSigner",
}  # fmt: skip

_P = "android.permission."

# Permissions the platform adds to what is asked for: (asked for, added, for targets below, works from level).
# CompatibilityPermissionInfo.COMPAT_PERMS first, then the split permissions of data/etc/platform.xml, in its order, as
# each looks at what the ones before it added. None in the first place: for every app; 10000 in the third: every target.
# Left out, since they open nothing that is not open already and would stand in the list of nearly every app:
# POST_NOTIFICATIONS (targets below 33), READ_MEDIA_* for the old storage permissions, READ_MEDIA_VISUAL_USER_SELECTED.
IMPLIED: tuple[tuple[str | None, str, int, int], ...] = (
    (None, _P + "WRITE_EXTERNAL_STORAGE", 4, 1),
    (None, _P + "READ_PHONE_STATE", 4, 1),
    (_P + "ACCESS_FINE_LOCATION", _P + "ACCESS_COARSE_LOCATION", 10_000, 1),
    (_P + "WRITE_EXTERNAL_STORAGE", _P + "READ_EXTERNAL_STORAGE", 10_000, 16),
    (_P + "READ_CONTACTS", _P + "READ_CALL_LOG", 16, 16),
    (_P + "WRITE_CONTACTS", _P + "WRITE_CALL_LOG", 16, 16),
    (_P + "ACCESS_FINE_LOCATION", _P + "ACCESS_BACKGROUND_LOCATION", 29, 29),
    (_P + "ACCESS_COARSE_LOCATION", _P + "ACCESS_BACKGROUND_LOCATION", 29, 29),
    (_P + "READ_EXTERNAL_STORAGE", _P + "ACCESS_MEDIA_LOCATION", 29, 29),
    (_P + "WRITE_EXTERNAL_STORAGE", _P + "ACCESS_MEDIA_LOCATION", 29, 29),
    (_P + "BLUETOOTH", _P + "BLUETOOTH_SCAN", 31, 31),
    (_P + "BLUETOOTH", _P + "BLUETOOTH_CONNECT", 31, 31),
    (_P + "BLUETOOTH", _P + "BLUETOOTH_ADVERTISE", 31, 31),
    (_P + "BLUETOOTH_ADMIN", _P + "BLUETOOTH_SCAN", 31, 31),
    (_P + "BLUETOOTH_ADMIN", _P + "BLUETOOTH_CONNECT", 31, 31),
    (_P + "BLUETOOTH_ADMIN", _P + "BLUETOOTH_ADVERTISE", 31, 31),
    (_P + "BODY_SENSORS", _P + "BODY_SENSORS_BACKGROUND", 33, 33),
)

# A phone sold in China: the label and other texts are chosen for it. "" is the default configuration.
CHINESE = ("zh-CN", "zh-Hans-CN", "zh-Hans", "zh", "")


class Container(Protocol):
    """What reading a manifest needs of an opened package."""

    def has(self, name: str) -> bool: ...
    def read(self, name: str, limit: int | None = None) -> bytes: ...


@dataclass(frozen=True)
class Form:
    """How a package writes its XML and its resource table. Both readers take the bytes and the name of the file.

    `levels`: the effective minimum and target of the base package, and whether a target is written, for a split: the
    platform asks no split for its own.
    """

    read_xml: Callable[[bytes, str], XmlTree] = read_xml
    read_table: Callable[[bytes, str], arsc.ResourceTable] = arsc.ResourceTable
    levels: tuple[int, int, bool] | None = None


COMPILED = Form()


def manifest_facts(container: Container, form: Form = COMPILED) -> dict[str, object]:
    """The fields of facts.Package that the manifest and the resources hold, ready for `Package(**…)`.

    `odd_entries` has what is odd about the two files, to be joined with the container's own. Raises ReadError when
    there is no manifest, or it cannot be read at all.
    """
    return _Manifest(container, form).facts()


class _Manifest:
    def __init__(self, container: Container, form: Form = COMPILED) -> None:
        self.container = container
        self.form = form
        self.odd: list[Entry] = []
        if not container.has(MANIFEST):
            raise Malformed(
                f"包内没有 {MANIFEST}，不是 Android 应用包", f"there is no {MANIFEST}: this is no Android package"
            )
        self.tree = form.read_xml(container.read(MANIFEST, MAX_MANIFEST_BYTES), MANIFEST)
        for fault in self.tree.faults:
            self.note(fault.partition("@")[0], f"at {fault.partition('@')[2]}")
        self._table: arsc.ResourceTable | None = None
        self._table_opened = False
        self.root = self.tree.root
        if not self.tree.complete:
            self.note("MANIFEST_CUT_SHORT", "the platform would refuse it; absence of anything proves nothing")
        self.package = self.plain(self.root, "package") or ""
        if not self.package:
            self.note("MANIFEST_NO_PACKAGE", "the root element has no package name")
        applications = self.root.all("application")
        if len(applications) > 1:
            self.note("MANIFEST_SECOND_APPLICATION", f"{len(applications)} <application> elements; the first counts")
        self.application = applications[0] if applications else None
        self.min_sdk, self.target_sdk, self.target_written = form.levels or self.levels()

    def facts(self) -> dict[str, object]:
        application = self.application or Element("application", None, self.root.at)
        labels = self.labels(application)
        name = self.text(application, "name")
        security, cleartext = self.transport(application)
        found: dict[str, object] = {
            "name": self.package,
            "version_name": self.text(self.root, "versionName"),
            "version_code": self.version_code(),
            "min_sdk": self.min_sdk,
            "target_sdk": self.target_sdk,
            "target_sdk_written": self.target_written,
            "max_sdk": self.last_number("uses-sdk", "maxSdkVersion"),
            "compile_sdk": self.compile_sdk(),
            "label": self.label(application, labels),
            "labels": labels,
            "application": self.class_name(name) if name else None,
            "permissions": self.permissions(),
            "declared_permissions": tuple(self.declared_permissions()),
            "components": tuple(self.components(application)),
            "queries": self.queries(),
            "shared_user_id": self.text(self.root, "sharedUserId") or None,
            "cleartext_ok": cleartext,
            "network_security": security,
            "allow_backup": self.flag_or_unread(application, "allowBackup", True),
            "backup_rules": self.backup_rules(application),
            "debuggable": self.flag_or_unread(application, "debuggable", False),
            "features": self.features(),
            "meta_data": self.meta_data(application),
            "splits": self.splits(application),
            "application_at": self.at(application) if self.application else "",
            "manifest_at": self.at(self.root),
        }
        found |= self.not_read()
        # Last: reading the rest may add to them.
        return found | {"odd_entries": tuple(self.odd)}

    def not_read(self) -> dict[str, object]:
        """The facts that a manifest cut short cannot give: what may have stood behind the cut."""
        if self.tree.complete:
            return {}
        names = ["permissions", "declared_permissions", "components", "queries", "features", "meta_data"]
        if self.application is None:
            names += ["label", "application", "cleartext_ok", "network_security", "allow_backup", "backup_rules"]
            names.append("debuggable")
        if not self.root.all("uses-sdk"):
            names += ["min_sdk", "target_sdk", "target_sdk_written", "max_sdk"]
        unread = Unread("NO_PACKAGE", f"{MANIFEST} is cut short: {', '.join(self.tree.faults[:3])}")
        return dict.fromkeys(names, unread)

    # --- attributes and resources ---

    def attribute(self, element: Element, name: str) -> Attribute | None:
        found = element.attribute(ATTR[name])
        if found is None and not self.tree.mapped:
            # Only a file that lost its resource map; else the runtime would not take an attribute for its name.
            found = element.named(name, ANDROID)
        return found

    def plain(self, element: Element, name: str) -> str | None:
        """An attribute that is none of Android's, such as package: its text as written."""
        found = element.named(name)
        if found is None:
            return None
        return found.raw if found.raw is not None else self.shown(found)

    def table(self) -> arsc.ResourceTable | None:
        if not self._table_opened:
            self._table_opened = True
            if self.container.has(TABLE):
                try:
                    self._table = self.form.read_table(self.container.read(TABLE, MAX_TABLE_BYTES), TABLE)
                except ReadError as error:
                    self.note("RESOURCES_UNREAD", error.words.en, TABLE)
        return self._table

    def resolve(self, value: Attribute) -> arsc.Value | None:
        """The value a reference stands for on a current phone in China; None when it cannot be told."""
        if value.type not in (TYPE_REFERENCE, TYPE_DYNAMIC_REFERENCE) or not value.data:
            return None
        table = self.table()
        values = table.resolve(value.data) if table else []
        chosen = max(values, key=_fit, default=None)
        return None if chosen is None or chosen.type in (TYPE_REFERENCE, TYPE_DYNAMIC_REFERENCE) else chosen

    def shown(self, value: Attribute) -> str | None:
        """The attribute as text. A reference that cannot be resolved is shown as "@0x7f…"."""
        if value.type in (TYPE_REFERENCE, TYPE_DYNAMIC_REFERENCE):
            found = self.resolve(value)
            if found is None:
                return f"@0x{value.data:08x}" if value.data else None
            return _text(found.type, found.data, found.string)
        if value.type == TYPE_NULL:
            return value.raw
        text = _text(value.type, value.data, value.string)
        return value.raw if text is None else text

    def text(self, element: Element, name: str) -> str | None:
        found = self.attribute(element, name)
        return None if found is None else self.shown(found)

    def settled(self, element: Element, name: str, value: Attribute) -> Attribute | arsc.Value:
        """The value itself, or what it refers to. A reference that cannot be resolved is noted and given back."""
        if value.type not in (TYPE_REFERENCE, TYPE_DYNAMIC_REFERENCE):
            return value
        found = self.resolve(value)
        if found is None:
            self.note("REFERENCE_UNRESOLVED", f"{name} of <{element.name}> at 0x{element.at:x} is {self.shown(value)}")
        return found or value

    def number(self, element: Element, name: str) -> int | None:
        found = self.attribute(element, name)
        if found is None:
            return None
        value = self.settled(element, name, found)
        if TYPE_FIRST_INT <= value.type <= TYPE_LAST_INT:
            return _signed(value.data)
        return _integer(value.string if value.type == TYPE_STRING else None)

    def flag(self, element: Element, name: str) -> bool | None:
        """A boolean as TypedArray.getBoolean takes it. None when it is not there or cannot be told."""
        found = self.attribute(element, name)
        if found is None:
            return None
        value = self.settled(element, name, found)
        if TYPE_FIRST_INT <= value.type <= TYPE_LAST_INT:
            return value.data != 0
        if value.type == TYPE_STRING and value.string is not None:
            return value.string in ("1", "true", "TRUE")
        return None

    def flag_or_unread(self, element: Element, name: str, default: bool) -> bool | Unread:
        found = self.flag(element, name)
        if found is not None:
            return found
        value = self.attribute(element, name)
        if value is None or value.type == TYPE_NULL:
            return default
        return Unread("NO_PACKAGE", f"{name} is {self.shown(value)}, which {TABLE} does not hold")

    def note(self, problem: str, detail: str, name: str = MANIFEST) -> None:
        entry = Entry(name, problem, detail)
        if len(self.odd) < MAX_NOTES and entry not in self.odd:
            self.odd.append(entry)

    def at(self, element: Element) -> str:
        return f"{MANIFEST}@0x{element.at:04x}"

    def class_name(self, name: str) -> str:
        """ParsingUtils.buildClassName: a name without package, or with a dot in front, is the package's."""
        if name.startswith("."):
            return self.package + name
        return name if "." in name or name.startswith("@") else f"{self.package}.{name}"

    # --- the package ---

    def levels(self) -> tuple[int, int, bool]:
        """Effective minimum and target, and whether a target is written.

        A missing minimum is 1, a missing target the minimum. With no <uses-sdk> at all the platform keeps target 0,
        which no rule tells from 1. The last <uses-sdk> holds.
        """
        minimum, target, written = 1, 1, False
        for element in self.root.all("uses-sdk"):
            low, high = self.level(element, "minSdkVersion"), self.level(element, "targetSdkVersion")
            written = high is not None
            minimum = 1 if low is None else low
            target = minimum if high is None else high
        return minimum, target, written

    def level(self, element: Element, name: str) -> int | None:
        number = self.number(element, name)
        if number is not None:
            return number
        text = self.text(element, name)
        if not text or text.startswith("@"):
            return None
        # "Tiramisu", or "Tiramisu.fingerprint" for a build against one preview.
        return CODENAMES.get(text.partition(".")[0], CUR_DEVELOPMENT)

    def last_number(self, tag: str, name: str) -> int | None:
        found = [self.number(element, name) for element in self.root.all(tag)]
        return next((number for number in reversed(found) if number is not None), None)

    def version_code(self) -> int | None:
        low, high = self.number(self.root, "versionCode"), self.number(self.root, "versionCodeMajor")
        if low is None and high is None:
            return None
        return (high or 0) << 32 | (low or 0) & 0xFFFFFFFF

    def compile_sdk(self) -> int | None:
        number = self.number(self.root, "compileSdkVersion")
        return number if number is not None else _integer(self.plain(self.root, "platformBuildVersionCode"))

    def labels(self, application: Element) -> dict[str, str]:
        """The app's name: "default", and one per Chinese or English locale."""
        label = self.attribute(application, "label")
        if label is None:
            return {}
        table = self.table() if label.type in (TYPE_REFERENCE, TYPE_DYNAMIC_REFERENCE) else None
        best: dict[str, arsc.Value] = {}
        for value in table.resolve(label.data) if table else ():
            locale = value.config.locale
            # en-XA and ar-XB are made-up languages for testing layouts.
            spoken = locale.partition("-")[0] in ("", "zh", "en") and not locale.endswith("-XA")
            if value.string is not None and not value.config.other and spoken:
                key = locale or "default"
                if key not in best or value.config.sdk > best[key].config.sdk:
                    best[key] = value
        if best:
            return {key: best[key].string or "" for key in sorted(best)}
        text = self.shown(label)
        return {} if text is None else {"default": text}

    def label(self, application: Element, labels: dict[str, str]) -> str:
        """What a phone set to Chinese shows; without a label of its own, that of its activity in the launcher."""
        for locale in CHINESE:
            if (locale or "default") in labels:
                return labels[locale or "default"]
        attribute = self.attribute(application, "label")
        if attribute is not None:
            return self.shown(attribute) or ""
        for component in application.children:
            if component.name in ("activity", "activity-alias") and _launches(self, component):
                return self.text(component, "label") or ""
        return ""

    def splits(self, application: Element) -> tuple[str, ...]:
        """The names of splits this very file is or needs by name. Says so when splits are required."""
        required = [name for name in ("isSplitRequired",) if self.flag(self.root, name) or self.flag(application, name)]
        types = self.text(self.root, "requiredSplitTypes")
        own = self.plain(self.root, "split")
        needs = [name for each in self.root.all("uses-split") if (name := self.text(each, "name"))]
        if types:
            required.append(f"requiredSplitTypes={types}")
        if self.meta_data(application).get("com.android.vending.splits.required") in ("true", "1"):
            required.append("com.android.vending.splits.required")
        if required and own is None:
            self.note("SPLITS_REQUIRED", f"the base says it needs splits ({', '.join(required)})")
        if own is not None:
            self.note("IS_SPLIT", f"this is split {own!r} of {self.package}, not a base package")
        return tuple(dict.fromkeys([own, *needs] if own else needs))

    def features(self) -> tuple[str, ...]:
        groups = [self.root, *self.root.all("feature-group")]
        names = [self.text(each, "name") for group in groups for each in group.all("uses-feature")]
        return tuple(dict.fromkeys(name for name in names if name))

    def meta_data(self, element: Element) -> dict[str, str]:
        found = {}
        for each in element.all("meta-data"):
            name = self.text(each, "name")
            if name:
                value = self.text(each, "resource")
                found[name] = (self.text(each, "value") if value is None else value) or ""
        return found

    def backup_rules(self, application: Element) -> bool:
        """Whether the app says what may be backed up: fullBackupContent or dataExtractionRules names a file."""
        for name in ("fullBackupContent", "dataExtractionRules"):
            value = self.attribute(application, name)
            if value is not None and value.type in (TYPE_REFERENCE, TYPE_DYNAMIC_REFERENCE) and value.data:
                return True
        return False

    def transport(self, application: Element) -> tuple[NetworkSecurity | Unread | None, bool | Unread]:
        """The network security configuration, and whether traffic in clear is allowed where no domain rule says else.

        The configuration, when there is one, decides alone; then usesCleartextTraffic; then the target level.
        """
        reference = self.attribute(application, "networkSecurityConfig")
        if reference is None or reference.type == TYPE_NULL:
            return None, self.flag_or_unread(application, "usesCleartextTraffic", self.target_sdk < 28)
        path = self.shown(reference) or ""
        try:
            if not self.container.has(path):
                unread = Unread("NO_PACKAGE", f"networkSecurityConfig is {path}, which the package does not hold")
                return unread, unread
            data = self.container.read(path, MAX_MANIFEST_BYTES)
            tree = self.form.read_xml(data, path)
            if not tree.complete:
                raise Malformed(f"{path}：文件不完整", f"{path} is cut short: {', '.join(tree.faults[:3])}")
            config = network_security(tree, path, self.target_sdk)
        except ReadError as error:
            self.note("NETWORK_SECURITY_UNREAD", error.words.en, path)
            unread = Unread("NO_PACKAGE", error.words.en)
            return unread, unread
        return config, bool(config.rules[0].cleartext)

    # --- permissions ---

    def permissions(self) -> tuple[Permission, ...]:
        """What is asked for, in the order of the manifest, then what the platform adds for this target.

        A name written twice is one permission, as the platform takes it: asked for up to the highest maxSdkVersion,
        and neverForLocation only when each says so. `flags` then has "duplicate"; "sdk-23" stands for
        <uses-permission-sdk-23>, "requiredFeature=…" for a condition on the device.
        """
        first: dict[str, Element] = {}
        limits: dict[str, list[int | None]] = {}
        flags: dict[str, list[set[str]]] = {}
        for element in self.root.children:
            if element.name not in ("uses-permission", "uses-permission-sdk-23", "uses-permission-sdk-m"):
                continue
            name = self.text(element, "name")
            if not name:
                self.note("PERMISSION_NO_NAME", f"<{element.name}> without a name at 0x{element.at:x}")
                continue
            attribute = self.attribute(element, "name")
            if attribute is not None and attribute.type != TYPE_STRING:
                # The platform takes a name only as it stands (getNonResourceString), and asks for nothing here.
                self.note("PERMISSION_BY_REFERENCE", f"<{element.name}> at 0x{element.at:x} names {name} by reference")
                continue
            first.setdefault(name, element)
            limits.setdefault(name, []).append(self.max_sdk(element))
            flags.setdefault(name, []).append(self.permission_flags(element))
        found = {}
        for name, element in first.items():
            each = flags[name]
            said = set.intersection(*each) | ({"duplicate"} if len(each) > 1 else set())
            found[name] = self.asked(name, _highest(limits[name]), tuple(sorted(said)), self.at(element))
        self.add_implied(found)
        return tuple(found.values())

    def max_sdk(self, element: Element) -> int | None:
        """The limit of a permission. The platform takes a number alone, and 0 for none."""
        found = self.attribute(element, "maxSdkVersion")
        if found is None:
            return None
        value = self.settled(element, "maxSdkVersion", found)
        return (_signed(value.data) or None) if TYPE_FIRST_INT <= value.type <= TYPE_LAST_INT else None

    def permission_flags(self, element: Element) -> set[str]:
        found = set()
        if element.name != "uses-permission":
            found.add("sdk-23")
        if (self.number(element, "usesPermissionFlags") or 0) & 0x00010000:
            found.add("neverForLocation")
        for name in ("requiredFeature", "requiredNotFeature"):
            feature = self.text(element, name)
            if feature:
                found.add(f"{name}={feature}")
        return found

    def asked(self, name: str, max_sdk: int | None, flags: tuple[str, ...], at: str) -> Permission:
        known, by = known_permission(name), permission_added_by(name)
        return Permission(
            name=name,
            group=known.group if known else None,
            dangerous=known.dangerous if known else False,
            max_sdk=max_sdk,
            origin=by.id if by else "manifest",
            protection=known.protection if known else (),
            why_origin=by.why.zh if by else "",
            flags=flags,
            label=known.label.zh if known and known.label else "",
            at=at,
        )

    def add_implied(self, found: dict[str, Permission]) -> None:
        written = set(found)
        for source, name, below, since in IMPLIED:
            if self.target_sdk >= below or name in written or (source is not None and source not in found):
                continue
            max_sdk = found[source].max_sdk if source is not None else None
            if max_sdk is not None and max_sdk < since:
                continue
            at = found[source].at if source is not None else self.at(self.root)
            if name in found:
                max_sdk = _highest([found[name].max_sdk, max_sdk])
                at = found[name].at
            why = f"目标版本低于 {below}" if below < CUR_DEVELOPMENT else "系统总是补上"
            if source is not None:
                why += f"，且申请了 {source.removeprefix(_P)}"
            known = known_permission(name)
            found[name] = Permission(
                name=name,
                group=known.group if known else None,
                dangerous=known.dangerous if known else False,
                max_sdk=max_sdk,
                origin="implied",
                protection=known.protection if known else (),
                why_origin=why,
                label=known.label.zh if known and known.label else "",
                at=at,
            )

    def declared_permissions(self) -> Iterable[DeclaredPermission]:
        for element in self.root.children:
            if element.name in ("permission", "permission-tree"):
                name = self.text(element, "name")
                if name:
                    yield DeclaredPermission(
                        name,
                        _protection(self.number(element, "protectionLevel") or 0),
                        self.text(element, "label") or "",
                        self.text(element, "description") or "",
                        self.at(element),
                    )

    # --- components ---

    def components(self, application: Element) -> Iterable[Component]:
        made: dict[str, Component] = {}
        for element in application.children:
            if element.name in ("activity", "service", "receiver", "provider", "activity-alias"):
                component = self.component(element, application, made)
                if element.name == "activity":
                    made.setdefault(component.name, component)
                yield component

    def component(self, element: Element, application: Element, made: dict[str, Component]) -> Component:
        kind = element.name
        name = self.text(element, "name") or ""
        name = self.class_name(name) if name else ""
        if not name:
            self.note("COMPONENT_NO_NAME", f"<{kind}> without a name at 0x{element.at:x}")
        filters = tuple(self.filter(each) for each in element.all("intent-filter"))
        exported = self.flag(element, "exported")
        target = self.text(element, "targetActivity")
        target = self.class_name(target) if target else None
        original = made.get(target) if kind == "activity-alias" and target else None
        permission = self.text(element, "permission")
        process = self.process(element, application)
        if kind == "provider":
            permission = self.text(element, "readPermission") or permission
        if original is not None:
            process = original.process
        elif kind != "activity-alias":
            # An alias does not take over the application's permission, nor its target's.
            permission = permission or self.text(application, "permission")
        by = component_added_by(target or name, self.package)
        direct_boot = self.flag(element, "directBootAware")
        if direct_boot is None and original is not None:
            direct_boot = original.direct_boot
        return Component(
            kind=kind,
            name=name,
            exported=self.exported_by_default(kind, filters) if exported is None else exported,
            actions=_unique(action for each in filters for action in each.actions),
            origin=by.id if by else "manifest",
            exported_written=exported is not None,
            enabled=self.flag(element, "enabled") is not False and self.flag(application, "enabled") is not False,
            process=process,
            permission=permission or None,
            filters=filters,
            authorities=_parts(self.text(element, "authorities")) if kind == "provider" else (),
            foreground_types=_bits(self.number(element, "foregroundServiceType") or 0, FOREGROUND_TYPES),
            direct_boot=bool(direct_boot),
            target=target,
            label=self.text(element, "label") or "",
            meta_data=self.meta_data(element),
            at=self.at(element),
        )

    def exported_by_default(self, kind: str, filters: tuple[IntentFilter, ...]) -> bool:
        """What holds when exported is not written. From target 31 on a component with a filter must write it."""
        if kind == "provider":
            return self.target_sdk < 17
        if kind == "service":
            return bool(filters)
        # For activities and receivers the platform drops a filter that names no action.
        return any(each.actions for each in filters)

    def filter(self, element: Element) -> IntentFilter:
        def names(tag: str, attribute: str) -> tuple[str, ...]:
            return _unique(text for each in element.all(tag) if (text := self.text(each, attribute)))

        return IntentFilter(
            names("action", "name"),
            names("category", "name"),
            names("data", "scheme"),
            self.number(element, "priority"),
        )

    def process(self, element: Element, application: Element) -> str | None:
        """The process a component runs in; None for the one named like the package."""
        name = self.text(element, "process") or self.text(application, "process")
        if not name:
            return None
        full = self.package + name if name.startswith(":") else name
        return None if full == self.package else full

    def queries(self) -> Queries:
        blocks = self.root.all("queries")
        children = [child for block in blocks for child in block.children]
        return Queries(
            packages=_unique(name for each in children if each.name == "package" and (name := self.text(each, "name"))),
            actions=_unique(
                name
                for each in children
                if each.name == "intent"
                for action in each.all("action")
                if (name := self.text(action, "name"))
            ),
            authorities=_unique(
                part for each in children if each.name == "provider" for part in _parts(self.text(each, "authorities"))
            ),
            at=self.at(blocks[0]) if blocks else "",
        )


def network_security(tree: XmlTree, path: str, target_sdk: int) -> NetworkSecurity:
    """What a network security configuration says, with the platform's defaults filled in.

    The first rule is the base, for hosts that no other rule names; a nested rule takes over what it does not say
    itself. `trusts_user_certificates`: whether certificates the user installed are trusted, as by default below
    target 24. Source: AOSP android.security.net.config.XmlConfigSource and NetworkSecurityConfig.
    """
    base = next(iter(tree.root.all("base-config")), None)
    cleartext, trusts = _says(base, target_sdk < 28, target_sdk < 24)
    rules = [DomainRule((), cleartext, trusts)]
    todo = [(each, cleartext, trusts) for each in reversed(tree.root.all("domain-config"))]
    while todo:
        element, inherited_cleartext, inherited_trust = todo.pop()
        cleartext, trusts = _says(element, inherited_cleartext, inherited_trust)
        domains = _unique(domain for each in element.all("domain") if (domain := each.text.strip().lower()))
        rules.append(DomainRule(domains, cleartext, trusts))
        todo.extend((each, cleartext, trusts) for each in reversed(element.all("domain-config")))
    overrides = bool(tree.root.all("debug-overrides"))
    return NetworkSecurity(tuple(rules), overrides, f"{path}@0x{tree.root.at:04x}")


def _says(element: Element | None, cleartext: bool, trusts: bool) -> tuple[bool, bool]:
    if element is None:
        return cleartext, trusts
    written = element.named("cleartextTrafficPermitted")
    if written is not None:
        cleartext = written.data != 0 if written.type == TYPE_INT_BOOLEAN else written.raw in ("true", "1", "TRUE")
    for anchors in element.all("trust-anchors")[:1]:
        sources = [source for each in anchors.all("certificates") if (source := each.named("src"))]
        trusts = any((source.raw or source.string) == "user" for source in sources)
    return cleartext, trusts


def _launches(manifest: _Manifest, component: Element) -> bool:
    for element in component.all("intent-filter"):
        each = manifest.filter(element)
        if "android.intent.action.MAIN" in each.actions and "android.intent.category.LAUNCHER" in each.categories:
            return True
    return False


def _fit(value: arsc.Value) -> tuple[bool, int, int]:
    """How well a value fits a current phone set to Chinese: nothing else asked for, its language, the newest level."""
    config = value.config
    rank = len(CHINESE) - CHINESE.index(config.locale) if config.locale in CHINESE else -1
    return (not config.other, rank, config.sdk)


def _text(kind: int, data: int, string: str | None) -> str | None:
    """TypedValue.coerceToString for the types a manifest holds; None when only the raw text can tell."""
    if kind == TYPE_STRING:
        return string
    if kind == TYPE_INT_BOOLEAN:
        return "true" if data else "false"
    if kind in (TYPE_REFERENCE, TYPE_DYNAMIC_REFERENCE):
        return f"@0x{data:08x}"
    if kind == TYPE_ATTRIBUTE:
        return f"?0x{data:08x}"
    if kind == TYPE_INT_HEX:
        return f"0x{data:x}"
    if TYPE_FIRST_INT <= kind <= TYPE_LAST_INT:
        return str(_signed(data))
    return None


def _signed(data: int) -> int:
    return data - (1 << 32) if data & 0x80000000 else data


def _integer(text: str | None) -> int | None:
    try:
        return int(text or "", 0) if len(text or "") < 20 else None
    except ValueError:
        return None


def _highest(limits: list[int | None]) -> int | None:
    """The level up to which something holds when any of several limits lets it; None without a limit."""
    numbers = [limit for limit in limits if limit is not None]
    return max(numbers) if len(numbers) == len(limits) else None


def _bits(value: int, names: dict[int, str]) -> tuple[str, ...]:
    return tuple(name for bit, name in names.items() if value & bit)


def _protection(value: int) -> tuple[str, ...]:
    base = value & 0xF
    return (PROTECTION_BASE[base] if base < len(PROTECTION_BASE) else str(base), *_bits(value, PROTECTION_FLAGS))


def _unique(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(texts))


def _parts(text: str | None) -> tuple[str, ...]:
    return _unique(part.strip() for part in (text or "").split(";") if part.strip())
