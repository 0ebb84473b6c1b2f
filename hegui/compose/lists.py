"""The lists: functions, permissions and SDKs of article 7; and the two users are shown, in the columns they are used to.

Columns: article 7(1)(2) and (3) of the 2026 draft; the two lists as the 2021 campaign on 双清单 made them customary.
"""

from collections.abc import Iterator

from hegui.catalogue import pi_types
from hegui.catalogue.sdks.sdk import FUNC_CLASSES
from hegui.compose.pages import Page, Paragraph, Table, Text, ask, declared, joined, key, line
from hegui.compose.subject import Subject, permission_name, sdk_link, sdk_operator, type_name, types_text
from hegui.facts.declaration import Scene
from hegui.facts.package import CallSite, Permission, Sdk
from hegui.facts.queries import permissions as held
from hegui.facts.unread import is_read

Cell = tuple[Text, ...]


def function_list(subject: Subject) -> Page:
    """Article 7(1)(2): each function with purpose, method, types, permissions and frequency, sensitive items explained."""
    return Page("functions", "收集使用个人信息功能清单", (function_table(subject), *unexplained(subject)))


def unexplained(subject: Subject) -> Iterator[Paragraph]:
    """A question for each type that the app's own code can read and no declared scene names."""
    named = {code for scene in subject.app.scenes for code in scene.types}
    found: dict[str, CallSite] = {}
    for one in subject.reads_of("app"):
        if one.pi_type and one.pi_type not in named:
            found.setdefault(one.pi_type, one)
    for code in sorted(found):
        question = f"代码可读取{type_name(code)}（{found[code].at}）：属于哪个功能、为何、多久一次；如未使用请删除代码"
        yield line(ask(question), item=True)


def function_table(subject: Subject) -> Table:
    rows = [_function(subject, index, scene) for index, scene in enumerate(subject.app.scenes)]
    columns = (
        "功能",
        "收集目的",
        "收集方式",
        "个人信息种类",
        "调用权限",
        "调用频度",
        "敏感个人信息的必要性",
        "对用户权益的影响",
    )
    return Table("功能清单", columns, tuple(rows))


def _function(subject: Subject, index: int, scene: Scene) -> tuple[Cell, ...]:
    at = f"app.scenes[{index}]"
    perms = tuple(key(Text(permission_name(one), "declared", f"{at}.perms")) for one in scene.perms)
    need, effect = _sensitive(subject, scene)
    return (
        (Text(scene.name, "declared", f"{at}.name"),),
        (declared(scene.purpose, f"{at}.purpose", f"“{scene.name}”收集个人信息的目的"),),
        (declared(scene.method, f"{at}.method", f"“{scene.name}”收集的方式，如由您填写、调用系统接口"),)
        if scene.types
        else (Text("不收集"),),
        (Text(types_text(scene.types), "declared", f"{at}.types"),) if scene.types else (Text("不收集个人信息"),),
        joined(perms) or (Text("不调用"),),
        ((declared(scene.freq, f"{at}.freq", f"“{scene.name}”调用权限或收集的频度，如每次扫码时一次"),))
        if scene.types or scene.perms
        else (Text("不调用"),),
        need,
        effect,
    )


def is_sensitive(code: str) -> bool:
    """Whether the lists must explain it: a position may be whereabouts, so it is explained in any case (A-31)."""
    return code == "location.precise" or pi_types.is_sensitive(code)


def _sensitive(subject: Subject, scene: Scene) -> tuple[Cell, Cell]:
    told = {one.type: (index, one) for index, one in enumerate(subject.app.sensitive)}
    needs, effects = [], []
    for code in scene.types:
        if not is_sensitive(code):
            continue
        index, one = told.get(code, (0, None))
        name = type_name(code)
        at = f"app.sensitive[{index}]"
        needs.append(declared(one.necessity if one else None, f"{at}.necessity", f"“{scene.name}”为何必须收集{name}"))
        effects.append(declared(one.impact if one else None, f"{at}.impact", f"收集{name}对用户权益有什么影响"))
    return joined(needs, "；") or (Text("无敏感个人信息"),), joined(effects, "；") or (Text("无敏感个人信息"),)


