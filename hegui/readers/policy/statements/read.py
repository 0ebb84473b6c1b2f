"""All statements of a policy, each kind by its own reader, over one reading of the text."""

from dataclasses import replace

from hegui.catalogue.permissions import permission
from hegui.facts.policy import Policy
from hegui.readers.policy.sdk_match import match_sdks
from hegui.readers.policy.statements import mentions as words
from hegui.readers.policy.statements.context import Contexts
from hegui.readers.policy.statements.functions import read_functions
from hegui.readers.policy.statements.negatives import read_negatives
from hegui.readers.policy.statements.operator import (
    read_app_names,
    read_dates,
    read_language,
    read_operator,
    read_version,
)
from hegui.readers.policy.statements.permissions import read_permissions, with_functions
from hegui.readers.policy.statements.promises import read_change, read_complaint, read_minor, read_personal
from hegui.readers.policy.statements.reading import Reading
from hegui.readers.policy.statements.records import read_records
from hegui.readers.policy.statements.retention import read_retention
from hegui.readers.policy.statements.rights import read_cancellation, read_rights
from hegui.readers.policy.statements.sdks import read_sdks
from hegui.readers.policy.statements.sharing import read_sharing
from hegui.readers.policy.statements.types import read_types


def prepare() -> None:
    """Load the lexicons, so that a forked reader shares them."""
    words.load()
    permission("android.permission.CAMERA")


def read_statements(policy: Policy) -> Policy:
    """The policy with all it states: operator, functions, types, SDKs, sharing, retention, rights and so on."""
    reading = Reading(policy)
    if not reading.lines:
        return policy
    contexts = Contexts(reading)
    mentions = words.type_mentions(reading)
    records, used = read_records(reading)
    permissions = read_permissions(reading, contexts, records, used)
    functions = read_functions(reading, contexts, mentions, permissions, records, used)
    stretches = [(one.start, one.end, one.function.name) for one in functions]
    app_names = read_app_names(reading)
    published_at, effective_at = read_dates(reading)
    rights = read_rights(reading, contexts)
    return replace(
        policy,
        version=read_version(reading),
        published_at=published_at,
        effective_at=effective_at,
        lang=read_language(reading),
        operator=read_operator(reading, contexts, used),
        functions=tuple(one.function for one in functions),
        types=read_types(reading, contexts, mentions, records, functions),
        sdks=match_sdks(
            read_sdks(reading, contexts, mentions, records, used, {one.value.lower() for one in app_names})
        ),
        sharing=read_sharing(reading, contexts, mentions, records, used),
        retention=read_retention(reading, contexts, mentions, records, used),
        rights=rights,
        cancellation=read_cancellation(reading, contexts, rights.get("cancel")),
        complaint=read_complaint(reading, contexts),
        minor=read_minor(reading, contexts),
        personal=read_personal(reading, contexts),
        change=read_change(reading, contexts),
        negatives=read_negatives(reading, contexts, mentions),
        permissions=with_functions(permissions, stretches),
        app_names=app_names,
    )
