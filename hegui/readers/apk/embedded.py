"""What DEX files show of SDKs: the clues that hegui/readers/sdk/embedded.py judges by."""

from collections import Counter
from contextlib import suppress
from itertools import islice

from hegui.catalogue.sdks.builds import Build, builds
from hegui.readers.dex.constants import code_texts, field_types, static_texts, strings_begun, strings_held
from hegui.readers.dex.tables import Dex, Methods
from hegui.readers.errors import Malformed
from hegui.readers.sdk.clues import MOST_BEGUN, MOST_CONSTANTS, Clues, wanted
from hegui.readers.sdk.shapes import Members, shape


def look(clues: Clues, dex: Dex, methods: Methods) -> None:
    """Add what one DEX file shows. What cannot be read of it is left out: the code stage says what is wrong with it."""
    names = dex.type_names
    rows = dex.class_defs[0::8].tolist()
    for row, index in enumerate(rows):
        name = names[index][1:-1]
        asked = clues.add(name)
        if asked is None:
            continue
        if asked.members:
            with suppress(Malformed):
                clues.add_members(name, members_of(dex, methods, row))
        dotted = name.decode("utf-8", "replace").replace("/", ".")
        if asked.fields:
            for field, text in static_texts(dex, row):
                if field in asked.fields:
                    clues.texts.setdefault((dotted, field), text)
        # Of a class defined twice the first runs.
        if asked.constants and dotted not in clues.constants:
            texts = [(text, f"{dotted}.{field}") for field, text in static_texts(dex, row)]
            clues.constants[dotted] = [*texts, *islice(code_texts(dex, methods, row), MOST_CONSTANTS)]
    for text in strings_begun(dex, wanted().beginnings, MOST_BEGUN):
        clues.begun.setdefault(text, dex.name)
    held = list(strings_held(dex, wanted().strings))
    clues.add_strings(held)
    # Shapes are costly, so they are asked for only where constants speak for an SDK that has few classes of its name, or none.
    spoken_for = {wanted().strings[text] for text in held}
    if any(_is_renamed(clues, build) for build in builds() if build.sdk in spoken_for):
        for row, index in enumerate(rows):
            name = names[index][1:-1]
            if clues.owner(name) is None:
                with suppress(Malformed):
                    clues.add_shape(name, shape(members_of(dex, methods, row)))


def _is_renamed(clues: Clues, build: Build) -> bool:
    """Whether an SDK has fewer outer classes under its own name than half of those known of a build."""
    return 2 * clues.owned.get(build.sdk, Counter[str]()).total() < len(build.shapes)


def members_of(dex: Dex, methods: Methods, row: int) -> Members:
    """The class of definition `row` without its name, as shapes compare it. Raises Malformed."""
    access, parent, interfaces = dex.class_defs[8 * row + 1 : 8 * row + 4]
    first = methods.ends[row - 1] if row else 0
    return Members(
        access,
        dex.type_name(parent) if parent < dex.types_n else b"",
        tuple(dex.type_name(index) for index in dex.type_list(interfaces)),
        tuple(field_types(dex, row)),
        tuple(
            (methods.access[i], dex.string(dex.method_name[index]), dex.proto(dex.method_proto[index]))
            for i, index in enumerate(methods.index[first : methods.ends[row]], first)
        ),
    )
