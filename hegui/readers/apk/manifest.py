"""AndroidManifest.xml (清单): what the installed app would be, by the platform's own rules.

Behaviour follows AOSP's `ParsingPackageUtils`, `ParsedActivityUtils`, `ParsedServiceUtils` and `ParsedProviderUtils` of
Android 14: defaults that hang on the target level, names completed with the package, permissions the platform adds for
old targets. Where the platform would refuse to install, this reader goes on and notes it among the odd entries.
"""

from collections.abc import Callable, Iterable

from hegui.catalogue.added_by import component_added_by
from hegui.catalogue.frames.plugin_hosts import plugin_host
from hegui.facts.package import Component, IntentFilter, Queries
from hegui.facts.unread import Unread
from hegui.readers.apk import arsc
from hegui.readers.apk.axml import TYPE_DYNAMIC_REFERENCE, TYPE_REFERENCE, Element, XmlTree
from hegui.readers.apk.manifest_names import (
    CODENAMES,
    CUR_DEVELOPMENT,
    FOREGROUND_TYPES,
    MANIFEST,
    MAX_MANIFEST_BYTES,
    MAX_TABLE_BYTES,
    TABLE,
)
from hegui.readers.apk.manifest_permissions import declared_permissions, permissions
from hegui.readers.apk.manifest_values import CHINESE, COMPILED, Container, Form, Values, bits, integer, unique
from hegui.readers.apk.network_security import transport
from hegui.readers.errors import Malformed, ReadError


def manifest_facts(container: Container, form: Form = COMPILED) -> dict[str, object]:
    """The fields of facts.Package that the manifest and the resources hold, ready for `Package(**…)`.

    `odd_entries` has what is odd about the two files, to be joined with the container's own. Raises ReadError when
    there is no manifest, or it cannot be read at all.
    """
    if not container.has(MANIFEST):
        raise Malformed(
            f"包内没有 {MANIFEST}，不是 Android 应用包", f"there is no {MANIFEST}: this is no Android package"
        )

    def load_table(values: Values) -> arsc.ResourceTable | None:
        if container.has(TABLE):
            try:
                return form.read_table(container.read(TABLE, MAX_TABLE_BYTES), TABLE)
            except ReadError as error:
                values.note("RESOURCES_UNREAD", error.words.en, TABLE)
        return None

    manifest = Manifest(form.read_xml(container.read(MANIFEST, MAX_MANIFEST_BYTES), MANIFEST), load_table, form.levels)
    application = manifest.application or Element("application", None, manifest.root.at)
    security, cleartext = transport(manifest, container, form, application, manifest.target_sdk)
    labels = manifest.labels(application)
    found = manifest.entries(application) | {
        "version_name": manifest.text(manifest.root, "versionName"),
        "min_sdk": manifest.min_sdk,
        "target_sdk": manifest.target_sdk,
        "target_sdk_written": manifest.target_written,
        "compile_sdk": manifest.compile_sdk(),
        "label": manifest.label(application, labels),
        "labels": labels,
        "permissions": permissions(manifest, manifest.target_sdk),
        "shared_user_id": manifest.text(manifest.root, "sharedUserId") or None,
        "cleartext_ok": cleartext,
        "network_security": security,
        "allow_backup": manifest.flag_or_unread(application, "allowBackup", True),
        "backup_rules": manifest.backup_rules(application),
        "debuggable": manifest.flag_or_unread(application, "debuggable", False),
        "splits": manifest.splits(application),
    }
    found |= manifest.not_read()
    # Last: reading the rest may add to them.
    return found | {"odd_entries": tuple(manifest.odd)}


