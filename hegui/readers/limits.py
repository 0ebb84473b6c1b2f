"""How much one input may cost."""

from dataclasses import dataclass

MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """What reading one input may take. The input itself is mapped, so its size comes on top of `memory_mb`.

    memory_mb: address space (MiB) the reading process may add to what it starts with.
    wall_s:    wall time for all stages together.
    stage_s:   wall time for one stage; the other stages go on without a stage that exceeds it.
    cpu_s:     processor time of one reading process.
    entry_mb:  largest entry (MiB) that is inflated into memory.
    claim_mb:  largest size (MiB) an entry may claim. Android opens none of 2 GiB or more.
    total_mb:  what all entries may claim together (MiB).
    ratio:     claims over file size, from `ratio_from_mb` (MiB) on; packages seen stay below 5, deflate ends at 1032.
    entries:   number of entries.
    answer_mb: largest answer (MiB) of one stage.
    """

    memory_mb: int = 1024
    wall_s: float = 120.0
    stage_s: float = 60.0
    cpu_s: int = 120
    entry_mb: int = 256
    claim_mb: int = 2048
    total_mb: int = 8192
    ratio: int = 100
    ratio_from_mb: int = 512
    entries: int = 500_000
    answer_mb: int = 64
