"""What bench/fuzz.py feeds to the readers of runs, screens, captures and forms: seeds, and how each is read.

Each input goes the whole way of `hegui timeline` and `hegui audit`, in one process instead of a confined child, so that
nothing catches what a reader does not answer for. Beside crashes, a fault is an answer that the caller cannot take (a
whole file would be lost for one value), a line for people that is two lines, and rows that are neither read nor counted.
"""

import importlib
import json
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

from hegui.facts.facts import Stage
from hegui.readers import sandbox
from hegui.readers.errors import ReadError
from hegui.readers.limits import Limits
from hegui.readers.part import Part

_PHONE = "13900001234"
_RUN = sandbox.run
# How a library that does not ask Python for its memory ends, when there is no more of it.
_OUT_OF_MEMORY = re.compile(r"died of SIG(?:ABRT|KILL|SEGV|BUS)")
# What callers say of an answer of ours that does not validate.
_NOT_TAKEN = "what was read does not fit"
_LONGEST_LINE = 4000


# --- seeds -----------------------------------------------------------------------------------------------------------


def real(materials: Path, folder: str, *kinds: str) -> Iterator[bytes]:
    """Real files, the smallest first."""
    found = [one for one in (materials / "runtime" / folder).glob("*") if one.suffix in kinds]
    yield from (one.read_bytes() for one in sorted(found, key=lambda one: (one.stat().st_size, one.name)))


def log_seeds(materials: Path) -> Iterator[bytes]:
    from tests.readers.trace import logs

    texts = [text for name, text in vars(logs).items() if name.isupper() and isinstance(text, str)]
    yield from (text.encode(encoding) for text in texts for encoding in ("utf-8", "gb18030"))
    yield from (text.encode("utf-16") for text in texts[:3])
    yield from real(materials, "ios_privacy_report", ".ndjson")
    yield from real(materials, "hooklog", ".json")


def own_seeds(materials: Path) -> Iterator[bytes]:
    from tests.readers.trace.logs import LOG

    yield LOG.encode()
    head = {"run_id": "r", "fresh_install": True, "os_api": 34, "hooks": ["id.android_id"], "uncertainty_ms": 20}
    events: list[dict[str, Any]] = [
        {"stack_id": "a", "frames": ["android.provider.Settings$Secure.getString", "com.example.lantern.App.onCreate"]},
        {"seq": 1, "t_ms": 0, "type": "process_start", "cause": "boot"},
        {"seq": 2, "t_ms": 5, "type": "api", "pi_type": "device_id.imei", "stack": ["a.b.C.d"], "args": ["x", "y"]},
        {"t_ms": 9, "type": "perm_req", "groups": ["camera"], "perm": "android.permission.CAMERA"},
        {"t_ms": 9, "type": "net", "host": "a.example.com", "count": 3},
        {"t_ms": 11, "type": "consent", "scope": "rules", "act": "agree"},
    ]
    lines = [{"schema": "hegui/trace@1", "meta": head}, *events]
    yield "\n".join(json.dumps(one) for one in lines).encode()


def record_seeds(materials: Path) -> Iterator[bytes]:
    from tests.readers.trace.test_terminal_record import TOLD, USE

    more: list[dict[str, Any]] = [
        {"kind": "device_id", "item": "device_id.imei"},
        {"kind": "linked_start", "starter": "com.example.oil", "starter_name": "灯油"},
        {"at": "2026-03-05", "count": 3, "lasts_ms": 100, "state": "background", "result": "denied"},
        {"recorded_at": "2026-03-05T10:00:01+08:00", "kind": "self_start", "cause": "boot"},
    ]
    yield "\n".join(json.dumps(one) for one in (TOLD, USE, *(USE | one for one in more))).encode()


def table_seeds(materials: Path) -> Iterator[bytes]:
    """The file beside it names the columns `when`, `what` and `where`."""
    yield "when,what,where\n2026-03-05 09:00:01.120,获取AndroidID,a.b.C.d(C.java:1)\n9:00:02,定位,\n".encode()
    yield 'when\twhat\twhere\n9:00:02\t"读取\n剪贴板"\tx.Y.z\n'.encode("gb18030")
    yield "主体,操作行为,问题标记,堆栈\n极光推送,获取AndroidID,用户同意前,a.b.C.d(C.java:1)\n".encode()


