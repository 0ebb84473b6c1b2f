"""What an undetermined duty still lacks: never an input that was given."""

from hegui.audit.missing import missing_for
from hegui.facts import Facts
from hegui.facts.screens import Ui
from hegui.facts.trace import Trace
from hegui.law.packs import shipped_duties


def codes(duty: str, facts: Facts) -> set[str]:
    return {one.code for one in missing_for(shipped_duties()[duty], facts)}


def test_an_input_that_is_not_there_is_named() -> None:
    assert "NO_TRACE" in codes("cac-2026:14.2.2", Facts((), ()))


def test_an_input_that_was_given_is_not_asked_for_again() -> None:
    given = Facts((), (), trace=Trace(), ui=Ui())
    assert "NO_TRACE" not in codes("app-2021:10.3", given)
    assert codes("app-2021:10.3", given)


def test_a_duty_about_other_screens_than_the_apps_still_says_why() -> None:
    assert codes("app-2021:11.1.3", Facts((), (), ui=Ui())) >= {"NO_UI"}
