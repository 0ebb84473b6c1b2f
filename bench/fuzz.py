#!/usr/bin/env python3
"""Feed damaged files to the readers: nothing but a ReadError may come out, within time and memory.

    python bench/fuzz.py [--minutes 5] [--only FORMAT]… [--engine atheris|own] [--seed N] [--keep FOLDER]

Each format runs in a process of its own for its share of the minutes. With atheris, what an input reaches in the readers
decides which are mutated further; without it (or with --engine own) seeds are mutated blindly. Seeds are our own
examples/*.apk, the invented logs, screens and captures of the tests (see bench/fuzz_evidence.py) and, where they are at
hand, small files out of ../shared/materials: read into memory, mutated there, and never stored. A fault is any other
exception, more than 20 s of processor time, or more than 1 GiB beyond what the process began with; of each place one is
told, and its input is kept under --keep (default: a temporary folder).

Another reader joins as a line of FORMATS: its name, its seeds, and a function that reads bytes.
"""

import argparse
import contextlib
import importlib.util
import io
import json
import os
import random
import re
import resource
import signal
import struct
import subprocess
import sys
import tempfile
import time
import traceback
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache, partial
from pathlib import Path
from types import FrameType
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from bench import fuzz_evidence as evidence  # noqa: E402

MATERIALS = ROOT.parent / "shared" / "materials"
SECONDS_PER_INPUT = 20.0
MEMORY = 1 << 30
LARGEST_SEED = 96 * 1024
SEEDS_PER_FORMAT = 60
# What makes readers stumble: the ends of number ranges, and signs.
NUMBERS = (0, 1, 2, 0x7F, 0x80, 0xFF, 0x7FFF, 0x8000, 0xFFFF, 0x10000, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFE, 0xFFFFFFFF)


class TooLong(BaseException):
    """The input took longer than allowed. No Exception, so that no handler in a reader takes it for its own."""


@dataclass(frozen=True)
class Format:
    name: str
    seeds: Callable[[Path], Iterator[bytes]]
    read: Callable[[bytes], object]


@dataclass
class Session:
    """One format being fuzzed in this process, and what came of it so far."""

    format: Format
    keep: Path
    until: float
    inputs: int = 0
    slowest_s: float = 0.0
    outcomes: Counter[str] = field(default_factory=Counter)
    faults: dict[str, str] = field(default_factory=dict)

    def judge(self, data: bytes) -> None:
        """Read one input and note how that ended. Returns only while there is time left."""
        from hegui.readers.errors import ReadError

        self.inputs += 1
        began = time.process_time()
        signal.setitimer(signal.ITIMER_VIRTUAL, SECONDS_PER_INPUT)
        try:
            self.format.read(data)
            self.outcomes["read"] += 1
        except ReadError as error:
            self.outcomes[type(error).__name__] += 1
        except (Exception, TooLong) as error:
            self.note(error, data)
        finally:
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        self.slowest_s = max(self.slowest_s, time.process_time() - began)
        if time.monotonic() > self.until:
            self.end()

    def note(self, error: BaseException, data: bytes) -> None:
        """Keep the input of a fault, one for each place and kind."""
        ours = [frame for frame in traceback.extract_tb(error.__traceback__) if "hegui" in frame.filename]
        place = f"{Path(ours[-1].filename).relative_to(ROOT)}:{ours[-1].lineno}" if ours else "?"
        # Where a clock or an allocation strikes says little.
        told = type(error).__name__ if isinstance(error, TooLong | MemoryError) else f"{type(error).__name__} {place}"
        self.outcomes[told] += 1
        if told not in self.faults:
            path = self.keep / f"{self.format.name}-{len(self.faults)}-{type(error).__name__}.bin"
            path.write_bytes(data)
            self.faults[told] = f"{place} {type(error).__name__}: {str(error)[:200]} ({path})"

    def end(self) -> None:
        """Print what came of it and leave at once: libFuzzer knows no end but that of its process."""
        usage = resource.getrusage(resource.RUSAGE_SELF)
        print(
            json.dumps(
                {
                    "inputs": self.inputs,
                    "cpu_s": usage.ru_utime + usage.ru_stime,
                    "peak_mb": usage.ru_maxrss / 1024,
                    "slowest_s": self.slowest_s,
                    "outcomes": self.outcomes,
                    "faults": self.faults,
                }
            ),
            flush=True,
        )
        os._exit(0)


