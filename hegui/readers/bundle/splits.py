"""What a manifest says of its place among the splits of an app (拆分包), which is the base, and what is still missing.

Source: AOSP `ApkLiteParseUtils` of Android 14 for the attributes, and `PackageInstallerSession` for what an installation
must have: one base, one package and version, every required split type, and any split when the base says so.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from hegui.facts.package import Entry
from hegui.readers.apk.axml import (
    ANDROID,
    TYPE_FIRST_INT,
    TYPE_LAST_INT,
    TYPE_STRING,
    Attribute,
    Element,
    XmlTree,
)
from hegui.readers.apk.manifest_names import ATTR
from hegui.readers.bundle.parts import Opened, Part
from hegui.readers.errors import ReadError
from hegui.readers.kinds import WORDS
from hegui.readers.sdk.recognise import MANIFEST

_SPLITS_REQUIRED = "com.android.vending.splits.required"
ANY_SPLIT = "any configuration split (isSplitRequired)"
BASE = "the base package"


@dataclass(frozen=True)
class SplitFacts:
    """What a manifest says of splits. `name` None: a base. `config_for`: of which split it holds a configuration, ""
    being the base; None when it is no configuration split. `needs` are the splits it names in <uses-split>.
    """

    package: str
    version_code: int
    name: str | None
    config_for: str | None
    required: bool
    required_types: tuple[str, ...]
    types: tuple[str, ...]
    needs: tuple[str, ...]


@dataclass(frozen=True)
class Member:
    """A part and what it says of splits; None when its manifest could not be read."""

    part: Part
    says: SplitFacts | None

    @property
    def is_feature(self) -> bool:
        return self.says is not None and self.says.name is not None and self.says.config_for is None


@dataclass(frozen=True)
class Members:
    """The parts of one app, the base apart. `unread`: parts whose manifest could not be read, and why."""

    base: Member
    others: tuple[Member, ...]
    odd: tuple[Entry, ...]
    unread: dict[str, ReadError]


def split_facts(tree: XmlTree) -> SplitFacts:
    """Read a manifest for what it says of splits. The platform takes these attributes as written, not by reference."""
    root = tree.root
    applications = root.all("application")[:1]

    def android(element: Element, name: str) -> Attribute | None:
        found = element.attribute(ATTR[name])
        return element.named(name, ANDROID) if found is None and not tree.mapped else found

    def types(name: str) -> tuple[str, ...]:
        return tuple(part.strip() for part in _text(android(root, name)).split(",") if part.strip())

    required = any(_flag(android(each, "isSplitRequired")) for each in (root, *applications))
    for application in applications:
        for each in application.all("meta-data"):
            if _text(android(each, "name")) == _SPLITS_REQUIRED:
                required = required or _flag(android(each, "value"))
    name, config_for = _text(root.named("split")) or None, root.named("configForSplit")
    is_config = name is not None and (config_for is not None or name.startswith("config."))
    low, high = (_number(android(root, each)) for each in ("versionCode", "versionCodeMajor"))
    return SplitFacts(
        package=_text(root.named("package")),
        version_code=high << 32 | low,
        name=name,
        config_for=_text(config_for) if is_config else None,
        required=required,
        required_types=types("requiredSplitTypes"),
        types=types("splitTypes"),
        needs=tuple(text for each in root.all("uses-split") if (text := _text(android(each, "name")))),
    )


def members(name: str, opened: Opened) -> Members:
    """Tell the base from the splits. Raises ReadError, in one line, when there is no base, or more than one."""
    found, unread = [], {}
    for part in opened.parts:
        try:
            found.append(Member(part, split_facts(part.manifest)))
        except ReadError as error:
            unread[part.name] = error
            found.append(Member(part, None))
    if opened.kind == "apk":
        if unread:
            raise next(iter(unread.values()))
        # A split that stands alone is read as what it is: the base is then what is missing.
        return Members(found[0], (), (), {})
    base = _base(name, opened, found, unread)
    assert base.says is not None  # noqa: S101 - for the type checker; `_base` takes none without
    odd: list[Entry] = []
    odd += opened.listing.differs(base.says.package, base.says.version_code)
    others = []
    seen = {base.says.name}
    for each in found:
        if each is base:
            continue
        place, says = each.part.place(MANIFEST), each.says
        if says is not None and says.package != base.says.package:
            told = f"it is of {says.package}, the base is {base.says.package}; left out, no platform installs them together"
            odd.append(Entry(place, "PART_OF_ANOTHER_PACKAGE", told))
            continue
        if says is not None and says.version_code != base.says.version_code and opened.kind != "aab":
            told = f"version code {says.version_code}, the base has {base.says.version_code}: the platform refuses them together"
            odd.append(Entry(place, "PART_OF_ANOTHER_VERSION", told))
        if says is not None and says.name in seen:
            odd.append(Entry(place, "SPLIT_TWICE", f"split {says.name!r} was there before: the platform refuses both"))
        seen.add(says.name if says else None)
        others.append(each)
    # By name, as the platform orders splits, and not as an archive happens to hold them.
    others.sort(key=lambda member: member.part.name)
    return Members(base, tuple(others), tuple(odd), unread)


def missing(parts: Members, opened: Opened) -> tuple[str, ...]:
    """What the app needs and was not given, or cannot be read: () when its parts are complete.

    A bundle needs no configurations, for they are made of it.
    """
    says = [each.says for each in (parts.base, *parts.others) if each.says is not None]
    names = {each.name for each in says if each.name is not None} | {"base"}
    lacking: list[str] = []
    if opened.kind == "aab":
        names |= {part.name for part in opened.parts}
    else:
        given = {one for each in says for one in each.types}
        lacking += [one for each in says for one in each.required_types if one not in given]
        if parts.base.says is not None and parts.base.says.name is not None:
            lacking.append(BASE)
        # Without types any split will do for the platform; an app asks for one because of its configurations.
        typed = any(each.required_types for each in says)
        if not typed and any(each.required for each in says) and all(each.config_for is None for each in says):
            lacking.append(ANY_SPLIT)
    lacking += [one for each in says for one in each.needs if one not in names]
    lacking += [f"{name} (listed in {opened.listing.source})" for name in opened.listing.absent]
    lacking += [f"{name} (cannot be read)" for name in (*opened.unreadable, *parts.unread)]
    return tuple(dict.fromkeys(lacking))


def _base(name: str, opened: Opened, found: Sequence[Member], unread: dict[str, ReadError]) -> Member:
    if opened.kind == "aab":
        # bundletool knows the base module by its name.
        base = next(each for each in found if each.part.name == "base")
        if base.says is None:
            raise unread["base"]
        return base
    bases = [each for each in found if each.says is not None and each.says.name is None]
    if len(bases) == 1:
        return bases[0]
    what = WORDS[opened.kind]
    if not bases:
        bad = {**opened.unreadable, **unread}
        if bad:
            first, error = next(iter(bad.items()))
            raise type(error)(
                f"{name}：{what.zh}中没有可读的基础包；无法读取的有 {first}：{error.words.zh}",
                f"{name}: {what.en} without a base package that can be read; {first} cannot be: {error.words.en}",
            )
        raise ReadError(
            f"{name}：{what.zh}中 {len(found)} 个 APK 都是拆分包，没有基础包；请补上不带 split 属性的 base.apk",
            f"{name}: {what.en} whose {len(found)} APKs are all splits; add the base, the one without a split attribute",
        )
    shown = "、".join(_identity(each) for each in bases[:4]) + (" …" if len(bases) > 4 else "")
    raise ReadError(
        f"{name}：{what.zh}中有 {len(bases)} 个基础包（{shown}），无法判断审查哪一个；请单独给出其中一个",
        f"{name}: {what.en} with {len(bases)} base packages ({shown.replace('、', ', ')}); give the one to audit by itself",
    )


def _identity(member: Member) -> str:
    says = member.says
    return f"{member.part.name} {says.package} {says.version_code}" if says else member.part.name


def _text(attribute: Attribute | None) -> str:
    if attribute is None:
        return ""
    return (attribute.string if attribute.type == TYPE_STRING else attribute.raw) or ""


def _flag(attribute: Attribute | None) -> bool:
    if attribute is None:
        return False
    if TYPE_FIRST_INT <= attribute.type <= TYPE_LAST_INT:
        return attribute.data != 0
    return _text(attribute) in ("true", "TRUE", "1")


def _number(attribute: Attribute | None) -> int:
    if attribute is None or not TYPE_FIRST_INT <= attribute.type <= TYPE_LAST_INT:
        return 0
    return attribute.data
