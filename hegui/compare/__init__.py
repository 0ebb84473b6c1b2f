"""Two versions → what changed → which duties that triggers."""

from hegui.compare.notice import notice
from hegui.compare.versions import Comparison, Consultation, Triggered, compare

__all__ = ["Comparison", "Consultation", "Triggered", "compare", "notice"]
