"""How personal information is shown: enough to find it again in the capture, not enough to be it (掩码)."""

import re

_NUMBER = re.compile(r"(-?\d{1,3})\.\d+")


def masked(value: str) -> str:
    """`13812345678` → `138******78`; at most a third of the characters stays. Coordinates keep whole degrees."""
    value = value.strip()
    if re.fullmatch(r"[-\d.]+\s?[,;|/_]\s?[-\d.]+|-?\d{1,3}\.\d+", value):
        return _NUMBER.sub(r"\1.****", value)
    name, at, domain = value.rpartition("@")
    if at:
        return f"{masked(name)}@{domain}"
    kept = min(len(value) // 3, 5)
    head, tail = kept - kept // 2, kept // 2
    stars = "*" * min(len(value) - kept, 12)
    return value[:head] + stars + (value[-tail:] if tail else "")
