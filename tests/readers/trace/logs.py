"""Small logs of each tool, invented, in the form the tool writes; and a reading of them without the child process."""

from pathlib import Path
from typing import Any

from hegui.facts.json import adapter
from hegui.facts.trace import Run, Trace
from hegui.readers.limits import Limits
from hegui.readers.trace.recognise import recognise
from hegui.readers.trace.source import Source
from hegui.readers.trace.whose import attributed

SECURE = "android.provider.Settings$Secure.getString(Settings.java:4664)"
PUSH = "cn.jpush.android.api.JPushInterface.init(Unknown Source:10)"
HOST = "com.example.lantern.App.onCreate(App.java:12)"

CAMILLE = f"""banner
------------------------------start---------------------------------
[*] 2026-3-5 9:3:1，APP行为：获取系统信息、行为主体：APP本身、行为描述：获取安卓ID、传入参数：参数0：{{}}，参数1："android_id"
[*] 调用堆栈：
   {SECURE}
   {HOST}
-------------------------------end----------------------------------
------------------------------start---------------------------------
[*] 2026-3-5 9:3:2，APP行为：获取系统信息、行为描述：获取安卓ID、传入参数：参数0：{{}}，参数1："screen_brightness"
[*] 调用堆栈：
   {SECURE}
   {PUSH}
-------------------------------end----------------------------------
------------------------------start---------------------------------
[*] broken
-------------------------------end----------------------------------
"""
TIMELINE = f"""vivo 检测日志
11:34:47.797 [测试动作] 启动隐私合规检测
11:35:35.666 (SDK: 极光推送SDK)读取AndroidID
11:37:42.276 弹出隐私政策
\tandroid_id
\tat {SECURE}
\tat {PUSH}
11:38:02.100 [测试动作] 同意隐私政策
11:38:03.000 读取剪贴板
"""
XIAOMI = """检测到 1 次“未经许可读取个人信息”行为
违规行为：未经许可读取个人信息 | 获取应用列表
发生时间：2026-03-05 03:06:08
违规md5：md5=00000000000000000000000000000000,
违规包名：pkg=com.example.lantern,
违规动作：action=android.permission.MY_READ_INSTALLED_PACKAGES,
违规详情：content=获取APP信息:x.y,callstack:android.app.ApplicationPackageManager.getInstalledPackages:191;com.example.lantern.Home.list:1;
发生时间 ：2026-03-05 03:06:09 736\t\t索引 ：100000018
调用SDK：极光推送
调用堆栈：
\tandroid.provider.Settings$Secure.getString:4934
\tcn.jpush.android.api.JPushInterface.init:4
"""
HUAWEI = f"""尊敬的开发者，您好，在用户同意隐私政策前，您的应用获取了用户的ANDROID ID，请参考如下调用栈，谢谢。

[{SECURE},

 {PUSH}]

请参考《审核指南》第7.5项。
"""
HUAWEI_JSON = (
    '{"desc": "同意隐私政策前获取应用列表", "stackTrace": ["android.app.ApplicationPackageManager.getInstalledPackages(A.java)",'
    ' "com.example.lantern.Home.list(Home.java:2)"]}'
)
MOBSF = """MobSF-API-Monitor: {"name": "Device Info", "class": "android.telephony.TelephonyManager", "method": "getDeviceId", "arguments": [], "result": "x", "calledFrom": "com.example.lantern.Home.id(Home.java:3)"},
{"name": "Settings", "class": "android.provider.Settings$Secure", "method": "getString", "arguments": ["[object]", "android_id"], "calledFrom": "com.example.lantern.Home.id(Home.java:4)"},
{"name": "cut off", "cla
"""  # noqa: E501
HOOKS = """{"hookServiceList": [], "replaceMethodMap": {"android.telephony.TelephonyManager.getDeviceId": {"count": 1,
 "originMethodList": [{"originClassName": "com.example.lantern.Home", "originMethodName": "id"}]}}}"""
