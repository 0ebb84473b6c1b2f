"""The linter of the SDK catalogue: clashes, dead and duplicate keys, prefixes too broad to blame anyone by, bad dates."""

import re
from collections import Counter
from collections.abc import Iterable
from datetime import date
from fnmatch import fnmatchcase

from hegui.catalogue.apis import PI_TYPES, WEAK_PI_TYPES
from hegui.catalogue.frames import frame_kind
from hegui.catalogue.sdks.lookup import shipped_sdks
from hegui.catalogue.sdks.sdk import CONFIDENCES, FUNC_CLASSES, READER_KINDS, Sdk, VersionReader

# Name spaces many share, or in which a company has its apps as well as its SDKs: nobody may be blamed by one of these.
SHARED = frozenset(
    [
        "com.",
        "cn.",
        "net.",
        "org.",
        "io.",
        "me.",
        "co.",
        "tv.",
        "im.",
        "uk.",
        "dev.",
        "app.",
        "com.android.",
        "com.google.",
        "com.google.android.",
        "com.facebook.",
        "com.microsoft.",
        "com.amazon.",
        "com.apple.",
        "com.samsung.",
        "com.tencent.",
        "com.tencent.mm.",
        "com.qq.",
        "com.alibaba.",
        "com.alipay.",
        "com.aliyun.",
        "com.taobao.",
        "com.alibaba.sdk.",
        "com.alibaba.sdk.android.",
        "com.baidu.",
        "com.huawei.",
        "com.huawei.android.",
        "com.hihonor.",
        "com.xiaomi.",
        "com.miui.",
        "com.oppo.",
        "com.heytap.",
        "com.coloros.",
        "com.oplus.",
        "com.vivo.",
        "com.meizu.",
        "com.bytedance.",
        "com.bytedance.sdk.",
        "com.ss.",
        "com.ss.android.",
        "com.kuaishou.",
        "com.kwai.",
        "com.netease.",
        "com.sina.",
        "com.weibo.",
        "com.jd.",
        "com.jingdong.",
        "com.jdjr.",
        "com.huawei.gamebox.",
        "com.meituan.",
        "com.sankuai.",
        "com.didi.",
        "com.iqiyi.",
        "com.qiyi.",
        "com.qihoo.",
        "com.qihoo360.",
        "com.sohu.",
        "com.youku.",
        "com.mob.",
        "com.sdk.",
        "com.lib.",
        "com.example.",
        "com.github.",
        "com.yandex.",
        "com.adobe.",
        "com.sun.",
        "org.apache.",
        "cn.com.",
        "com.cn.",
        "cn.jpush.",
    ]
)
# One word may be a whole name space when no other project could have chosen it.
SINGLE_WORDS = frozenset(["exocr.", "leakcanary.", "cmbapi.", "mtopsdk.", "tmsdk.", "xcrash.", "repeackage."])
SHARED_DOMAINS = frozenset(
    [
        "qq.com",
        "baidu.com",
        "aliyun.com",
        "aliyuncs.com",
        "alibaba.com",
        "taobao.com",
        "alipay.com",
        "huawei.com",
        "hicloud.com.cn",
        "xiaomi.com",
        "google.com",
        "googleapis.com",
        "gstatic.com",
        "facebook.com",
        "fbcdn.net",
        "microsoft.com",
        "amazon.com",
        "cloudfront.net",
        "akamai.net",
        "163.com",
        "sina.com.cn",
        "weibo.com",
        "jd.com",
        "meituan.com",
        "bytedance.com",
        "toutiao.com",
        "snssdk.com",
        "com.cn",
        "myqcloud.com",
        # Where anybody's servers stand.
        "amazonaws.com",
        "appspot.com",
        "azurewebsites.net",
        "bcebos.com",
        "cloudfunctions.net",
        "firebaseapp.com",
        "github.com",
        "github.io",
        "githubusercontent.com",
        "herokuapp.com",
        "hicloud.com",
        "myhuaweicloud.com",
        "qcloud.com",
        "tencentcloudapi.com",
        "web.app",
        "windows.net",
        # Pages that any app may open.
        "amap.com",
        "paypal.com",
        "unionpay.com",
    ]
)

_PREFIX = re.compile(r"(?:[A-Za-z_][\w$]*\.)+")
_NAME = re.compile(r"[A-Za-z_][\w$]*(?:\.[A-Za-z_][\w$]*)*")
_LIBRARY = re.compile(r"lib[\w.*+-]+\.so")
# Services that replace DNS are reached by address.
_DOMAIN = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}|(?:\d{1,3}\.){3}\d{1,3}")
# Manifest keys and file names that belong to one SDK only.
_KEYS = ("prefixes", "packages", "classes", "components", "meta_data", "native_libs", "domains", "assets", "strings")


def check(sdks: Iterable[Sdk] | None = None, *, today: date) -> tuple[str, ...]:
    """Faults, one line each; () when there is none. Without `sdks`, those of the shipped catalogue."""
    sdks = shipped_sdks() if sdks is None else tuple(sdks)
    faults: list[str] = []
    for id, count in Counter(sdk.id for sdk in sdks).items():
        if count > 1:
            faults.append(f"{id}: id used {count} times / 编号重复")
    owners: dict[tuple[str, str], str] = {}
    for sdk in sdks:
        wrong = [key_fault(kind, key) for kind in _KEYS for key in getattr(sdk, kind)]
        faults += [f"{sdk.id}: {fault}" for fault in (*wrong, *_dead(sdk), *_facts(sdk, today)) if fault]
        for kind in _KEYS:
            for key in getattr(sdk, kind):
                other = owners.setdefault((kind, key), sdk.id)
                if other != sdk.id:
                    faults.append(f"{sdk.id}: {kind} {key!r} is {other}'s too / 与 {other} 冲突")
    return tuple(faults)