class Manifest(Values):
    """One manifest. `levels` are the effective minimum and target and whether a target is written, where not its own."""

    def __init__(
        self,
        tree: XmlTree,
        load_table: Callable[[Values], arsc.ResourceTable | None],
        levels: tuple[int, int, bool] | None = None,
    ) -> None:
        super().__init__(tree, load_table)
        for fault in tree.faults:
            self.note(fault.partition("@")[0], f"at {fault.partition('@')[2]}")
        if not tree.complete:
            self.note("MANIFEST_CUT_SHORT", "the platform would refuse it; absence of anything proves nothing")
        applications = self.root.all("application")
        if len(applications) > 1:
            self.note("MANIFEST_SECOND_APPLICATION", f"{len(applications)} <application> elements; the first counts")
        self.application = applications[0] if applications else None
        self.min_sdk, self.target_sdk, self.target_written = levels or self.levels()

    def entries(self, application: Element) -> dict[str, object]:
        """The facts that do not hang on the package around the manifest: those of a library's are the same."""
        name = self.text(application, "name")
        components = tuple(self.components(application))
        hosts = {host.name for one in components if (host := plugin_host(one.name)) and host.runs_packages}
        return {
            "name": self.package,
            "version_code": self.version_code(),
            "max_sdk": self.last_number("uses-sdk", "maxSdkVersion"),
            "application": self.class_name(name) if name else None,
            "declared_permissions": tuple(declared_permissions(self)),
            "components": components,
            "plugin_hosts": tuple(sorted(hosts)),
            "queries": self.queries(),
            "features": self.features(),
            "meta_data": self.meta_data(application),
            "application_at": self.at(application) if self.application else "",
            "manifest_at": self.at(self.root),
        }

    def not_read(self) -> dict[str, object]:
        """The facts that a manifest cut short cannot give: what may have stood behind the cut."""
        if self.tree.complete:
            return {}
        names = [
            "permissions",
            "declared_permissions",
            "components",
            "plugin_hosts",
            "queries",
            "features",
            "meta_data",
        ]
        if self.application is None:
            names += ["label", "application", "cleartext_ok", "network_security", "allow_backup", "backup_rules"]
            names.append("debuggable")
        if not self.root.all("uses-sdk"):
            names += ["min_sdk", "target_sdk", "target_sdk_written", "max_sdk"]
        unread = Unread("NO_PACKAGE", f"{MANIFEST} is cut short: {', '.join(self.tree.faults[:3])}")
        return dict.fromkeys(names, unread)

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
        return number if number is not None else integer(self.plain(self.root, "platformBuildVersionCode"))

    def labels(self, application: Element) -> dict[str, str]:
        """The app's name: "default", and one per Chinese or English locale."""
        label = self.attribute(application, "label")
        if label is None:
            return {}
        table = self.table if label.type in (TYPE_REFERENCE, TYPE_DYNAMIC_REFERENCE) else None
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
            actions=unique(action for each in filters for action in each.actions),
            origin=by.id if by else "manifest",
            exported_written=exported is not None,
            enabled=self.flag(element, "enabled") is not False and self.flag(application, "enabled") is not False,
            process=process,
            permission=permission or None,
            filters=filters,
            authorities=_parts(self.text(element, "authorities")) if kind == "provider" else (),
            foreground_types=bits(self.number(element, "foregroundServiceType") or 0, FOREGROUND_TYPES),
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
            return unique(text for each in element.all(tag) if (text := self.text(each, attribute)))

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
            packages=unique(name for each in children if each.name == "package" and (name := self.text(each, "name"))),
            actions=unique(
                name
                for each in children
                if each.name == "intent"
                for action in each.all("action")
                if (name := self.text(action, "name"))
            ),
            authorities=unique(
                part for each in children if each.name == "provider" for part in _parts(self.text(each, "authorities"))
            ),
            at=self.at(blocks[0]) if blocks else "",
        )


def _launches(manifest: Manifest, component: Element) -> bool:
    for element in component.all("intent-filter"):
        each = manifest.filter(element)
        if "android.intent.action.MAIN" in each.actions and "android.intent.category.LAUNCHER" in each.categories:
            return True
    return False


def _parts(text: str | None) -> tuple[str, ...]:
    return unique(part.strip() for part in (text or "").split(";") if part.strip())