def permission_list(subject: Subject) -> Page:
    """Which permission is for what, how often, whether it can be refused."""
    return Page("permissions", "应用权限清单", (permission_table(subject),))


def permission_table(subject: Subject) -> Table:
    columns = ("权限名称", "对应功能", "使用目的", "调用频度", "申请时机", "可否关闭")
    return Table("权限清单", columns, tuple(_permission(subject, one) for one in subject.permissions()))


def _permission(subject: Subject, one: Permission) -> tuple[Cell, ...]:
    uses = subject.scenes_using(one)
    name = key(Text(permission_name(one.name), "package", one.at))
    if not uses:
        short = held.short(one)
        question = ask(f"{short} 用于哪个功能、为何、多久一次；如不使用请从清单中删除")
        return (
            (name,),
            (question,),
            *(((Text(""),),) * 2),
            (Text("使用相应功能时申请"),),
            (Text("可在系统设置中关闭"),),
        )
    return (
        (name,),
        joined(Text(scene.name, "declared", f"app.scenes[{index}].name") for index, scene in uses),
        joined(
            (declared(scene.purpose, f"app.scenes[{index}].purpose", f"“{scene.name}”的目的") for index, scene in uses),
            "；",
        ),
        joined(
            (declared(scene.freq, f"app.scenes[{index}].freq", f"“{scene.name}”的调用频度") for index, scene in uses),
            "；",
        ),
        (Text("使用相应功能时申请"),),
        (Text("可在系统设置中关闭，关闭后不影响其他功能"),),
    )


def sdk_list(subject: Subject) -> Page:
    """Article 7(1)(3): every embedded SDK with name and package, version, function, operator, types, and rules link."""
    return Page("sdks", "第三方 SDK 清单", (sdk_table(subject),))


def sdk_table(subject: Subject) -> Table:
    columns = ("SDK 名称", "包名", "版本", "主要功能", "运营者", "收集的个人信息种类", "隐私政策链接")
    rows = [_sdk(subject, one) for one in subject.sdks() if _collects(subject, one)]
    found = {one.sdk_id for one in subject.sdks()}
    rows += [_declared_sdk(index, id) for id, (index, _) in subject.sdk_notes.items() if id not in found]
    return Table("SDK 清单", columns, tuple(rows))


def _collects(subject: Subject, one: Sdk) -> bool:
    """SDKs that collect or are said to; pure libraries are advisory (A-06)."""
    return one.collects_pi or one.sdk_id in subject.sdk_notes or bool(subject.reads_of(one.sdk_id))


def _sdk(subject: Subject, one: Sdk) -> tuple[Cell, ...]:
    index, note = subject.sdk_notes.get(one.sdk_id, (0, None))
    at = f"app.sdks[{index}]"
    place = one.at[0] if one.at else ""
    package = one.pkg_prefix.replace("/", ".").rstrip(".*")
    version = Text(one.version, "package", one.version_src) if is_read(one.version) and one.version else None
    function = FUNC_CLASSES.get(one.func_class)
    return (
        (key(Text(one.name, "catalogue", f"sdks/{one.sdk_id}")),),
        (Text(package, "package", place),),
        (version or declared(note.version if note else None, f"{at}.version", f"{one.name} 的版本"),),
        (
            Text(note.function, "declared", f"{at}.function")
            if note and note.function
            else Text(function.zh, "catalogue", f"sdks/{one.sdk_id}")
            if function and one.func_class != "other"
            else ask(f"{one.name} 的主要功能"),
        ),
        (
            Text(note.operator, "declared", f"{at}.operator")
            if note and note.operator
            else sdk_operator(one) or ask(f"{one.name} 的运营者"),
        ),
        _sdk_types(subject, one),
        (
            Text(note.link, "declared", f"{at}.link")
            if note and note.link
            else sdk_link(one) or ask(f"{one.name} 的规则链接"),
        ),
    )


