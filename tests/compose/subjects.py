"""An invented app whose operator has answered everything, and its package."""

from typing import Any

from hegui.compose import Subject
from hegui.facts import Facts
from hegui.facts.declaration import (
    AppDeclaration,
    Declaration,
    DeclaredRetention,
    DeclaredSdk,
    Recipient,
    Scene,
    SensitiveUse,
)
from hegui.facts.package import CallSite, Permission, Sdk
from hegui.regulations.reads import reads
from tests.packages import facts_of, package

CAMERA = Permission("android.permission.CAMERA", "camera", True, at="AndroidManifest.xml@0x0200")
PUSH = Sdk("cn.jpush", "极光推送", "cn/jpush", "3.3.4", "constant", 1.0, "push", True, ("classes.dex@1",))

APP = AppDeclaration(
    name="灯笼",
    operator="灯笼示例科技（虚构）有限公司",
    contacts=("privacy@example.com",),
    rules_link="https://example.com/privacy",
    rules_version="1.0",
    effective_on="2026-12-01",
    has_account=True,
    functions=("扫码",),
    complaint_channel="投诉邮箱 complaint@example.com",
    complaint_limit="15个工作日",
    cancel_path="“我的-设置-账号与安全-注销账号”",
    cancel_limit="15个工作日",
    serves_children=False,
    personalised=False,
    change_notice="弹窗逐项告知变化",
    rights=dict.fromkeys(
        ("access", "copy", "transfer", "correct", "supplement", "delete", "restrict", "withdraw"), "“我的-设置-隐私”"
    ),
    scenes=(
        Scene(
            "登录", basic=True, types=("account.phone",), pages=("Login",), purpose="核验您的身份", method="由您主动填写",
            freq="每次登录时一次",
        ),
        Scene(
            "扫码", perms=("CAMERA",), types=("photo",), pages=("Scan",), purpose="识别二维码", method="调用相机拍摄",
            freq="每次扫码时一次", switch="设置-隐私-扫码",
        ),
        Scene(
            "实名认证", types=("biometric.face",), pages=("Face",), purpose="核实本人身份", method="调用相机采集",
            freq="每次认证时一次", switch="设置-隐私-实名认证",
        ),
    ),
    sensitive=(SensitiveUse("biometric.face", "法律要求核实本人身份", "泄露可能导致身份被冒用，危害您的财产安全"),),
    sdks=(
        DeclaredSdk(
            "cn.jpush", operator="示例推送（虚构）有限公司", function="消息推送", types=("device_id.android_id",),
            link="https://example.com/push",
        ),
    ),
    recipients=(
        Recipient(
            "星河短信服务（虚构）有限公司", "entrusted", "发送验证码", "登录", ("account.phone",), "接口传输",
            "sms@example.com", "https://example.com/sms", "委托处理协议",
        ),
    ),
    retention=(
        DeclaredRetention("手机号码", period="至您注销账号之日", expiry="删除"),
        DeclaredRetention("照片", period="1天", expiry="删除"),
        DeclaredRetention("人脸信息", period="3天", expiry="删除"),
    ),
)  # fmt: skip


def facts(app: AppDeclaration | None = APP, **package_fields: Any) -> Facts:
    """The facts of this app: a package that asks for the camera and embeds one SDK, and the declaration if there is one."""
    fields = {"permissions": (CAMERA,), "sdks": (PUSH,), "callsites": ()} | package_fields
    more = {"decl": Declaration("张三（虚构）", "2026-11-01", app, at="full.toml")} if app else {}
    return facts_of(package(**fields), **more)


def subject(app: AppDeclaration | None = APP, **package_fields: Any) -> Subject:
    return Subject.of(facts(app, **package_fields), reads)


def site(kind: str, origin: str = "app") -> CallSite:
    """A call that reads the Android ID, put down to `origin`, of another type if told."""
    settings = "Landroid/provider/Settings$Secure;"
    target = f"{settings}->getString(Landroid/content/ContentResolver;Ljava/lang/String;)Ljava/lang/String;"
    return CallSite("settings.android_id", kind, None, target, "Lc;", "d()V", 0, origin, at="classes.dex@0x10")
