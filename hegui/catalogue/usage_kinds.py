"""What a terminal records of apps (终端使用记录): the ten permission groups, three kinds of reading, two of starting."""

from hegui.catalogue.permissions import GROUPS
from hegui.words import Words

READS = {
    "clipboard": Words("剪贴板", "clipboard"),
    "device_id": Words("设备标识", "device identifiers"),
    "app_list": Words("应用列表", "app list"),
}
STARTS = {
    "self_start": Words("自启动", "self-start"),
    "linked_start": Words("关联启动", "linked start"),
}
# Sources: cac-2026:32.1, app-2021:11.1 and 11.2.
USAGE_KINDS: dict[str, Words] = GROUPS | READS | STARTS