IOS = """{"accessor":{"identifier":"com.example.lantern","identifierType":"bundleID"},"category":"contacts","identifier":"A","kind":"intervalBegin","timeStamp":"2026-03-05T11:01:09.897+08:00","type":"access"}
{"accessor":{"identifier":"com.example.lantern","identifierType":"bundleID"},"category":"contacts","identifier":"A","kind":"intervalEnd","timeStamp":"2026-03-05T11:01:11.897+08:00","type":"access"}
{"timeStamp":"2026-03-05T11:04:16.905+08:00","initiatedType":"NonAppInitiated","context":"","domain":"push.example.com","type":"networkActivity","firstTimeStamp":"2026-03-05T11:01:10.897+08:00","bundleID":"com.example.lantern","hits":10}
{"timeStamp":"2026-03-05T11:04:16.905+08:00","domain":"other.example.com","type":"networkActivity","bundleID":"com.example.other","hits":1}
{"accessor":
"""  # noqa: E501
APPOPS_8 = """Current AppOps Service state:
  Uid u0a105:
    Package com.example.lantern:
      COARSE_LOCATION: mode=0; time=+1h0m0s0ms ago; duration=+5ms
      READ_CONTACTS: mode=1; rejectTime=+30m0s0ms ago
      WAKE_LOCK: mode=0; time=+1m0s0ms ago
"""
APPOPS_9 = """Current AppOps Service state:
  Uid u0a105:
    Package com.example.lantern:
      COARSE_LOCATION (allow / switch COARSE_LOCATION=allow):
          Access: top = 2026-03-05 10:11:12.345 (-3m4s)
          Reject: bg = 2026-03-05 10:12:12.345 (-2m4s)
"""
APPOPS_14 = """Current AppOps Service state:
  Uid u0a105:
    state=cch
    Package com.example.lantern:
      CAMERA (allow):
        null=[
          Access: [fgsvc-s] 2026-03-05 13:24:17.577 (-1m2s3ms) duration=+3ms
          Access: [cch-s] 2026-03-05 13:25:17.577 (-2s3ms)
          Access: sideways
        ]
    Package com.example.other:
      READ_CONTACTS (allow):
        null=[
          Access: [top-s] 2026-03-05 13:24:18.577 (-1m1s3ms)
        ]
  Uid 1027:
      LEGACY_STORAGE: mode=ignore
"""
LOGCAT = """--------- beginning of main
03-05 10:00:00.000  1000  1010 I ActivityManager: Start proc 4321:com.example.lantern/u0a155 for broadcast {com.example.lantern/.Boot}
03-05 10:00:01.000  1000  1010 I ActivityTaskManager: Displayed com.example.lantern/.Home: +300ms
03-05 10:00:02.000  2000  2010 I PermissionControllerStatsLog: Logged PermissionGrantRequestResultReported requestId=1 callingUid=10155 callingPackage=com.example.lantern permission=android.permission.CAMERA isImplicit=false result=6
03-05 10:00:03.000   500   510 I CameraService: CameraService::connect call (PID 4321 "com.example.lantern", camera ID 0) and Camera API version 2
03-05 10:00:04.000  4321  4321 D Lantern : my own words
not a line of logcat
"""  # noqa: E501
LOGCAT_MORE = """--------- beginning of system
03-05 10:00:00.000  1000  1010 I ActivityManager: Start proc com.example.lantern for broadcast com.example.lantern/.Boot: pid=6616 uid=10155 gids={3003} abi=armeabi-v7a
03-05 10:00:01.000  1000  1010 I ActivityTaskManager: START u0 {act=VIEW cmp=com.example.shop/.Open} with LAUNCH_MULTIPLE from uid 10155 (com.example.lantern) (BAL_ALLOW_VISIBLE_WINDOW) result code=0
03-05 10:00:02.000  1000  1010 I ActivityTaskManager: START u0 {cmp=com.example.lantern/.Page} from uid 10155 (com.example.lantern)
03-05 10:00:03.000  1000  1010 I ActivityTaskManager: START u0 {cmp=com.example.lantern/.Page} with LAUNCH_MULTIPLE from uid 10155 (BAL_ALLOW_VISIBLE_WINDOW)
03-05 10:00:04.000 1511-10937/system_process I/ActivityTaskManager: Displayed com.example.lantern/.Page: +212ms
03-05 10:00:05.000  1511-1675  ActivityTaskManager     system_server                        I  Displayed com.example.lantern/.Page: +212ms
"""  # noqa: E501
SPINGE = (
    "2026-03-05 10:41:03.559 -> [测试动作] 启动史宾格隐私合规检测2026-03-05 10:47:47.355 -> (SDK: 示例云存储) 读取设备IP"
    "2026-03-05 10:47:47.373 -> (SDK: 示例云存储) 读取AndroidID 读取后上报\n"
)
XIAOMI_TOGETHER = """应用内存在隐私不合规的行为：用户授权同意前，违规收集 Android id、ip地址等信息。
发生时间 ：2026-03-05 09:30:40 738\t\t索引 ：100000021
调用SDK：示例插件
调用堆栈：
\tandroid.provider.Settings$Secure.getString:4934
\tcom.example.lantern.Home.id:4

发生时间 ：2026-03-05 09:30:40 736\t\t索引 ：100000018
调用SDK：示例推送
调用堆栈：
\tjava.net.Inet4Address.getAddress:340
\tlibcore.io.Linux.connect:-2
\tcom.example.lantern.Home.connect:4
"""
MAIL_TWICE = f"""尊敬的开发者，您好，在用户同意隐私政策前，您的应用获取了用户的个人信息（ANDROID ID），请参考以下调用栈，谢谢。

未同意隐私政策，应用获取ANDROID ID

 {SECURE},
 {PUSH}
"""
MAIL_LATER = """应用审核意见：
在用户同意隐私政策前，您的应用申请获取以下用户个人信息及权限，不符合相关法律法规要求。
应用集成的[极光] SDK获取用户信息：ANDROID ID。
修改建议：请在用户同意隐私政策后，再申请获取用户个人信息及权限。
"""
MAIL_LISTED = (
    '"stackTrace":["android.app.ApplicationPackageManager.getInstalledPackages(A.java:886)",'
    '"cn.jpush.android.api.JPushInterface.init(A.java:91)"]\n'
)
STACK_ALONE = f"""\tIntent {{ act=android.intent.action.MAIN }}
\tat android.app.ApplicationPackageManager.queryIntentActivities(ApplicationPackageManager.java:914)
\tat {HOST}
"""
STACK_CHAIN = f"android.app.ApplicationPackageManager.getInstalledPackages(A.java:171)<---{PUSH}<---{HOST}\n"
MOBSF_INDENTED = """MobSF-API-Monitor: {
  "name": "Device Info", "class": "android.telephony.TelephonyManager", "method": "getDeviceId",
  "arguments": [], "calledFrom": "com.example.lantern.Home.id(Home.java:3)"
},
MobSF-API-Monitor: {
  "name": "cut off",
MobSF-API-Monitor: {"class": "android.telephony.TelephonyManager", "method": "getDeviceId", "args": [], "calledFrom": "com.example.lantern.Home.id(Home.java:3)"},
"""  # noqa: E501
APPOPS_10 = """Current AppOps Service state:
  Op mode watchers:
    Op COARSE_LOCATION:
      #0: ModeCallback{3f47b05 watchinguid=-1 flags=0x0 op=READ_SMS from uid=1000 pid=1738}
  All op active watchers:
    98a1797 ->
        [COARSE_LOCATION, CAMERA]

  Uid u0a119:
    state=bg
      LEGACY_STORAGE: mode=ignore
    Package com.example.lantern:
      COARSE_LOCATION (allow):\x20
      FINE_LOCATION (allow / switch COARSE_LOCATION=allow):\x20
        null=[
          Access: [fg-s] 2026-03-05 16:01:05.086 (-1h5m27s679ms)
          Reject: [cch-s]2026-03-05 15:02:12.835 (-2h4m19s930ms)
        ]
"""
LOG = """{"schema": "hegui/trace@1", "meta": {"run_id": "r1", "scenario": "S1", "package": "com.example.lantern"}}
{"stack_id": "s", "frames": ["android.provider.Settings$Secure.getString", "com.example.lantern.App.onCreate"]}
{"seq": 1, "t_ms": 0, "type": "process_start", "cause": "user"}
{"seq": 3, "t_ms": 40, "type": "ui", "action": "click", "node_text": "同意并继续", "screen": "隐私政策提示"}
{"seq": 2, "t_ms": 20, "type": "api", "api_id": "id.android_id", "stack": "s", "result": "ok"}
{"seq": 2, "t_ms": 20, "type": "api", "api_id": "id.android_id", "stack": "s", "result": "ok"}
{"seq": 2, "t_ms": 21, "type": "fg"}
{"seq": 4, "t_ms": 50, "type": "teleport"}
{"seq": 5, "t_ms": 60, "type": "api", "pi_type": "soul"}
{"seq": 6, "t_ms": 70, "type": "ap"""


def runs_of(path: Path, package: str = "", given: dict[str, Any] | None = None) -> tuple[Run, ...]:
    source = Source(path, Limits(), given or {})
    found = tuple(adapter(Run).validate_python(rows.finish()) for rows in recognise(source).read(source))
    return attributed(Trace(found), package).runs


def run_of(folder: Path, text: str | bytes, package: str = "com.example.lantern", **given: Any) -> Run:
    """The first run of a log with this text."""
    path = folder / "log"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return runs_of(path, package, given)[0]


def rows_of(run: Run) -> list[tuple[int, str, str | None, str]]:
    """When, what, which information, whose: a line per event."""
    return [(event.t_ms, event.what.type, event.what.pi_type, event.origin) for event in run.ev]