def main() -> int:
    arguments = argparse.ArgumentParser(description="Feed damaged files to the readers.")
    arguments.add_argument("--minutes", type=float, default=5.0, help="for all formats together")
    arguments.add_argument("--only", action="append", choices=[each.name for each in FORMATS])
    arguments.add_argument("--engine", choices=("atheris", "own"))
    arguments.add_argument("--seed", type=int, default=0)
    arguments.add_argument("--materials", type=Path, default=MATERIALS)
    arguments.add_argument("--keep", type=Path, help="where inputs of faults are kept")
    arguments.add_argument(
        "--again", nargs=2, metavar=("FORMAT", "FILE"), help="read one kept input, with its traceback"
    )
    arguments.add_argument("--one", nargs=2, metavar=("FORMAT", "SECONDS"), help=argparse.SUPPRESS)
    chosen = arguments.parse_args()
    chosen.engine = chosen.engine or ("atheris" if importlib.util.find_spec("atheris") else "own")
    by_name = {each.name: each for each in FORMATS}
    if chosen.again:
        print(by_name[chosen.again[0]].read(Path(chosen.again[1]).read_bytes()))
        return 0
    if chosen.one:
        fuzz(by_name[chosen.one[0]], float(chosen.one[1]), chosen)
    keep = chosen.keep or Path(tempfile.mkdtemp(prefix="hegui-fuzz-"))
    keep.mkdir(parents=True, exist_ok=True)
    names = chosen.only or list(by_name)
    print(f"{chosen.engine}, seed {chosen.seed}, {chosen.minutes} minutes for {len(names)} formats", flush=True)
    rows = [one(name, 60 * chosen.minutes / len(names), chosen, keep) for name in names]
    spent, inputs, faults = (sum(row[i] for row in rows) for i in range(3))
    print(f"{spent / 60:.1f} minutes of processor time, {inputs} inputs, {faults} faults")
    return 1 if faults else 0


def one(name: str, seconds: float, chosen: argparse.Namespace, keep: Path) -> tuple[float, int, int]:
    """Fuzz one format in a process of its own: processor seconds, inputs and faults."""
    command = [
        sys.executable, __file__, "--one", name, str(seconds), "--engine", chosen.engine, "--seed", str(chosen.seed),
        "--keep", str(keep), "--materials", str(chosen.materials),
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, errors="replace")
    told = [line for line in done.stdout.splitlines() if line.startswith('{"inputs"')]
    if not told:
        # The process itself died: a crash of the interpreter, or what libFuzzer takes for one.
        last = (done.stderr.strip().splitlines() or ["nothing said"])[-1]
        print(f"  {name:10} DIED with exit code {done.returncode}: {last[:300]}", flush=True)
        return 0.0, 0, 1
    row = json.loads(told[-1])
    outcomes = ", ".join(f"{count} {what}" for what, count in sorted(row["outcomes"].items()))
    print(
        f"  {name:10} {row['inputs']:8} inputs {row['cpu_s']:6.0f} s CPU, slowest {row['slowest_s']:5.2f} s, "
        f"peak {row['peak_mb']:4.0f} MB: {outcomes}",
        flush=True,
    )
    for fault in row["faults"].values():
        print(f"    FAULT {fault}", flush=True)
    return row["cpu_s"], row["inputs"], len(row["faults"])