def sheet_seeds(materials: Path) -> Iterator[bytes]:
    import xlsxwriter

    from bench.fuzz import stored

    rows: list[list[Any]] = [
        ["时间点", "操作行为", "行为描述", "传入参数", "调用堆栈"],
        ["2026-3-5 9:3:1", "获取系统信息", "获取安卓ID", "参数0：{}", "a.b.C.d(C.java:1)"],
        [46086.377, "获取系统信息", "获取安卓ID", "", ""],
    ]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.xlsx"
        book = xlsxwriter.Workbook(path)
        for name in ("行为", "次数"):
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
        book.close()
        yield stored(path, "xl/")
    yield from real(materials, "hooklog", ".xls")


def beside_seeds(materials: Path) -> Iterator[bytes]:
    yield b'run_id = "r"\nscenario = "S1"\nfresh_install = true\nstarted_at = "2026-03-05T09:00:00"\nos_api = 34\n'
    yield b'agreed_at = 1200\nskew_ms = -300\nuncertainty_ms = 5\nended_ms = 9000\nhooks = ["id.android_id"]\n'
    yield b'refused_at = "09:00:02"\nstarted_at = "09:00:00"\ncovers = ["launch"]\npackage = "com.example.lantern"\n'
    yield b'started_at = 2026-03-05T09:00:00+08:00\n[columns]\ntime = "when"\nbehaviour = ["what", "more"]\n'


def dump_seeds(materials: Path) -> Iterator[bytes]:
    from tests.readers.screen import dumps

    yield from (dumps.NOTICE, dumps.LOGIN, dumps.SETTINGS)
    node = {"class": "android.widget.Button", "text": "同意", "bounds": [[0, 10], [90, 40]], "clickable": True}
    yield json.dumps({"foreground_activity": "a/.B", "views": [node | {"children": [1]}, node]}).encode()
    yield json.dumps({"activity": {"root": node | {"children": [node, {"attributes": node}]}}}).encode()
    yield json.dumps([node | {"boundsInScreen": {"left": 0, "top": 1, "right": 2, "bottom": 3}}]).encode()


def index_seeds(materials: Path) -> Iterator[bytes]:
    rows: list[dict[str, Any]] = [
        {"screen": "1.xml", "run_id": "r", "t_ms": 900, "phase": "first_launch", "activity": ".A", "shot": "1.png"},
        {"screen": "2.xml", "t_ms": 1900, "phase": "first_launch", "owner": "com.example.lantern"},
        {"tap": {"from": "1.xml", "node": "0.0", "to": "2.xml"}},
        {"explored": "first_launch", "complete": True, "by": "Lin Xiaoyu"},
    ]
    yield "\n".join(json.dumps(one) for one in rows).encode()


def zip_of_dumps_seeds(materials: Path) -> Iterator[bytes]:
    import io
    import zipfile

    from tests.readers.screen import dumps

    for compression in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w", compression) as archive:
            archive.writestr("1.xml", dumps.NOTICE)
            archive.writestr("a/2.xml", dumps.SETTINGS)
            archive.writestr("index.jsonl", next(index_seeds(materials)))
        yield made.getvalue()


def har_seeds(materials: Path) -> Iterator[bytes]:
    from tests.readers.traffic.captures import entry, har, posted

    packed = {"text": "AAAA", "encoding": "base64", "mimeType": "application/octet-stream"}
    yield har(entry(**posted(json.dumps({"phone": _PHONE, "lat": 31.230416, "lng": 121.473701}))))
    yield har(entry(postData=packed), entry(**posted(f"a=1&m={_PHONE}", "application/x-www-form-urlencoded")))
    part = f'--b\r\nContent-Disposition: form-data; name="m"\r\n\r\n{_PHONE}\r\n--b--\r\n'
    yield har(entry(**posted(part, "multipart/form-data; boundary=b")))
    socket = {"_webSocketMessages": [{"type": "send", "time": 1.0, "opcode": 2, "data": "AAAA"}]}
    yield har(entry("wss://a.example.com/s") | socket)
    yield from real(materials, "har", ".har")


def pcap_seeds(materials: Path) -> Iterator[bytes]:
    import io

    import dpkt

    from tests.readers.traffic import captures
    from tests.readers.traffic.test_quic import HELLO

    packets = (
        captures.dns_question("a.example.com"),
        captures.dns_answer("a.example.com"),
        captures.tcp(captures.client_hello("a.example.com"), dport=443),
        captures.tcp(b"POST /a HTTP/1.1\r\nHost: a.example.com\r\nContent-Length: 3\r\n\r\nabc", sport=40009),
        captures.udp(captures.quic_initial(captures.crypto_frame(0, HELLO))),
    )
    yield captures.pcap(*packets)
    made = io.BytesIO()
    writer = dpkt.pcapng.Writer(made)
    for number, packet in enumerate(packets):
        writer.writepkt(packet, float(1_767_225_600 + number))
    yield made.getvalue()
    yield from real(materials, "pcap", ".pcap", ".pcapng")


