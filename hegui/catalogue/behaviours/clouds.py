"""Hosts of clouds and content networks, which do not tell whose data they hold. Data: clouds.toml."""

import tomllib
from functools import cache
from pathlib import Path


def is_cloud(host: str) -> bool:
    """Whether a host is among those of a cloud or content network."""
    labels = host.lower().rstrip(".").split(".")
    return any(".".join(labels[start:]) in _hosts() for start in range(len(labels)))


@cache
def _hosts() -> frozenset[str]:
    return frozenset(tomllib.loads((Path(__file__).parent / "clouds.toml").read_text("utf-8"))["hosts"])
