"""Constant arguments: followed back through moves, joins of paths, arrays and strings put together."""

import pytest

from hegui.facts.package import Argument
from hegui.readers.dex import Target
from tests.readers.dex.make_dex import Assembly
from tests.readers.dex.reading import Passed, Through, method, only, read

ONE = "Lp/T;->f(Ljava/lang/String;)V"
CALL = ["invoke-static {v0}, " + ONE, "return-void"]
SB = "Ljava/lang/StringBuilder;"
URI = "Landroid/net/Uri;"
PARSE = [f"invoke-static {{v0}}, {URI}->parse(Ljava/lang/String;){URI}", "move-result-object v0"]
CONTACTS = "Landroid/provider/ContactsContract$Contacts;->CONTENT_URI:Landroid/net/Uri;"

CASES: dict[str, tuple[list[str], str, list[str]]] = {
    "a string": (['const-string v0, "android_id"', *CALL], ONE, ["android_id"]),
    "a string by a long index": (['const-string/jumbo v0, "android_id"', *CALL], ONE, ["android_id"]),
    "a string moved about": (['const-string v3, "a"', "move-object v2, v3", "move-object/from16 v0, v2", *CALL], ONE, ["a"]),
    "a number": (["const/4 v0, -3", "invoke-static {v0}, Lp/T;->f(I)V", "return-void"], "Lp/T;->f(I)V", ["-3"]),
    "a number of 16 bits": (["const/16 v0, 0x1234", "invoke-static {v0}, Lp/T;->f(I)V", "return-void"], "Lp/T;->f(I)V", ["4660"]),
    "a number of 32 bits": (["const v0, -2", "invoke-static {v0}, Lp/T;->f(I)V", "return-void"], "Lp/T;->f(I)V", ["-2"]),
    "a long": (["const-wide/16 v0, 60", "invoke-static {v0, v1}, Lp/T;->f(J)V", "return-void"], "Lp/T;->f(J)V", ["60"]),
    "a class": (["const-class v0, Lp/C;", *CALL], ONE, ["Lp/C;"]),
    "a cast changes nothing": (["const-class v0, Lp/C;", "check-cast v0, Lp/C;", *CALL], ONE, ["Lp/C;"]),
    "a static field": (["sget-object v0, Lp/C;->KEY:Ljava/lang/String;", *CALL], ONE, ["Lp/C;->KEY"]),
    "a known content URI": ([f"sget-object v0, {CONTACTS}", *CALL], ONE, ["content://com.android.contacts/contacts"]),
    "a parsed URI": (['const-string v0, "content://sms"', *PARSE, *CALL], ONE, ["content://sms"]),
    "a URI with something after it": (
        [
            f"sget-object v0, {CONTACTS}", 'const-string v1, "photo"',
            f"invoke-static {{v0, v1}}, {URI}->withAppendedPath({URI}Ljava/lang/String;){URI}", "move-result-object v0", *CALL,
        ],
        ONE,
        ["content://com.android.contacts/contacts/photo"],
    ),
    "a URI with an unknown id after it": (
        [
            f"sget-object v0, {CONTACTS}",
            f"invoke-static {{v0, v2, v3}}, Landroid/content/ContentUris;->withAppendedId({URI}J){URI}",
            "move-result-object v0", *CALL,
        ],
        ONE,
        ["content://com.android.contacts/contacts/…"],
    ),
    "a string put together": (
        [
            f"new-instance v1, {SB}", f"invoke-direct {{v1}}, {SB}-><init>()V", 'const-string v2, "content://"',
            f"invoke-virtual {{v1, v2}}, {SB}->append(Ljava/lang/String;){SB}", "move-result-object v1",
            'const-string v2, "sms"', f"invoke-virtual {{v1, v2}}, {SB}->append(Ljava/lang/String;){SB}",
            f"invoke-virtual {{v1}}, {SB}->toString()Ljava/lang/String;", "move-result-object v0", *CALL,
        ],
        ONE,
        ["content://sms"],
    ),
    "a string that goes on with something unknown": (
        [
            f"new-instance v1, {SB}", 'const-string v2, "content://sms/"',
            f"invoke-direct {{v1, v2}}, {SB}-><init>(Ljava/lang/String;)V",
            f"invoke-virtual {{v1, v9}}, {SB}->append(I){SB}",
            f"invoke-virtual {{v1}}, {SB}->toString()Ljava/lang/String;", "move-result-object v0", *CALL,
        ],
        ONE,
        ["content://sms/…"],
    ),
    "concat": (
        [
            'const-string v0, "a"', 'const-string v1, "b"',
            "invoke-virtual {v0, v1}, Ljava/lang/String;->concat(Ljava/lang/String;)Ljava/lang/String;",
            "move-result-object v0", *CALL,
        ],
        ONE,
        ["ab"],
    ),
    "either of two paths": (
        [
            "if-eqz v5, b", 'const-string v0, "yes"', "goto c", "b:", 'const-string v0, "no"', "c:", *CALL,
        ],
        ONE,
        ["no", "yes"],
    ),
    "an array that is filled": (
        [
            'const-string v0, "a"', 'const-string v1, "b"', "filled-new-array {v0, v1}, [Ljava/lang/String;",
            "move-result-object v0", "invoke-static {v0}, Lp/T;->f([Ljava/lang/String;)V", "return-void",
        ],
        "Lp/T;->f([Ljava/lang/String;)V",
        ["a", "b"],
    ),
    "an array whose elements are put in": (
        [
            "const/4 v3, 2", "new-array v0, v3, [Ljava/lang/String;", "const/4 v3, 0", 'const-string v1, "su"',
            "aput-object v1, v0, v3", "const/4 v3, 1", 'const-string v1, "-c"', "aput-object v1, v0, v3",
            "invoke-static {v0}, Lp/T;->f([Ljava/lang/String;)V", "return-void",
        ],
        "Lp/T;->f([Ljava/lang/String;)V",
        ["su", "-c"],
    ),
    "a parameter is not known": (CALL, ONE, []),
    "what another method returns is not known": (
        ["invoke-static {}, Lp/T;->g()Ljava/lang/String;", "move-result-object v0", *CALL], ONE, [],
    ),
    "overwritten by half of a long": (
        [
            'const-string v1, "a"', "invoke-static {}, Lp/T;->g()J", "move-result-wide v0",
            "invoke-static {v1}, " + ONE, "return-void",
        ],
        ONE,
        [],
    ),
    "a loop ends": (["a:", "move-object v0, v1", "move-object v1, v0", "if-eqz v5, a", *CALL], ONE, []),
    "a failed read leaves what was there": (
        [
            'const-string v0, "before"', ".try a b h", "a:", "sget-object v0, Lp/C;->KEY:Ljava/lang/String;", "b:", "return-void",
            "h:", "move-exception v3", *CALL,
        ],
        ONE,
        ["before"],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("lines", "target", "values"), CASES.values(), ids=CASES.keys())
def test_constants_are_followed_back(lines: list[str], target: str, values: list[str]) -> None:
    made = Assembly()
    made.cls("Lapp/Main;").method("go()V", lines)
    site = only(read(made, apis=(method(target),)))
    assert site.args == tuple(Argument(0, value) for value in values)


def test_indexes_count_declared_parameters_whatever_their_width() -> None:
    target = "Lp/T;->f(JLjava/lang/String;DI)V"
    lines = [
        "const-wide/16 v1, 5",
        'const-string v3, "x"',
        "const/4 v6, 1",
        "invoke-virtual/range {v0, v1, v2, v3, v4, v5, v6}, " + target,
    ]
    made = Assembly()
    made.cls("Lapp/Main;").method("go()V", [*lines, "return-void"])
    site = only(read(made, apis=(method(target),)))
    assert site.args == (Argument(0, "5"), Argument(1, "x"), Argument(3, "1"))


SECURE = "Landroid/provider/Settings$Secure;->getString(Landroid/content/ContentResolver;Ljava/lang/String;)Ljava/lang/String;"
QUERY = "Landroid/content/ContentResolver;->delete(Landroid/net/Uri;Ljava/lang/String;[Ljava/lang/String;)I"
SERVICE = "Landroid/content/Context;->getSystemService(Ljava/lang/String;)Ljava/lang/Object;"
CARRIERS = (
    Through("settings_key", SECURE, 1, "secure"),
    Through("uri", QUERY, 0, role="use"),
    Through("uri", f"{URI}->parse(Ljava/lang/String;){URI}", 0),
    Through("uri", "Lp/R;->client(Ljava/lang/String;)V", 0, role="authority"),
    Through("service", SERVICE, 0),
    Through("command", "Lp/R;->exec([Ljava/lang/String;)V", 0),
    Through("path", "Ljava/io/File;-><init>(Ljava/lang/String;)V", 0),
)
APIS = (
    Target("android_id", "settings_key", ("secure/android_id",)),
    Target("sms", "uri", ("content://sms",)),
    Target("contacts", "uri", ("content://com.android.contacts",)),
    Target("contacts.data", "uri", ("content://com.android.contacts/data",)),
    Target("location", "service", ("location",)),
    Target("getprop", "command", ("getprop ro.serialno",)),
    Target("net", "path", ("/sys/class/net",)),
)

NAMED: dict[str, tuple[list[str], list[str]]] = {
    "a settings key": (['const-string v1, "android_id"', f"invoke-static {{v0, v1}}, {SECURE}"], ["android_id"]),
    "another settings key": (['const-string v1, "other"', f"invoke-static {{v0, v1}}, {SECURE}"], []),
    "a URI below a listed one": (
        ["sget-object v1, Landroid/provider/ContactsContract$Data;->CONTENT_URI:Landroid/net/Uri;",
         f"invoke-virtual {{v0, v1, v2, v3}}, {QUERY}"],
        ["contacts.data"],
    ),
    "a URI that only begins alike": (
        ['const-string v0, "content://smsother/x"', f"invoke-static {{v0}}, {URI}->parse(Ljava/lang/String;){URI}"], []),
    "a URI with an unknown end": (
        ['const-string v0, "content://sms"', *PARSE, "move-object v1, v0",
         f"invoke-static {{v1, v5}}, {URI}->withAppendedPath({URI}Ljava/lang/String;){URI}", "move-result-object v1",
         f"invoke-virtual {{v0, v1, v2, v3}}, {QUERY}"],
        ["sms"],
    ),
    "an authority": (['const-string v0, "sms"', "invoke-static {v0}, Lp/R;->client(Ljava/lang/String;)V"], ["sms"]),
    "a command": (
        ['const-string v0, "getprop"', 'const-string v1, "ro.serialno"', "filled-new-array {v0, v1}, [Ljava/lang/String;",
         "move-result-object v0", "invoke-static {v0}, Lp/R;->exec([Ljava/lang/String;)V"],
        ["getprop"],
    ),
    "a path below": (
        ['const-string v1, "/sys/class/net/wlan0/address"',
         "invoke-direct {v0, v1}, Ljava/io/File;-><init>(Ljava/lang/String;)V"],
        ["net"],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("lines", "ids"), NAMED.values(), ids=NAMED.keys())
def test_a_constant_names_what_its_carrier_reads(lines: list[str], ids: list[str]) -> None:
    made = Assembly()
    made.cls("Lapp/Main;").method("go()V", [*lines, "return-void"])
    facts = read(made, apis=APIS, carriers=CARRIERS)
    assert [site.api for site in facts.sites] == ids


def test_a_service_asked_of_the_activity_itself() -> None:
    made = Assembly()
    lines = [
        'const-string v1, "location"',
        "invoke-virtual {v0, v1}, Lapp/Main;->" + SERVICE.partition("->")[2],
        "return-void",
    ]
    made.cls("Lapp/Main;", "Landroid/app/Activity;").method("go()V", lines)
    site = only(read(made, apis=APIS, carriers=CARRIERS))
    assert (site.api, site.kind, site.args) == ("location", "subclass", (Argument(0, "location"),))


def test_a_carrier_with_an_unknown_constant_is_counted() -> None:
    made = Assembly()
    made.cls("Lapp/Main;").method("go()V", [f"invoke-static {{v0, v1}}, {SECURE}", "return-void"])
    facts = read(made, apis=APIS, carriers=CARRIERS)
    assert facts.sites == ()
    assert facts.coverage["unresolved_constants"] == {"settings_key": 1}


def test_a_target_that_needs_an_argument_counts_only_with_it() -> None:
    target = "Landroid/hardware/SensorManager;->getDefaultSensor(I)Landroid/hardware/Sensor;"
    wanted = (method(target, Passed(0, ("21", "31"))),)
    for number, found in ((21, 1), (1, 0)):
        made = Assembly()
        made.cls("Lapp/Main;").method(
            "go()V", [f"const/16 v1, {number}", f"invoke-virtual {{v0, v1}}, {target}", "return-void"]
        )
        assert len(read(made, apis=wanted).sites) == found