def quic_seeds(materials: Path) -> Iterator[bytes]:
    """Each datagram behind its length in two bytes."""
    from tests.readers.traffic.captures import crypto_frame, quic_initial
    from tests.readers.traffic.test_quic import ACK, HELLO

    halves = (crypto_frame(0, HELLO[:40]) + ACK, crypto_frame(40, HELLO[40:]))
    for datagrams in ((quic_initial(crypto_frame(0, HELLO)),), tuple(quic_initial(one, 0x6B3343CF) for one in halves)):
        yield b"".join(len(one).to_bytes(2) + one for one in datagrams)


def stream_seeds(materials: Path) -> Iterator[bytes]:
    from tests.readers.traffic.captures import client_hello

    yield f"GET /a?m={_PHONE} HTTP/1.1\r\nHost: a.example.com:80\r\nCookie: a=1; b=2\r\n\r\n".encode() * 2
    head = b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n"
    yield head + b"\r\n3\r\nabc\r\n0\r\n\r\n"
    yield head + b"Content-Encoding: gzip\r\n\r\n1\r\n\x1f\r\n0\r\n\r\nrest"
    yield client_hello("a.example.com")


def mitmproxy_seeds(materials: Path) -> Iterator[bytes]:
    from tests.readers.traffic.captures import flow, tnetstring

    yield tnetstring(flow(b'{"a": 1}'))
    yield tnetstring(flow(b"x", websocket={"messages": [[1, True, b"ab", 1.0]]})) + tnetstring(flow())
    server = {"sni": "a.example.com", "timestamp_start": 1.0, "address": ["1.2.3.4", 443], "tls": True}
    yield tnetstring({"type": "tcp", "server_conn": server, "messages": [[True, b"ab", 1.0]]})
    yield tnetstring({"type": "dns", "request": {"timestamp": 1.0, "questions": [{"name": "a.example.com"}]}})


def canary_seeds(materials: Path) -> Iterator[bytes]:
    yield f'[[canary]]\nid = "a"\npi_type = "contacts"\nvalue = "{_PHONE}"\n'.encode()
    yield b'[[canary]]\nid = "b"\npi_type = "location.precise"\nvalue = "31.230416,121.473701"\n'
    yield json.dumps({"canary": [{"id": "a", "pi_type": "sms", "value": "灯笼的暗号"}]}).encode()


def declaration_seeds(materials: Path) -> Iterator[bytes]:
    root = Path(__file__).resolve().parents[1]
    yield from (path.read_bytes() for path in sorted((root / "examples").rglob("*.toml")) if _is_declaration(path))
    yield b'schema = "hegui/declaration@1"\nsigned_by = "Lin Xiaoyu"\nsigned_on = "2026-11-01"\n'
    yield json.dumps({"signed_by": "Lin Xiaoyu", "signed_on": "2026-11-01", "app": {"types": ["map"]}}).encode()


def _is_declaration(path: Path) -> bool:
    return b"signed_by" in path.read_bytes()


# --- readers ---------------------------------------------------------------------------------------------------------


@cache
def _folder() -> Path:
    """Where one input after the other lies; in memory where the system has such a place."""
    shared = Path("/dev/shm")  # noqa: S108
    return Path(tempfile.mkdtemp(prefix="hegui-fuzz-", dir=shared if os.access(shared, os.W_OK) else None))


def _laid(data: bytes, name: str, beside: dict[str, bytes] | None = None) -> Path:
    """A file of this content, and those beside it that have any."""
    folder = _folder()
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for other, content in {name: data, **(beside or {})}.items():
        if content:
            (folder / other).write_bytes(content)
    return folder / name


def _here(kind: str, path: Path, limits: Limits, given: dict[str, Any] | None = None) -> Any:
    """What sandbox.run does, in this process: only a ReadError is answered for."""
    from hegui.readers.sandbox.messages import tell
    from hegui.readers.sandbox.stages import Partial

    reader: Any = importlib.import_module(sandbox.KINDS[kind])
    stages: list[Stage] = []
    errors: dict[str, ReadError] = {}
    fields: dict[str, Any] = {}
    state = reader.begin(path, limits, dict(given or {}))
    for step in reader.STAGES:
        try:
            made = step.run(state)
        except ReadError as error:
            stages.append(Stage(step.name, "failed", error.code, str(error)))
            errors[step.name] = error
            continue
        found = made.fields if isinstance(made, Partial) else made
        kept = {name: found[name] for name in step.fields}
        answer = _folder().parent / f"{_folder().name}.json"
        with answer.open("wb") as file:
            tell(file.fileno(), kept)
        fields |= json.loads(answer.read_bytes()[4:])
        stages.append(
            Stage(step.name, "partial", made.reason, made.detail)
            if isinstance(made, Partial)
            else Stage(step.name, "done")
        )
    return sandbox.Result(tuple(stages), fields, errors, {}, (), 1)


