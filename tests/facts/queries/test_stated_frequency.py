from hegui.facts.policy import Function, Policy, Span, StatedPermission
from hegui.facts.queries.stated_frequency import stated_frequency

SPAN = Span("每30秒一次", 3, 9)


def test_the_function_speaks_before_the_permission() -> None:
    permission = StatedPermission("location", freq="必要时", group="location")
    rules = Policy(
        "",
        functions=(Function("导航", types=("location.precise",), freq="每30秒一次", span=SPAN),),
        permissions=(permission,),
    )
    assert stated_frequency(rules, "location.precise", ["location"]) == ("每30秒一次", SPAN)
    assert stated_frequency(rules, "location.coarse", ["location"]) == ("必要时", None)
    assert stated_frequency(rules, "contacts", ["contacts"]) is None
