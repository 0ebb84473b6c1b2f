"""Which tool wrote a log: told by its content, never by its name."""

from collections.abc import Callable
from dataclasses import dataclass

from hegui.readers.errors import NotSupported
from hegui.readers.trace import (
    appops,
    camille,
    ios_report,
    log,
    logcat,
    monitors,
    reviews,
    stores,
    tables,
    terminal_record,
)
from hegui.readers.trace.rows import Rows
from hegui.readers.trace.source import Source


@dataclass(frozen=True)
class Format:
    """`name` is for people; `is_it` looks at the first 256 KiB only."""

    name: str
    is_it: Callable[[Source], bool]
    read: Callable[[Source], list[Rows]]


# In this order: what tells itself by a mark comes before what is told by its looks.
FORMATS = (
    Format("hegui 日志", log.recognise, log.read),
    Format("hegui 终端使用记录", terminal_record.recognise, terminal_record.read),
    Format("Excel 表（PrivacySentry、camille、AppScan、小米等）", tables.is_sheet, tables.read_sheet),
    Format("iOS App 隐私报告", ios_report.recognise, ios_report.read),
    Format("PrivacySentry privacy_hook.json", monitors.is_hooks, monitors.read_hooks),
    Format("MobSF API monitor", monitors.is_mobsf, monitors.read_mobsf),
    Format("camille 日志", camille.recognise, camille.read),
    Format("vivo、应用宝时间线", stores.is_timeline, stores.read_timeline),
    Format("小米检测结果", stores.is_xiaomi, stores.read_xiaomi),
    Format("dumpsys appops", appops.recognise, appops.read),
    Format("logcat", logcat.recognise, logcat.read),
    Format("CSV", tables.is_csv, tables.read_csv),
    Format("审核意见、调用堆栈", reviews.recognise, reviews.read),
)


def recognise(source: Source) -> Format:
    """Raises NotSupported that lists what is read."""
    for one in FORMATS:
        if one.is_it(source):
            return one
    known = "、".join(one.name for one in FORMATS)
    raise NotSupported(
        f"{source.name}：不是已知的运行日志；可读：{known}；其他表格请在旁边放 {source.name}.run.toml 写明各列，见 docs/trace.md",
        f"{source.name}: no known log; for a table of another tool name its columns in {source.name}.run.toml, see docs/trace.md",
    )
