"""What was observed. Facts never know the law: "read before the agree tap" is a fact, "without consent" is not."""

from typing import TYPE_CHECKING, Any

from hegui.facts.reasons import REASONS
from hegui.facts.unread import Unread, is_read

if TYPE_CHECKING:
    from hegui.facts.facts import Facts, Input, Stage

__all__ = ["REASONS", "Facts", "Input", "Stage", "Unread", "is_read"]


def __getattr__(name: str) -> Any:
    """The root is imported when first asked for: whoever reads a package needs the facts of a package alone."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from hegui.facts import facts

    facts.name_parts()
    return getattr(facts, name)
