"""The record of one SDK, and the closed lists it draws on."""

from dataclasses import dataclass
from typing import Any

from hegui.words import Words

# What an SDK is for (主要功能). A closed list: duties ask what a kind of SDK needs.
FUNC_CLASSES: dict[str, Words] = {
    "push": Words("消息推送", "push"),
    "statistics": Words("统计分析", "statistics"),
    "attribution": Words("渠道归因", "attribution"),
    "crash": Words("崩溃与性能", "crash and performance"),
    "log": Words("日志", "logging"),
    "ab_test": Words("配置与实验", "configuration and experiments"),
    "login": Words("账号登录", "sign-in"),
    "carrier_login": Words("一键登录与号码认证", "carrier one-key login"),
    "payment": Words("支付", "payment"),
    "map": Words("地图", "maps"),
    "location": Words("定位", "location"),
    "ads": Words("广告", "advertising"),
    "mediation": Words("广告聚合", "advertising mediation"),
    "content": Words("内容", "content"),
    "device_id": Words("设备标识", "device identifiers"),
    "security": Words("安全风控", "security and risk control"),
    "captcha": Words("验证码", "captcha"),
    "im": Words("即时通讯", "instant messaging"),
    "live": Words("直播", "live streaming"),
    "rtc": Words("实时音视频", "real-time audio and video"),
    "player": Words("播放", "players"),
    "ocr_face": Words("文字与人脸识别", "OCR and face recognition"),
    "speech": Words("语音", "speech"),
    "beauty": Words("美颜特效", "beauty effects"),
    "ar": Words("增强现实", "augmented reality"),
    "hotfix": Words("热修复", "hot fix"),
    "plugin": Words("插件框架", "plugin frameworks"),
    "update": Words("应用更新", "app updates"),
    "share": Words("分享", "sharing"),
    "customer_service": Words("客服与反馈", "customer service and feedback"),
    "storage": Words("存储", "storage"),
    "network": Words("网络", "networking"),
    "backend": Words("后端云服务", "cloud back ends"),
    "platform": Words("厂商服务框架", "platform services"),
    "framework": Words("跨平台与游戏框架", "cross-platform and game frameworks"),
    "mini_program": Words("小程序容器", "mini program containers"),
    "web_engine": Words("网页内核", "web engines"),
    "game": Words("游戏联运", "game services"),
    "e_commerce": Words("电商", "e-commerce"),
    "cast": Words("投屏", "casting"),
    "iot": Words("物联网", "internet of things"),
    "health": Words("健康", "health"),
    "scan": Words("扫码", "scanning"),
    "consent": Words("同意管理", "consent management"),
    "utility": Words("工具库", "utilities"),
    "debug": Words("调试与测试", "debugging and testing"),
    "other": Words("其他", "other"),
}

# Where a version can stand. `field`: the constant value of a static field; a class may end with ".*", which means every
# class of that package, since renaming changes it. `string`: a constant string in a class. `meta_data`: a manifest value.
# `asset`, `meta_inf`, `file`: the text of a file under assets/, META-INF/, or anywhere. `native_string`: a string in a library,
# `native_name`: the file name of one. `constant`: a constant string of any class that begins with `name`; what renaming leaves.
READER_KINDS = (
    "field",
    "string",
    "constant",
    "meta_data",
    "native_string",
    "native_name",
    "asset",
    "meta_inf",
    "file",
)

CONFIDENCES = ("high", "low")


@dataclass(frozen=True, slots=True)
class VersionReader:
    """Where the version of an SDK can be read (版本来源). The groups of `pattern`, joined by dots, are the version; "" takes all.

    `evidence` names the file in which we read it, with what was read; "" when nobody has looked yet.
    """

    kind: str
    cls: str = ""
    field: str = ""
    name: str = ""
    path: str = ""
    pattern: str = ""
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class Sdk:
    """A third-party SDK (第三方SDK).

    `prefixes` end with "." and cover every package below; `packages` are one package alone; `classes` single classes,
    inner ones included. Names in `native_libs`, `assets`, `meta_data` and `permissions` may hold "*". `strings` are whole
    constants of its code that nobody else has a reason to write: renaming leaves them. `domains` are hosts of the operator: a
    URL alone does not show that the SDK is there.
    `collects` says nothing unless `collects_known`. `confidence` is "low" where the names may belong to someone else.
    `layer` is "shipped", "user" (written by hand in the user layer) or "imported".
    """

    id: str
    name: Words
    operator: str
    country: str
    func_class: str
    confidence: str = "high"
    prefixes: tuple[str, ...] = ()
    packages: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    components: tuple[str, ...] = ()
    meta_data: tuple[str, ...] = ()
    permissions: tuple[str, ...] = ()
    native_libs: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    assets: tuple[str, ...] = ()
    strings: tuple[str, ...] = ()
    collects_known: bool = False
    collects: tuple[str, ...] = ()
    versions: tuple[VersionReader, ...] = ()
    rules: str = ""
    sources: tuple[str, ...] = ()
    verified: tuple[str, ...] = ()
    checked: str = ""
    layer: str = "shipped"


LISTS = (
    "prefixes",
    "packages",
    "classes",
    "components",
    "meta_data",
    "permissions",
    "native_libs",
    "domains",
    "assets",
    "strings",
    "collects",
    "sources",
    "verified",
)


_TEXTS = ("id", "func_class", "confidence", "rules")
_KNOWN = {*LISTS, *_TEXTS, "name", "operator", "collects_known", "version", "checked"}


def sdk_from_row(row: dict[str, Any], layer: str = "shipped") -> Sdk:
    """A record from a row of TOML or JSON. Raises KeyError, TypeError or AttributeError on a row that is not one.

    Rows of the user layer are looked at closely: a key written wrong would otherwise be left out without a word.
    """
    if layer != "shipped":
        _refuse_if_misshapen(row)
    return Sdk(
        id=row["id"],
        name=Words(row["name"]["zh"], row["name"]["en"]),
        operator=row.get("operator", {}).get("name", ""),
        country=row.get("operator", {}).get("country", ""),
        func_class=row["func_class"],
        confidence=row.get("confidence", "high"),
        collects_known=row.get("collects_known", False),
        versions=tuple(_reader(one) for one in row.get("version", ())),
        rules=row.get("rules", ""),
        checked=str(row.get("checked", "")),
        layer=layer,
        **{key: tuple(row[key]) for key in LISTS if key in row},
    )


def _refuse_if_misshapen(row: dict[str, Any]) -> None:
    if unknown := sorted(set(row) - _KNOWN):
        raise TypeError(f"unknown key {unknown[0]!r}; known are {', '.join(sorted(_KNOWN))}")
    for key in LISTS:
        value = row.get(key, [])
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            raise TypeError(f"{key} must be a list of strings")
    texts = {key: row.get(key, "") for key in _TEXTS}
    texts |= {f"name.{language}": row["name"][language] for language in ("zh", "en")}
    texts |= {f"operator.{key}": row.get("operator", {}).get(key, "") for key in ("name", "country")}
    for key, value in texts.items():
        if not isinstance(value, str):
            raise TypeError(f"{key} must be a string")


def _reader(row: dict[str, str]) -> VersionReader:
    return VersionReader(**{("cls" if key == "class" else key): value for key, value in row.items()})
