"""Each tool's log becomes the events it tells, no more and no fewer."""

from pathlib import Path

import pytest

from hegui.readers.errors import NotSupported
from tests.readers.trace import logs
from tests.readers.trace.logs import rows_of, run_of, runs_of

ID, APPS, CLIP = "device_id.android_id", "app_list", "clipboard"

CASES = {
    "camille tells a read of another setting from a read of the Android ID": (
        logs.CAMILLE, [(0, "api", ID, "app"), (1000, "api", None, "cn.jpush")], (3, 1),
    ),
    "a vivo stack below a later line goes to the behaviour it belongs to": (
        logs.TIMELINE,
        [(0, "api", ID, "cn.jpush"), (126610, "screen", None, "unknown"), (146434, "consent", None, "unknown"),
         (147334, "api", CLIP, "unknown")],
        (5, 0),
    ),
    "Xiaomi's two forms of a record stand side by side": (
        logs.XIAOMI, [(0, "api", APPS, "app"), (1736, "api", None, "cn.jpush")], (2, 0),
    ),
    "a Huawei mail has an order and no times": (logs.HUAWEI, [(0, "api", ID, "cn.jpush")], (1, 0)),
    "Huawei's JSON gives a stack as a list": (logs.HUAWEI_JSON, [(0, "api", APPS, "app")], (1, 0)),
    "MobSF's monitor is read line by line, cut end and all": (
        logs.MOBSF, [(0, "api", "device_id.imei", "app"), (1, "api", ID, "app")], (3, 1),
    ),
    "an iOS report tells how often, and of every app apart": (
        logs.IOS, [(0, "api", "contacts", "unknown"), (1000, "net", None, "unknown"), (2000, "api", "contacts", "unknown")],
        (3, 0),
    ),
    "app ops of Android 8 are told back from the dump": (
        logs.APPOPS_8, [(0, "loc", "location.coarse", "unknown"), (1800000, "api", "contacts", "unknown")], (3, 0),
    ),
    "app ops of Android 9 have one access a line": (
        logs.APPOPS_9, [(0, "loc", "location.coarse", "unknown"), (60000, "loc", "location.coarse", "unknown")], (2, 0),
    ),
    "app ops of Android 14 name the state, and a package ends at the next user id": (
        logs.APPOPS_14, [(0, "sensor", "photo", "unknown"), (60000, "sensor", "photo", "unknown")], (3, 1),
    ),
    "logcat tells what the system says, and leaves the app's own words": (
        logs.LOGCAT,
        [(0, "process_start", None, "unknown"), (1000, "screen", None, "unknown"), (2000, "perm_res", None, "unknown"),
         (3000, "sensor", "photo", "unknown")],
        (6, 1),
    ),
    "logcat of Android 5, of Android Studio, and a start of another app whose starter is named": (
        logs.LOGCAT_MORE,
        [(0, "process_start", None, "unknown"), (1000, "start_app", None, "unknown"), (4000, "screen", None, "unknown"),
         (5000, "screen", None, "unknown")],
        (6, 0),
    ),
    "a copied timeline holds all its rows in one line": (
        logs.SPINGE, [(0, "api", "ip", "unknown"), (18, "api", ID, "unknown")], (3, 0),
    ),
    "of what a Xiaomi report names together, each record has what its own call reads": (
        logs.XIAOMI_TOGETHER, [(0, "api", None, "app"), (2, "api", ID, "app")], (2, 0),
    ),
    "a mail that says the same twice tells one act": (logs.MAIL_TWICE, [(0, "api", ID, "cn.jpush")], (1, 0)),
    "advice in a mail is no act": (logs.MAIL_LATER, [(0, "api", ID, "unknown")], (1, 0)),
    "a quoted list of frames in one line is a stack": (logs.MAIL_LISTED, [(0, "api", APPS, "cn.jpush")], (1, 0)),
    "a stack alone tells its call": (logs.STACK_ALONE, [(0, "api", APPS, "app")], (1, 0)),
    "a stack in one line tells its call": (logs.STACK_CHAIN, [(0, "api", APPS, "cn.jpush")], (1, 0)),
    "MobSF's objects may be indented": (
        logs.MOBSF_INDENTED, [(0, "api", "device_id.imei", "app"), (1, "api", "device_id.imei", "app")], (3, 1),
    ),
    "app ops of Android 10 write no blank after the state, and watchers are no use": (
        logs.APPOPS_10,
        [(0, "loc", "location.precise", "unknown"), (3532251, "loc", "location.precise", "unknown")],
        (2, 0),
    ),
    "our own log drops a number that stands twice and counts what it cannot read": (
        logs.LOG,
        [(0, "process_start", None, "unknown"), (20, "api", ID, "app"), (40, "ui", None, "unknown"),
         (40, "consent", None, "unknown"), (60, "api", None, "unknown")],
        (8, 3),
    ),
}  # fmt: skip


