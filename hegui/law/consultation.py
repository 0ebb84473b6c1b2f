"""Article 8(2) of the 2026 draft: who must put a revision of its rules to the public, and for how long."""

LARGE_REGISTERED = 50_000_000
LARGE_MONTHLY = 10_000_000
WORKDAYS = 7


def is_large(registered: int | None, monthly: int | None) -> bool | None:
    """Whether either figure reaches its threshold; None while one that could is not known (A-08)."""
    if (registered or 0) >= LARGE_REGISTERED or (monthly or 0) >= LARGE_MONTHLY:
        return True
    return None if registered is None or monthly is None else False
