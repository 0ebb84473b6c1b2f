"""hegui 合规: reads apps and judges them, duty by duty, against two Chinese consultation drafts."""

__version__ = "0.1.0"