@pytest.mark.parametrize(("text", "events", "counts"), CASES.values(), ids=list(CASES))
def test_log(text: str, events: list[object], counts: tuple[int, int], tmp_path: Path) -> None:
    run = run_of(tmp_path, text)
    assert rows_of(run) == events
    assert (run.meta.rows, run.meta.rows_unread) == counts
    assert len(run.meta.unread) == run.meta.rows_unread
    assert all(row.line > 0 and row.why for row in run.meta.unread)


@pytest.mark.parametrize(("text", "clock"), [(logs.HUAWEI, "order"), (logs.APPOPS_8, "elapsed"), (logs.LOGCAT, "wall")])
def test_what_the_times_are_worth_is_told(text: str, clock: str, tmp_path: Path) -> None:
    assert run_of(tmp_path, text).meta.clock == clock


def test_whole_seconds_are_uncertain_by_a_second(tmp_path: Path) -> None:
    assert run_of(tmp_path, logs.CAMILLE).meta.uncertainty_ms == 1000
    assert run_of(tmp_path, logs.TIMELINE).meta.uncertainty_ms == 1


def test_an_agreement_that_is_written_is_given_and_not_derived(tmp_path: Path) -> None:
    (consent,) = run_of(tmp_path, logs.TIMELINE).of("consent")
    assert (consent.what.act, consent.what.derived, consent.line) == ("agree", False, 8)


def test_a_tap_on_agree_on_a_screen_of_rules_is_a_derived_agreement(tmp_path: Path) -> None:
    (consent,) = run_of(tmp_path, logs.LOG).of("consent")
    assert (consent.what.act, consent.what.derived, consent.t_ms) == ("agree", True, 40)


@pytest.mark.parametrize(("words", "screen"), [("不同意", "隐私政策提示"), ("同意并继续", "优惠活动")])
def test_no_agreement_is_derived_from_a_refusal_or_from_another_screen(words: str, screen: str, tmp_path: Path) -> None:
    text = logs.LOG.replace("同意并继续", words).replace("隐私政策提示", screen)
    assert list(run_of(tmp_path, text).of("consent")) == []


def test_what_a_tool_claims_of_the_actor_outweighs_no_stack(tmp_path: Path) -> None:
    event = next(run_of(tmp_path, logs.TIMELINE.replace("\tat ", "\t- ")).of("api"))
    assert (event.origin, event.what.actor) == ("unknown", "极光推送SDK")


def test_what_a_mail_says_first_holds_for_the_sentences_after_it(tmp_path: Path) -> None:
    (event,) = run_of(tmp_path, logs.MAIL_LATER).ev
    assert (event.what.phase, event.what.actor) == ("before_consent", "极光")


HEAD = '{"schema": "hegui/trace@1", "meta": {"run_id": "r1"}}\n'
# An event, what is kept of it, and what the notes say of the rest.
UNKNOWN = {
    "an id that no entry has stays, without a kind": (
        '"type": "api", "api_id": "sms.inbox", "stack": ["a.B.c"]', {"api_id": "sms.inbox"}, "sms.inbox", "sms.uri"),
    "what the collector says beside it stands": (
        '"type": "api", "api_id": "sms.inbox", "pi_type": "sms"', {"api_id": "sms.inbox", "pi_type": "sms"},
        "sms.inbox", "sms.uri"),
    "a kind outside the closed list is only told": (
        '"type": "api", "pi_type": "location.exact"', {"behaviour": "pi_type location.exact"},
        "location.exact", "location.precise"),
    "the entry's kind takes the place of an unknown one": (
        '"type": "api", "api_id": "id.android_id", "pi_type": "aid", "behaviour": "b"',
        {"api_id": "id.android_id", "pi_type": ID, "behaviour": "b"}, "aid", ""),
    "a group outside the ten is only told": (
        '"type": "api", "pi_type": "sms", "perm_group": "message"',
        {"pi_type": "sms", "behaviour": "perm_group message"}, "message", ""),
    "of a flow the known kinds stay": (
        '"type": "net", "host": "a.example", "pi": ["sms", "soul"]',
        {"pi": ("sms",), "host": "a.example", "behaviour": "pi soul"}, "soul", ""),
    "of a request the known groups stay": (
        '"type": "perm_req", "groups": ["contact"]', {"behaviour": "groups contact"}, "contact", "contacts"),
}  # fmt: skip