def _sdk_types(subject: Subject, one: Sdk) -> Cell:
    """What the operator declares of it, and what its code can read besides; only what somebody stands for is stated."""
    index, note = subject.sdk_notes.get(one.sdk_id, (0, None))
    stated = note.types if note else ()
    more = sorted({site.pi_type for site in subject.reads_of(one.sdk_id) if site.pi_type} - set(stated))
    cell: list[Text] = []
    if stated:
        cell.append(Text(types_text(stated), "declared", f"app.sdks[{index}].types"))
    if more:
        at = next(site.at for site in subject.reads_of(one.sdk_id) if site.pi_type == more[0])
        cell.append(ask(f"其代码还可读取{types_text(tuple(more))}（{at} 等）：请与 {one.name} 的规则核对是否收集"))
    return joined(cell, "；") or (ask(f"{one.name} 收集的个人信息种类"),)


def _declared_sdk(index: int, id: str) -> tuple[Cell, ...]:
    question = ask(f"声明的 SDK“{id}”未在安装包中发现；如已移除请删除此行")
    return ((Text(id, "declared", f"app.sdks[{index}].id"), question), *(((Text(""),),) * 6))


def collected_list(subject: Subject) -> Page:
    """已收集个人信息清单: by type, as users are shown it. Counts and contents are filled in by the app for each user."""
    columns = ("信息名称", "使用目的", "使用场景", "收集方式", "收集情况", "信息内容")
    rows = []
    for code in dict.fromkeys(code for scene in subject.app.scenes for code in scene.types):
        uses = [(index, scene) for index, scene in enumerate(subject.app.scenes) if code in scene.types]
        rows.append(
            (
                (Text(type_name(code), "declared", f"app.scenes[{uses[0][0]}].types"),),
                joined(
                    (declared(one.purpose, f"app.scenes[{at}].purpose", f"“{one.name}”的目的") for at, one in uses),
                    "；",
                ),
                joined(Text(one.name, "declared", f"app.scenes[{at}].name") for at, one in uses),
                joined(
                    (declared(one.method, f"app.scenes[{at}].method", f"“{one.name}”的收集方式") for at, one in uses),
                    "；",
                ),
                (Text("由应用按用户填写：最近 7 日、30 日、全部次数"),),
                (Text("由应用按用户填写，用户可查看本人数据"),),
            )
        )
    return Page("collected", "已收集个人信息清单", (Table("已收集个人信息清单", columns, tuple(rows)),))


def sharing_list(subject: Subject) -> Page:
    """与第三方共享个人信息清单: every recipient, declared ones and the SDKs that collect."""
    columns = ("第三方名称", "所属公司", "共享个人信息种类", "使用目的", "使用场景", "共享方式", "官网或隐私政策链接")
    rows: list[tuple[Cell, ...]] = []
    for index, one in enumerate(subject.app.recipients):
        at = f"app.recipients[{index}]"
        rows.append(
            (
                (Text(one.name, "declared", f"{at}.name"),),
                (Text(one.name, "declared", f"{at}.name"),),
                (declared(types_text(one.types), f"{at}.types", f"向 {one.name} 提供的个人信息种类"),),
                (declared(one.purpose, f"{at}.purpose", f"向 {one.name} 提供的目的"),),
                (declared(one.scene, f"{at}.scene", f"向 {one.name} 提供的场景"),),
                (declared(one.method, f"{at}.method", f"向 {one.name} 提供的方式"),),
                (declared(one.link, f"{at}.link", f"{one.name} 的官网或规则链接"),),
            )
        )
    for sdk in (one for one in subject.sdks() if _collects(subject, one)):
        row = _sdk(subject, sdk)
        scene = ask(f"{sdk.name} 在哪些场景使用")
        rows.append((row[0], row[4], row[5], row[3], (scene,), (Text("SDK 本机采集"),), row[6]))
    return Page("sharing", "与第三方共享个人信息清单", (Table("与第三方共享个人信息清单", columns, tuple(rows)),))
