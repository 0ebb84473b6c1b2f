"""Kinds of personal information (个人信息种类): the closed list of the fact model, with names, as a reader looks for them."""

from hegui.words import Words

# The closed list of RULES §2, arranged as a reader looks for them. Codes a user's file adds stand under the last group.
PI_GROUPS: tuple[tuple[Words, dict[str, Words]], ...] = (
    (
        Words("设备标识", "Device identifiers"),
        {
            "device_id.imei": Words("IMEI", "IMEI"),
            "device_id.imsi": Words("IMSI（SIM 卡标识）", "IMSI (SIM)"),
            "device_id.meid": Words("MEID", "MEID"),
            "device_id.serial": Words("设备序列号", "Serial number"),
            "device_id.mac": Words("MAC 地址", "MAC address"),
            "device_id.bt_mac": Words("蓝牙 MAC 地址", "Bluetooth MAC"),
            "device_id.android_id": Words("Android ID", "Android ID"),
            "device_id.oaid": Words("OAID 等广告标识", "OAID, advertising id"),
            "device_id.idfa": Words("IDFA", "IDFA"),
            "device_id.idfv": Words("IDFV", "IDFV"),
        },
    ),
    (
        Words("位置", "Location"),
        {
            "location.precise": Words("精确位置", "Precise location"),
            "location.coarse": Words("粗略位置", "Coarse location"),
            "location.wifi": Words("无线网络（可推位置）", "Wi-Fi (tells location)"),
            "location.cell": Words("基站（可推位置）", "Cells (tell location)"),
        },
    ),
    (
        Words("通讯录、短信、通话记录、日历", "Contacts, SMS, call log, calendar"),
        {
            "contacts": Words("通讯录", "Contacts"),
            "sms": Words("短信", "SMS"),
            "call_log": Words("通话记录", "Call log"),
            "calendar": Words("日历", "Calendar"),
        },
    ),
    (
        Words("相机、麦克风、影像与文件", "Camera, microphone, media, files"),
        {
            "photo": Words("照片、拍照", "Photos, camera"),
            "video": Words("视频、录像、录屏", "Video, recording"),
            "audio": Words("录音、麦克风", "Audio, microphone"),
            "file": Words("存储中的文件", "Files"),
        },
    ),
    (
        Words("应用列表与剪贴板", "App list and clipboard"),
        {
            "app_list": Words("已安装应用列表", "Installed apps"),
            "running_apps": Words("运行中的应用、使用情况", "Running apps, usage"),
            "clipboard": Words("剪贴板", "Clipboard"),
        },
    ),
    (
        Words("生物特征与身体", "Biometrics and body"),
        {
            "biometric.face": Words("人脸", "Face"),
            "biometric.finger": Words("指纹", "Fingerprint"),
            "biometric.voice": Words("声纹", "Voiceprint"),
            "biometric.iris": Words("虹膜", "Iris"),
            "biometric.gait": Words("步态", "Gait"),
            "sensor.body": Words("身体传感器、步数", "Body sensors, steps"),
            "health": Words("健康数据", "Health"),
        },
    ),
    (
        Words("账号与身份", "Account and identity"),
        {
            "account.phone": Words("手机号码", "Phone number"),
            "account.email": Words("邮箱", "E-mail"),
            "account.name": Words("账号、姓名", "Account, name"),
            "account.id_number": Words("身份证件号", "Identity number"),
        },
    ),
    (
        Words("其他", "Others"),
        {
            "finance": Words("金融信息", "Finance"),
            "religion_ethnicity": Words("宗教、民族", "Religion, ethnicity"),
            "minor": Words("未成年人信息", "Minors"),
            "browse_search": Words("浏览、搜索记录", "Browsing, searches"),
            "ad_profile": Words("广告画像", "Advertising profile"),
        },
    ),
)

# Traits that are never a finding alone.
WEAK_TRAITS = {
    "model": Words("机型", "Model"),
    "brand": Words("品牌、厂商", "Brand, maker"),
    "os_version": Words("系统版本", "System version"),
    "language": Words("语言", "Language"),
    "screen": Words("屏幕", "Screen"),
    "timezone": Words("时区", "Time zone"),
    "network_type": Words("网络类型、运营商", "Network type, carrier"),
    "ip": Words("IP 地址", "IP address"),
}

PI_TYPES = {code: name for _, kinds in PI_GROUPS for code, name in kinds.items()} | WEAK_TRAITS


def pi_type(code: str) -> Words:
    """A kind of personal information; a code the closed list does not hold stands for itself."""
    return PI_TYPES.get(code, Words(code, code))


# What article 28 of the Personal Information Protection Law names, as far as the closed list holds it: sensitive by its kind
# alone. Whether a position is, turns on how it is used.
_SENSITIVE = ("biometric", "health", "finance", "religion_ethnicity", "minor", "account.id_number")


def is_sensitive(code: str) -> bool:
    return code in _SENSITIVE or code.partition(".")[0] in _SENSITIVE
