"""Every capture of the materials, imported, its records held against counts of the raw bytes that know no format.

    python bench/traffic_import.py [FOLDER] [--hits] [--speed]

FOLDER is ../shared/materials/runtime unless named. The exit code is 1 when a count does not agree. --hits prints what was
recognised, masked, for judging by eye. --speed reads a large HAR made of one of them beside json.loads of the same bytes.
"""

import argparse
import json
import re
import struct
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from hegui.facts import is_read
from hegui.facts.traffic import Net
from hegui.readers.limits import Limits
from hegui.readers.traffic import read
from hegui.readers.traffics import read_traffic

RUNTIME = Path(__file__).resolve().parents[2] / "shared" / "materials" / "runtime"
SPEED_MB = 40


def packets(raw: bytes) -> int:
    """Record headers of a little-endian pcap, one after the other."""
    at, count = 24, 0
    while at + 16 <= len(raw):
        at, count = at + 16 + struct.unpack_from("<I", raw, at + 8)[0], count + 1
    return count


# What the raw bytes hold, told without any reader of the format, beside what the facts hold.
_Count = tuple[str, Callable[[bytes], int], Callable[[Net], int]]
HAR: tuple[_Count, ...] = (
    (
        "entries",
        lambda raw: len(re.findall(rb'(?<!\\)"request"\s*:\s*\{', raw)),
        lambda net: sum(c.records for c in net.captures),
    ),
)
PCAP: tuple[_Count, ...] = (
    ("packets", packets, lambda net: sum(c.records for c in net.captures)),
    # Standard query, one question, no answer.
    ("DNS questions", lambda raw: raw.count(b"\1\0\0\1\0\0\0\0\0\0"), lambda net: len(net.lookups)),
    (
        # Of connections that were open before the capture there is none.
        "TLS greetings",
        lambda raw: len(re.findall(rb"\x16\x03[\x00-\x03]..\x01\x00..\x03[\x01-\x03]", raw, re.DOTALL)),
        lambda net: sum(flow.protocol == "tls" and not flow.gaps for flow in net.flows),
    ),
    (
        "HTTP requests",
        lambda raw: len(re.findall(rb"(?:GET|POST|PUT|HEAD) \S+ HTTP/1\.[01]\r\n", raw)),
        lambda net: sum(flow.protocol == "http" for flow in net.flows),
    ),
)


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("folder", type=Path, nargs="?", default=RUNTIME)
    options.add_argument("--hits", action="store_true")
    options.add_argument("--speed", action="store_true")
    given = options.parse_args()
    if given.speed:
        return speed(given.folder)
    wrong = 0
    print("file\tcount of\traw\ttold\tagree\tflows\tnot decrypted\thits\tstate")
    for path in sorted(one for part in ("har", "pcap") for one in (given.folder / part).iterdir()):
        raw = path.read_bytes()
        part = read_traffic([path])
        net = part.value if is_read(part.value) else Net()
        hits = [(flow, hit) for flow in net.flows if isinstance(flow.hits, tuple) for hit in flow.hits]
        closed = sum(not isinstance(flow.hits, tuple) for flow in net.flows)
        for what, count, told in HAR if path.suffix == ".har" else PCAP:
            agree = count(raw) == told(net)
            wrong += not agree
            row = (path.name, what, count(raw), told(net), "yes" if agree else "NO", len(net.flows), closed, len(hits))
            print(*row, part.stages[0].state, sep="\t")
        for flow, hit in hits if given.hits else ():
            print(
                "  ",
                flow.host,
                flow.recipient,
                hit.pi_type,
                hit.encoding,
                hit.basis,
                hit.key,
                hit.masked,
                hit.place,
                sep="\t",
            )
    return 1 if wrong else 0


def speed(folder: Path) -> int:
    log = json.loads((folder / "har" / "tweasel_android_first-run.har").read_bytes())
    one = len(json.dumps(log))
    log["log"]["entries"] *= SPEED_MB * 1_000_000 // one
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / "large.har"
        path.write_text(json.dumps(log), "utf-8")
        raw = path.read_bytes()
        canaries = [(f"c{number}", "contacts", f"1390000{number:04}") for number in range(50)]
        spent = []
        for run in (lambda: json.loads(raw), lambda: read._flows(read.begin(path, Limits(), {"canaries": canaries}))):
            began = time.process_time()
            run()
            spent.append(time.process_time() - began)
    entries = len(log["log"]["entries"])
    print(
        f"{len(raw) / 1e6:.0f} MB, {entries} entries, 50 markers: {spent[1]:.1f} s CPU, {spent[1] / spent[0]:.1f}x json.loads"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
