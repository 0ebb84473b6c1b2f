"""What the words of logs mean: why a process started or ended, whose a package is, whether a switch is on. Data: causes.toml."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Literal


def is_welcome(cause: str) -> bool:
    """Whether a process started for this cause by the user's doing, or for what the user awaits."""
    return cause.strip().lower() in _words("welcome")


def is_testing(cause: str) -> bool:
    """Whether a process started for this cause by whoever tests, or for the system's housekeeping."""
    return cause.strip().lower() in _words("by_testing")


def is_ended_by_others(cause: str) -> bool:
    """Whether a process that ended for this cause was ended by the user or the system."""
    said = cause.strip().lower()
    return any(said == word or said.startswith(word + " ") for word in _words("ended_by_others"))


def takes_pushes(process: str, component: str) -> bool:
    """Whether a process, by its name within the app or the component it was started for, takes messages of the server."""
    names = process.partition(":")[2], component.rpartition("/")[2]
    return any(word in name.lower() for word in _words("push") for name in names)


def is_crash(cause: str) -> bool:
    return any(word in cause.lower() for word in _words("crash"))


def is_system(package: str) -> bool:
    """Whether a package is the system's own."""
    return any(package == word or (word.endswith(".") and package.startswith(word)) for word in _words("system"))


def moves_the_clock(key: str) -> bool:
    """Whether a setting of this name is the clock of the phone."""
    return key.strip().lower() in _words("clock")


def is_on(value: str) -> bool | None:
    """Whether a switch or permission with this value is on; None where the value does not tell."""
    said = value.strip().lower()
    return True if said in _words("on") else False if said in _words("off") else None


def makes_profiles(kind: str) -> bool:
    """Whether a kind of personal information is one that personalisation is made of."""
    return kind in _words("profile")


def pastes(text: str) -> bool:
    """Whether a control of this text pastes."""
    return any(word in text.lower() for word in _words("paste"))


def loaded_as(path: str) -> Literal["code", "script", ""]:
    """What a file is run as, by its name: machine or byte code, a script, or neither that can be told."""
    plain = path.partition("?")[0].partition("#")[0].lower()
    kinds: tuple[Literal["code", "script"], ...] = ("code", "script")
    return next((kind for kind in kinds if plain.endswith(_words(kind))), "")


@cache
def _words(topic: str) -> tuple[str, ...]:
    return tuple(tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))[topic])
