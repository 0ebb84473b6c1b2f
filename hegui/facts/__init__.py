"""What was observed. Facts never know the law: "read before the agree tap" is a fact, "without consent" is not."""

from hegui.facts.facts import Facts, Input, Stage
from hegui.facts.reasons import REASONS
from hegui.facts.unread import Unread, is_read

__all__ = ["REASONS", "Facts", "Input", "Stage", "Unread", "is_read"]