def fuzz(chosen_format: Format, seconds: float, chosen: argparse.Namespace) -> None:
    """Run until the time is over. Does not return."""
    if chosen.engine == "atheris":
        import atheris  # type: ignore[import-not-found,import-untyped,unused-ignore]

        with atheris.instrument_imports(include=["hegui.readers"]):
            import_readers()
    else:
        import_readers()
    seeds = [seed for seed in chosen_format.seeds(chosen.materials) if 0 < len(seed) <= LARGEST_SEED][:SEEDS_PER_FORMAT]
    signal.signal(signal.SIGVTALRM, out_of_time)
    now = int(re.search(r"VmSize:\s+(\d+)", Path("/proc/self/status").read_text("ascii"))[1]) * 1024  # type: ignore[index]
    resource.setrlimit(resource.RLIMIT_AS, (now + MEMORY, now + MEMORY))
    session = Session(chosen_format, chosen.keep, time.monotonic() + seconds)
    if chosen.engine == "own":
        chance = random.Random(chosen.seed)  # noqa: S311
        for seed in seeds:
            session.judge(seed)
        while True:
            session.judge(mutated(chance.choice(seeds), seeds, chance))
    with tempfile.TemporaryDirectory() as corpus:
        for number, seed in enumerate(seeds):
            (Path(corpus) / str(number)).write_bytes(seed)
        options = [
            f"-seed={chosen.seed + 1}",
            f"-max_len={LARGEST_SEED}",
            "-timeout=300",
            "-rss_limit_mb=0",
            "-verbosity=0",
            f"-artifact_prefix={chosen.keep}/",
        ]
        # Half the inputs by libFuzzer's own mutations, half by ours, which know how formats write numbers.
        atheris.Setup(
            ["fuzz", *options, corpus],
            session.judge,
            custom_mutator=lambda data, most, seed: (
                mutated(data, seeds, random.Random(seed))[:most]  # noqa: S311
                if seed & 1
                else atheris.Mutate(data, len(data) + 64)[:most]
            ),
        )
        atheris.Fuzz()


def out_of_time(number: int, frame: FrameType | None) -> None:
    raise TooLong(f"more than {SECONDS_PER_INPUT} s of processor time")


