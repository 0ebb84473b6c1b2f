"""One capture to flows, in the confined child: recognise the format, read its requests, look for personal information."""

from dataclasses import dataclass
from pathlib import Path

from hegui.facts.traffic import Lookup
from hegui.readers.errors import LimitReached, Malformed, NotSupported
from hegui.readers.limits import MIB, Limits
from hegui.readers.sandbox.stages import Fields, Partial, Step
from hegui.readers.traffic.sent import Content, Examined

_SHOWN = 5


@dataclass(frozen=True)
class Reading:
    path: Path
    limits: Limits
    canaries: tuple[tuple[str, str, str], ...]


def prepare() -> None:
    # Only inside functions, so that the caller, who imports this module for its list, need not pay for them.
    from stdnum.cn import ric

    from hegui.catalogue.recognisers import recognise
    from hegui.readers.traffic import examine, har, mitmproxy, pcap  # noqa: F401

    # Loads the tables of regions and of field names.
    ric.is_valid("110101199003070011")
    recognise("imei", "")


def begin(path: Path, limits: Limits, read: Fields) -> Reading:
    return Reading(path, limits, tuple((id, kind, value) for id, kind, value in read.get("canaries", ())))


def _flows(reading: Reading) -> Fields | Partial:
    from hegui.readers.traffic.canaries import Canary, Markers
    from hegui.readers.traffic.examine import examine

    content = _content(reading.path, reading.limits)
    name = reading.path.name
    if not content.records:
        raise Malformed(
            f"{name}：识别为 {content.format}，但没有一条记录；请核实抓包当时是否开着，再重新导出",
            f"{name}: recognised as {content.format}, but without a single record; check that the capture ran, and export anew",
        )
    if content.unread and len(content.unread) == content.records:
        number, why = content.unread[0]
        raise Malformed(
            f"{name}：识别为 {content.format}，但没有一条记录能读（第 {number} 条：{why}）；请重新导出",
            f"{name}: recognised as {content.format}, but no record can be read ({number}: {why}); export it again",
        )
    markers = Markers(Canary(*one) for one in reading.canaries)
    flows = tuple(examine(sent, markers) for sent in content.sent)
    lookups = tuple(Lookup(round(at_s * 1000), host, place) for at_s, host, place in content.lookups)
    made = Examined(content.format, flows, lookups, content.records, len(content.unread))
    if not content.unread:
        return {"examined": made}
    first = "; ".join(f"{number}: {why}" for number, why in content.unread[:_SHOWN])
    return Partial(
        {"examined": made}, "ROWS_UNREAD", f"{len(content.unread)} of {content.records} records not read; {first}"
    )


def _content(path: Path, limits: Limits) -> Content:
    from hegui.readers.traffic.har import read_har
    from hegui.readers.traffic.mitmproxy import is_mitmproxy, read_mitmproxy
    from hegui.readers.traffic.packets import MAGICS
    from hegui.readers.traffic.pcap import read_pcap

    size = path.stat().st_size
    if size > limits.entry_mb * MIB:
        raise LimitReached(
            f"{path.name}：{size} 字节，超过 {limits.entry_mb} MiB 的上限；请截取要审查的时段",
            f"{path.name}: {size} bytes, more than {limits.entry_mb} MiB; cut out the time in question",
        )
    data = path.read_bytes()
    if data[:4] in MAGICS:
        return read_pcap(data, path.name)
    if data[:1024].decode("utf-8-sig", "ignore").lstrip()[:1] == "{" or data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return read_har(data, path.name)
    if is_mitmproxy(data):
        return read_mitmproxy(data, path.name)
    raise NotSupported(
        f"{path.name}：不是 HAR、pcap、pcapng 或 mitmproxy 流文件；请在抓包工具里导出为其中一种",
        f"{path.name}: not a HAR, pcap, pcapng or mitmproxy flow file; export one of these from the capture tool",
    )


STAGES: tuple[Step, ...] = (Step("flows", _flows, ("examined",)),)