def _read(reader: Callable[..., Part[Any]], *given: Any, confined: bool = False, **more: Any) -> Any:
    """What a reader of the caller's side gives, held against what must always be so. Raises ReadError."""
    from hegui.facts import is_read

    sandbox.run = _RUN if confined else _here
    part = reader(*given, **more)
    for stage in part.stages:
        if _NOT_TAKEN in stage.detail:
            raise AssertionError(stage.detail)
        if stage.reason == "CRASHED" and not _OUT_OF_MEMORY.search(stage.detail):
            raise AssertionError(stage.detail)
        if "\n" in stage.detail or len(stage.detail) > _LONGEST_LINE:
            raise AssertionError(f"no clear line: {stage.detail[:300]!r}")
    if is_read(part.value):
        return part.value
    raise ReadError(part.value.detail, part.value.detail)


def read_sheet(data: bytes) -> None:
    """In a confined child as always: the library behind is no Python, and a process that ran out of memory is gone."""
    read_log(data, confined=True)


def read_log(data: bytes, beside: bytes = b"", confined: bool = False) -> None:
    from hegui.cli.timeline import _summary
    from hegui.readers.traces import read_traces

    log = _laid(data, "log", {"log.run.toml": beside})
    trace = _read(read_traces, [log], package="com.example.lantern", confined=confined)
    for run in trace.runs:
        observed = sum(not run.whats[what].derived for what in run.what if run.line)
        if observed + run.meta.rows_unread > run.meta.rows:
            raise AssertionError("more events than rows")
        _summary(run, "zh")


def read_table(data: bytes) -> None:
    read_log(data, b'[columns]\ntime = "when"\nbehaviour = "what"\nstack = "where"\n')


def read_beside(data: bytes) -> None:
    from tests.readers.traffic.captures import entry, har

    with suppress(ReadError):
        read_log("when,what,where\n9:00:02,定位,x.Y.z\n".encode(), data)
    read_capture(har(entry()), data)


def read_dump(data: bytes) -> None:
    _read_screens(_laid(data, "1.xml"))


def read_index(data: bytes) -> None:
    first, _, last, *_ = dump_seeds(Path())
    beside = {"2.xml": last, "1.png": b"\x89PNG", "index.jsonl": data}
    _read_screens(_laid(first, "1.xml", beside).parent)


def _read_screens(path: Path) -> None:
    from hegui.cli.timeline import _screens
    from hegui.readers.screens import read_screens

    list(_screens(_read(read_screens, [path]), "zh"))


def read_capture(data: bytes, beside: bytes = b"") -> None:
    from hegui.readers.traffic.canaries import Canary
    from hegui.readers.traffics import read_traffic

    _read(read_traffic, [_laid(data, "capture", {"capture.run.toml": beside})], [Canary("c", "contacts", _PHONE)])


def read_quic(data: bytes) -> None:
    from hegui.readers.traffic.quic import server_name

    datagrams, at = [], 0
    while at + 2 <= len(data):
        size = int.from_bytes(data[at : at + 2])
        datagrams.append(data[at + 2 : at + 2 + size])
        at += 2 + size
    server_name(datagrams)


def read_stream(data: bytes) -> None:
    from hegui.readers.traffic.canaries import Canary, Markers
    from hegui.readers.traffic.examine import examine
    from hegui.readers.traffic.streams import http_requests, server_name

    server_name(data)
    markers = Markers([Canary("c", "contacts", _PHONE)])
    for whole in (True, False):
        for sent in http_requests(data, whole, [(0, 0.0)]):
            examine(sent, markers)


def read_markers(data: bytes) -> None:
    from hegui.readers.traffic.canaries import Markers, read_canaries

    Markers(read_canaries(_laid(data, "a.canaries.toml"))).find(_PHONE)


def read_form(data: bytes) -> None:
    from hegui.readers.declaration import read_declaration

    for name in ("a.toml", "a.json"):
        with suppress(ReadError):
            read_declaration(_laid(data, name))