def mutated(seed: bytes, seeds: list[bytes], chance: random.Random) -> bytes:
    """A few changes of the kinds that hostile and broken files show."""
    data = bytearray(seed)
    for _ in range(chance.choice((1, 1, 2, 3, 5, 8))):
        if not data:
            break
        at = chance.randrange(len(data))
        width = min(chance.choice((1, 2, 4, 8, 32, 256)), len(data) - at)
        what = chance.randrange(9)
        if what == 0:
            data[at] ^= 1 << chance.randrange(8)
        elif what == 1:
            data[at] = chance.randrange(256)
        elif what in (2, 3):
            # A number as formats write it: 16 or 32 bits at an even place, either end first, or a nearby one.
            size = chance.choice((2, 4))
            at = min(at & ~1, max(0, len(data) - size))
            order = "big" if chance.random() < 0.25 else "little"
            old = int.from_bytes(data[at : at + size], order)  # type: ignore[arg-type]
            number = chance.choice((*NUMBERS, old + 1, old - 1, old * 2, len(data), len(data) - at))
            data[at : at + size] = (number % (1 << 8 * size)).to_bytes(size, order)  # type: ignore[arg-type]
        elif what == 4:
            del data[at : at + width]
        elif what == 5:
            data[at:at] = data[at : at + width] * chance.choice((1, 1, 2, 16))
        elif what == 6:
            there = chance.randrange(len(data))
            data[at : at + width] = data[there : there + width]
        elif what == 7:
            # Much of one thing: what a pattern that looks twice at each character takes forever over.
            unit = chance.choice((bytes(data[at : at + min(width, 4)]), b" ", b"0", b"a.", b"[", b'{"a":', b"("))
            data[at:at] = unit * (chance.choice((64, 1024, 16384)) // len(unit))
        else:
            other = chance.choice(seeds)
            there = chance.randrange(len(other))
            data[at : at + width] = other[there : there + width]
    if chance.random() < 0.05:
        del data[chance.randrange(len(data) + 1) :]
    return bytes(data[: 2 * LARGEST_SEED])


def import_readers() -> None:
    from hegui.readers import declaration, screens, traces, traffics  # noqa: F401
    from hegui.readers.apk import arsc, axml, container, read, signature, signing_block  # noqa: F401
    from hegui.readers.apk.read import prepare as prepare_apk
    from hegui.readers.bundle import merge, parts, proto_table, proto_xml  # noqa: F401
    from hegui.readers.screen.read import prepare as prepare_screen
    from hegui.readers.sdk.read import prepare as prepare_sdk
    from hegui.readers.trace.read import prepare as prepare_trace
    from hegui.readers.traffic.read import prepare as prepare_traffic

    for prepare in (prepare_apk, prepare_sdk, prepare_trace, prepare_screen, prepare_traffic):
        prepare()


# --- seeds -----------------------------------------------------------------------------------------------------------


def archives(materials: Path, *kinds: str) -> Iterator[Path]:
    """Our own examples, then real files, the smallest first."""
    if ".apk" in kinds:
        yield from sorted((ROOT / "examples").glob("*.apk"))
    found = [path for path in materials.rglob("*") if path.suffix in kinds and path.is_file()]
    yield from sorted(found, key=lambda path: (path.stat().st_size, path.name))


def entries(materials: Path, pattern: str, kind: str = ".apk") -> Iterator[bytes]:
    """The content of the entries whose name fits, out of all archives of a kind."""
    for path in archives(materials, kind):
        with contextlib.suppress(OSError, zipfile.BadZipFile, NotImplementedError), zipfile.ZipFile(path) as archive:
            taken = 0
            for info in archive.infolist():
                if re.fullmatch(pattern, info.filename) and 0 < info.file_size <= LARGEST_SEED and taken < 20:
                    taken += 1
                    yield archive.read(info)


def stored(path: Path, wanted: str) -> bytes:
    """A copy of an archive with the wanted entries only, none compressed, so that mutations strike the content."""
    out = io.BytesIO()
    with zipfile.ZipFile(path) as archive, zipfile.ZipFile(out, "w") as copy:
        for info in archive.infolist():
            if re.fullmatch(wanted, info.filename) and info.file_size < LARGEST_SEED // 4:
                copy.writestr(zipfile.ZipInfo(info.filename), archive.read(info))
    return out.getvalue()


def zip_seeds(materials: Path) -> Iterator[bytes]:
    for path in archives(materials, ".apk", ".jar"):
        if path.stat().st_size <= LARGEST_SEED:
            yield path.read_bytes()


def package_seeds(materials: Path) -> Iterator[bytes]:
    for path in archives(materials, ".apk"):
        with contextlib.suppress(OSError, zipfile.BadZipFile, NotImplementedError):
            yield stored(path, r"AndroidManifest\.xml|resources\.arsc|classes\d*\.dex|res/xml/.*|META-INF/[^/]*")


def class_seeds(materials: Path) -> Iterator[bytes]:
    yield from entries(materials, r".*\.class", ".jar")
    for path in archives(materials, ".aar"):
        with zipfile.ZipFile(path) as outer, zipfile.ZipFile(io.BytesIO(outer.read("classes.jar"))) as jar:
            yield from (jar.read(info) for info in jar.infolist()[:40] if info.filename.endswith(".class"))


@cache
def signed() -> tuple[bytes, int, int]:
    """An example with a signing block, where that begins and where it ends."""
    path = ROOT / "examples" / "lantern-good.apk"
    return path.read_bytes(), *block_of(path)


def block_of(path: Path) -> tuple[int, int]:
    """Where the signing block of a package begins and ends: the same place when it has none."""
    from hegui.readers.apk.signing_block import find_signing_block

    container = opened(path.read_bytes())
    block = find_signing_block(container)
    return (block.start, container.cd_offset) if block else (0, 0)


def block_seeds(materials: Path) -> Iterator[bytes]:
    from hegui.readers.errors import ReadError

    for path in archives(materials, ".apk"):
        with contextlib.suppress(ReadError):
            start, end = block_of(path)
            yield path.read_bytes()[start:end]


# --- readers ---------------------------------------------------------------------------------------------------------


def opened(data: bytes) -> Any:
    from hegui.readers.apk.container import Container
    from hegui.readers.apk.window import Window
    from hegui.readers.limits import Limits

    return Container(Path("fuzzed.apk"), Window(memoryview(data)), Limits(entry_mb=64))


def read_zip(data: bytes) -> None:
    from hegui.readers.errors import ReadError

    container = opened(data)
    _ = container.odd
    container.refuse_bomb()
    for name in container.names()[:20]:
        container.damage(name)
        with contextlib.suppress(ReadError):
            container.nested(name, 1 << 20)


def read_axml(data: bytes) -> None:
    from hegui.readers.apk.axml import read_xml

    read_xml(data)


def read_arsc(data: bytes) -> None:
    from hegui.readers.apk.arsc import ResourceTable

    table = ResourceTable(data)
    for kind in range(24):
        for index in range(12):
            table.resolve(0x7F000000 | kind << 16 | index)


def read_dex(data: bytes) -> None:
    from hegui.readers.apk.code import code_facts

    name = "com.example.lantern.MainActivity"
    component: dict[str, Any] = {"kind": "activity", "name": name, "target": None, "filters": (), "meta_data": {}}
    code_facts([("classes.dex", lambda: data)], {}, {"name": "com.example.lantern", "components": [component]})


def read_signature(block: bytes) -> None:
    from hegui.readers.apk.signature import signature_facts

    data, start, end = signed()
    moved = start + len(block)
    at = data.rindex(b"PK\5\6")
    whole = data[:start] + block + data[end : at + 16] + struct.pack("<I", moved) + data[at + 20 :]
    signature_facts(opened(whole), 24, 34)


def read_stages(kind: str, data: bytes) -> None:
    """Every stage of a reader, as the confined child runs them."""
    import importlib

    from hegui.readers.errors import ReadError
    from hegui.readers.limits import Limits
    from hegui.readers.sandbox.messages import tell
    from hegui.readers.sandbox.stages import KINDS, Partial

    reader = importlib.import_module(KINDS[kind])
    with tempfile.NamedTemporaryFile(suffix=f".{kind}") as file:
        file.write(data)
        file.flush()
        read: dict[str, Any] = {}
        state = reader.begin(Path(file.name), Limits(entry_mb=64), read)
        with open(os.devnull, "wb") as nowhere:
            for step in reader.STAGES:
                with contextlib.suppress(ReadError):
                    result = step.run(state)
                    found = result.fields if isinstance(result, Partial) else result
                    tell(nowhere.fileno(), found)
                    read.update(json.loads(json.dumps(found, default=plain)))


def plain(value: Any) -> Any:
    return {name: getattr(value, name) for name in value.__dataclass_fields__}


def read_class(data: bytes) -> None:
    jar = io.BytesIO()
    with zipfile.ZipFile(jar, "w") as archive:
        archive.writestr(zipfile.ZipInfo("com/example/Fuzzed.class"), data)
    read_stages("sdk", jar.getvalue())


def read_protobuf(data: bytes) -> None:
    from hegui.readers.bundle.proto_xml import read_proto_xml

    read_proto_xml(data, "base/manifest/AndroidManifest.xml")


def protobuf_seeds(materials: Path) -> Iterator[bytes]:
    from tests.readers.bundle.make_bundle import asks, manifest, proto_xml

    yield proto_xml(manifest())
    yield proto_xml(manifest(asks("CAMERA", "READ_CONTACTS")))


FORMATS = (
    Format("zip", zip_seeds, read_zip),
    Format("axml", partial(entries, pattern=r".*\.xml"), read_axml),
    Format("arsc", partial(entries, pattern=r"resources\.arsc"), read_arsc),
    Format("dex", partial(entries, pattern=r"classes\d*\.dex"), read_dex),
    Format("class", class_seeds, read_class),
    Format("signature", block_seeds, read_signature),
    Format("package", package_seeds, partial(read_stages, "apk")),
    Format("protobuf", protobuf_seeds, read_protobuf),
    Format("logs", evidence.log_seeds, evidence.read_log),
    Format("own-log", evidence.own_seeds, evidence.read_log),
    Format("record", evidence.record_seeds, evidence.read_log),
    Format("table", evidence.table_seeds, evidence.read_table),
    Format("sheet", evidence.sheet_seeds, evidence.read_sheet),
    Format("run-toml", evidence.beside_seeds, evidence.read_beside),
    Format("screen", evidence.dump_seeds, evidence.read_dump),
    Format("index", evidence.index_seeds, evidence.read_index),
    Format("zip-dumps", evidence.zip_of_dumps_seeds, evidence.read_dump),
    Format("har", evidence.har_seeds, evidence.read_capture),
    Format("pcap", evidence.pcap_seeds, evidence.read_capture),
    Format("quic", evidence.quic_seeds, evidence.read_quic),
    Format("http1", evidence.stream_seeds, evidence.read_stream),
    Format("mitmproxy", evidence.mitmproxy_seeds, evidence.read_capture),
    Format("canaries", evidence.canary_seeds, evidence.read_markers),
    Format("form", evidence.declaration_seeds, evidence.read_form),
)


if __name__ == "__main__":
    sys.exit(main())