def too_broad(prefix: str) -> bool:
    """Whether a package prefix (with its final dot) is a name space that several parties share."""
    return prefix in SHARED or (prefix.count(".") < 2 and prefix not in SINGLE_WORDS)


def key_fault(kind: str, key: str) -> str:
    """What is wrong with a key (`kind` as the fields of Sdk): written wrong, or shared by several parties; "" when nothing."""
    if kind == "prefixes":
        if not _PREFIX.fullmatch(key):
            return f"prefix {key!r} must be package names, each with a dot / 前缀写法不合"
        if too_broad(key):
            return f"prefix {key!r} is shared by several parties / 前缀过宽"
        if frame_kind(key + "X") in ("framework", "library"):
            return f"prefix {key!r} is a frame of the platform or of a library / 前缀属于平台或功能库"
    elif kind in ("packages", "classes", "components"):
        if not _NAME.fullmatch(key):
            return f"{key!r} is not a name / 名称写法不合"
    elif kind == "native_libs":
        if not _LIBRARY.fullmatch(key) or len(key.replace("*", "")) < len("libab.so"):
            return f"native library {key!r} must be libNAME.so / 原生库写法不合"
    elif kind == "strings":
        # A shorter one, or a common word, may stand in anybody's code.
        if len(key) < 8 or (key.isalpha() and key.islower()):
            return f"string {key!r} is too short, or a word, to tell one SDK by / 字符串过短或过常见"
    elif kind == "domains":
        if not _DOMAIN.fullmatch(key):
            return f"{key!r} is not a domain / 域名写法不合"
        if key in SHARED_DOMAINS:
            return f"domain {key!r} is shared by several parties / 域名过宽"
    return ""


def _dead(sdk: Sdk) -> list[str]:
    """Keys that another key of the same SDK already covers, and SDKs that nothing could ever find."""
    found = []
    for kind in (*_KEYS, "permissions", "collects"):
        values = getattr(sdk, kind)
        found += [f"{kind} {value!r} stands twice / 重复" for value, count in Counter(values).items() if count > 1]
    for name in (*sdk.prefixes, *(f"{one}." for one in sdk.packages), *sdk.classes):
        if any(name.startswith(prefix) and name != prefix for prefix in sdk.prefixes):
            found.append(f"{name!r} is covered by a prefix of its own / 已被自身前缀覆盖")
    for library in sdk.native_libs:
        if any(other != library and "*" in other and fnmatchcase(library, other) for other in sdk.native_libs):
            found.append(f"native library {library!r} is covered by a pattern of its own / 已被自身模式覆盖")
    for domain in sdk.domains:
        if any(domain.endswith(f".{other}") for other in sdk.domains):
            found.append(f"domain {domain!r} is covered by a domain of its own / 已被自身域名覆盖")
    if not any(getattr(sdk, kind) for kind in _KEYS):
        found.append("nothing could ever find it / 没有任何识别依据")
    return found


def _facts(sdk: Sdk, today: date) -> list[str]:
    found = []
    if not _NAME.fullmatch(sdk.id):
        found.append("an id is written like a package name / 编号写法不合")
    if not (sdk.name.zh and sdk.name.en):
        found.append("no name in both languages / 缺双语名称")
    if sdk.country and not re.fullmatch(r"[A-Z]{2}", sdk.country):
        found.append(f"country {sdk.country!r} must be two capital letters / 国别写法不合")
    if sdk.func_class not in FUNC_CLASSES:
        found.append(f"unknown func_class {sdk.func_class!r} / 未知功能类别")
    if sdk.confidence not in CONFIDENCES:
        found.append(f"confidence must be one of {', '.join(CONFIDENCES)} / 可信程度写法不合")
    found += [
        f"unknown pi_type {one!r} / 未知个人信息种类" for one in sdk.collects if one not in PI_TYPES + WEAK_PI_TYPES
    ]
    if sdk.collects and not sdk.collects_known:
        found.append("collects something, so collects_known = true / 列了收集内容却未标已知")
    if not sdk.sources:
        found.append("no sources / 缺出处")
    if sdk.rules and not sdk.rules.startswith(("https://", "http://")):
        found.append(f"rules {sdk.rules!r} is not a link / 规则链接写法不合")
    try:
        if date.fromisoformat(sdk.checked) > today:
            found.append(f"checked = {sdk.checked} has not come yet / 日期在未来")
    except ValueError:
        found.append(f"checked = {sdk.checked!r} is not a date / 不是日期")
    for reader in sdk.versions:
        found += [f"version reader: {fault}" for fault in _reader_faults(reader)]
    return found


def _reader_faults(reader: VersionReader) -> list[str]:
    needs = {
        "field": ("cls", "field"),
        "string": ("cls", "pattern"),
        "constant": ("name", "pattern"),
        "meta_data": ("name",),
        "native_string": ("name", "pattern"),
        "native_name": ("name", "pattern"),
        "asset": ("path", "pattern"),
        "meta_inf": ("path",),
        "file": ("path", "pattern"),
    }
    if reader.kind not in READER_KINDS:
        return [f"unknown kind {reader.kind!r} / 未知种类"]
    found = [f"{reader.kind} needs {one!r} / 缺字段" for one in needs[reader.kind] if not getattr(reader, one)]
    try:
        if reader.pattern and not re.compile(reader.pattern).groups:
            found.append(f"pattern {reader.pattern!r} must have a group / 须有分组")
    except re.error as error:
        found.append(f"pattern {reader.pattern!r}: {error}")
    return found
