"""What a package allows its traffic: the network security configuration, and cleartext where it says nothing."""

from hegui.facts.package import DomainRule, NetworkSecurity
from hegui.facts.unread import Unread
from hegui.readers.apk.axml import TYPE_INT_BOOLEAN, TYPE_NULL, Element, XmlTree
from hegui.readers.apk.manifest_names import MAX_MANIFEST_BYTES
from hegui.readers.apk.manifest_values import Container, Form, Values, unique
from hegui.readers.errors import Malformed, ReadError


def transport(
    manifest: Values, container: Container, form: Form, application: Element, target_sdk: int
) -> tuple[NetworkSecurity | Unread | None, bool | Unread]:
    """The network security configuration, and whether traffic in clear is allowed where no domain rule says else.

    The configuration, when there is one, decides alone; then usesCleartextTraffic; then the target level.
    """
    reference = manifest.attribute(application, "networkSecurityConfig")
    if reference is None or reference.type == TYPE_NULL:
        return None, manifest.flag_or_unread(application, "usesCleartextTraffic", target_sdk < 28)
    path = manifest.shown(reference) or ""
    try:
        if not container.has(path):
            unread = Unread("NO_PACKAGE", f"networkSecurityConfig is {path}, which the package does not hold")
            return unread, unread
        data = container.read(path, MAX_MANIFEST_BYTES)
        tree = form.read_xml(data, path)
        if not tree.complete:
            raise Malformed(f"{path}：文件不完整", f"{path} is cut short: {', '.join(tree.faults[:3])}")
        config = network_security(tree, path, target_sdk)
    except ReadError as error:
        manifest.note("NETWORK_SECURITY_UNREAD", error.words.en, path)
        unread = Unread("NO_PACKAGE", error.words.en)
        return unread, unread
    return config, bool(config.rules[0].cleartext)


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
        domains = unique(domain for each in element.all("domain") if (domain := each.text.strip().lower()))
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
