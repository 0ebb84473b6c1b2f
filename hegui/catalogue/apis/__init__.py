"""What in the code reads personal information: methods, fields, URIs, settings keys, intents, services and wrappers.

The TOML files beside, one per family, are written by hand; apis.json is made from them by tools/make_catalogue.py, because
parsing TOML takes longer than scanning a small package. `hegui catalogue check` tells when the two differ.
"""

from hegui.catalogue.apis.api import (
    ACTS,
    KINDS,
    LOADS_BYTECODE,
    PI_TYPES,
    WEAK_PI_TYPES,
    Api,
    ArgumentIs,
    Carrier,
    apis,
    by_target,
    carriers,
    entry,
    of_kind,
)

__all__ = [
    "ACTS",
    "KINDS",
    "LOADS_BYTECODE",
    "PI_TYPES",
    "WEAK_PI_TYPES",
    "Api",
    "ArgumentIs",
    "Carrier",
    "apis",
    "by_target",
    "carriers",
    "entry",
    "of_kind",
]
