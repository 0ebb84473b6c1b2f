"""How much one input may cost."""

from dataclasses import dataclass, replace

MIB = 1024 * 1024

# Inputs up to this size get the times as they are; reading 100 MB of bytecode takes some three seconds of a free machine.
_SMALL = 50 * MIB


@dataclass(frozen=True, slots=True)
class Limits:
    """What reading one input may take. The input itself is mapped, so its size comes on top of `memory_mb`.

    memory_mb: address space (MiB) the reading process may add to what it starts with.
    wall_s:    wall time for all stages together; this and the next two are for a small input (see for_size).
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

    def for_size(self, size_bytes: int) -> "Limits":
        """The limits for an input of that size: a larger one gets more time, in proportion."""
        times = max(1.0, size_bytes / _SMALL)
        return replace(self, wall_s=self.wall_s * times, stage_s=self.stage_s * times, cpu_s=round(self.cpu_s * times))