@pytest.mark.parametrize(("event", "kept", "named", "near"), UNKNOWN.values(), ids=list(UNKNOWN))
def test_a_code_that_stands_in_no_list_is_named_and_the_event_kept(
    event: str, kept: dict[str, object], named: str, near: str, tmp_path: Path
) -> None:
    run = run_of(tmp_path, HEAD + f'{{"t_ms": 5, {event}}}\n{{"t_ms": 6, {event}}}\n{{"t_ms": 7, "type": "bg"}}\n')
    assert [(one.t_ms, one.line) for one in run.ev] == [(5, 2), (6, 3), (7, 4)]
    what = run.whats[run.what[0]]
    asked = {*kept, "api_id", "pi_type", "perm_group", "pi", "groups", "behaviour"}
    empty = {name: () if name in ("pi", "groups") else None for name in asked}
    assert {name: getattr(what, name) for name in asked} == empty | kept
    assert (run.meta.rows, run.meta.rows_unread, run.meta.rows_unclear) == (3, 0, 2)
    (note,) = run.meta.notes
    assert named in note
    assert near in note
    assert note.endswith("×2")


def test_only_the_first_unknown_codes_are_named_and_the_others_counted(tmp_path: Path) -> None:
    events = "".join(f'{{"t_ms": {at}, "type": "api", "api_id": "x.y{at}"}}\n' for at in range(9))
    notes = run_of(tmp_path, HEAD + events).meta.notes
    assert [sum(f"x.y{at} " in note for note in notes) for at in range(9)] == [1] * 5 + [0] * 4
    assert notes[-1].endswith("further codes that stand in no list ×4")


def test_a_crash_is_no_log(tmp_path: Path) -> None:
    with pytest.raises(NotSupported):
        run_of(tmp_path, "java.lang.NullPointerException\n\tat com.example.lantern.App.onCreate(App.java:12)\n")


def test_a_row_before_consent_keeps_that_mark(tmp_path: Path) -> None:
    assert next(run_of(tmp_path, logs.HUAWEI).ev).what.phase == "before_consent"


def test_a_refused_access_is_an_attempt(tmp_path: Path) -> None:
    assert [event.what.result for event in run_of(tmp_path, logs.APPOPS_9).ev] == ["ok", "denied"]


def test_a_cached_process_is_in_the_background(tmp_path: Path) -> None:
    assert [event.what.phase for event in run_of(tmp_path, logs.APPOPS_14).ev] == [None, "background"]


def test_each_app_of_a_dump_has_a_run_of_its_own(tmp_path: Path) -> None:
    path = tmp_path / "dump.txt"
    path.write_text(logs.APPOPS_14)
    assert [(run.meta.package, len(run)) for run in runs_of(path)] == [
        ("com.example.lantern", 2),
        ("com.example.other", 1),
    ]


def test_the_list_of_what_is_watched_is_no_run_without_events(tmp_path: Path) -> None:
    assert run_of(tmp_path, logs.HOOKS).meta.hooks == ("telephony.device_id",)


def test_times_only_pass_midnight(tmp_path: Path) -> None:
    text = "23:59:59.900 读取剪贴板\n00:00:00.100 [测试动作] 同意隐私政策\n"
    assert [event.t_ms for event in run_of(tmp_path, text).ev] == [0, 200]


def test_the_newest_row_may_stand_first(tmp_path: Path) -> None:
    text = "11:00:03.000 读取剪贴板\n11:00:02.000 [测试动作] 同意隐私政策\n11:00:01.000 读取AndroidID\n"
    assert [(event.t_ms, event.line) for event in run_of(tmp_path, text).ev] == [(0, 3), (1000, 2), (2000, 1)]


def test_a_file_of_nobody_gets_one_line_that_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(NotSupported) as caught:
        run_of(tmp_path, "once upon a time\n")
    assert "run.toml" in caught.value.words.zh
    assert "\n" not in caught.value.words.zh


def test_lines_of_two_encodings_are_both_read(tmp_path: Path) -> None:
    utf8, gbk = "11:00:01.000 [测试动作] 同意隐私政策\n".encode(), "11:00:02.000 读取剪贴板\n".encode("gb18030")
    assert [event.what.type for event in run_of(tmp_path, utf8 + gbk).ev] == ["consent", "api"]
