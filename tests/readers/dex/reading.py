"""Reading assembled DEX files in tests."""

from dataclasses import dataclass

from hegui.readers.dex import Api, Carrier, CodeFacts, Entries, Site, Target, read_code
from hegui.readers.dex.targets import ArgumentIs
from tests.readers.dex.make_dex import Assembly


@dataclass(frozen=True)
class Through:
    """A carrier, as the catalogue has them."""

    kind: str
    target: str
    argument: int
    table: str = ""
    role: str = "name"


@dataclass(frozen=True)
class Passed:
    """A constant that a target needs."""

    index: int
    values: tuple[str, ...]


IMEI = "Landroid/telephony/TelephonyManager;->getDeviceId()Ljava/lang/String;"
READ_IMEI = ["invoke-virtual {v1}, " + IMEI, "move-result-object v2", "return-void"]


def method(target: str, argument: ArgumentIs | None = None) -> Target:
    return Target(f"id:{target.partition('(')[0]}", "method", (target,), "device_id.imei", "phone", argument)


def read(
    *assemblies: Assembly,
    apis: tuple[Api, ...] = (method(IMEI),),
    carriers: tuple[Carrier, ...] = (),
    entries: Entries | None = None,
    files: tuple[str, ...] = (),
) -> CodeFacts:
    blobs = []
    for number, assembly in enumerate(assemblies, start=1):
        content = assembly.dex()
        blobs.append((f"classes{number if number > 1 else ''}.dex", lambda content=content: content))
    return read_code(blobs, entries or Entries(), apis, carriers, files)


def only(facts: CodeFacts) -> Site:
    (site,) = facts.sites
    return site
