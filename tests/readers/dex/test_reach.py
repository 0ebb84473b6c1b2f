"""What can run, when, and by way of what."""

import pytest

from hegui.readers.dex import Entries
from hegui.readers.dex.reach import MOST_STEPS
from tests.readers.dex.make_dex import ABSTRACT, INTERFACE, PRIVATE, STATIC, Assembly
from tests.readers.dex.reading import READ_IMEI, only, read

END = ["return-void"]
ENTRIES = Entries(
    application="app.App",
    components=("app.App", "app.Main", "app.Other", "app.Push", "app.Data"),
    providers=("app.Data",),
    initialisers=("app.Init",),
    launchers=("app.Main",),
)


def package() -> Assembly:
    """An app with an entry of each kind, whose methods do nothing yet."""
    made = Assembly()
    made.cls("Lapp/Reader;").method("read()V", READ_IMEI, STATIC)
    return made


def calls(target: str, *before: str) -> list[str]:
    return [*before, f"invoke-static {{}}, {target}", *END]


READER = "Lapp/Reader;->read()V"


def new(cls: str, *after: str) -> list[str]:
    return [f"new-instance v0, {cls}", f"invoke-direct {{v0}}, {cls}-><init>()V", *after, *END]


@pytest.mark.parametrize(
    ("cls", "parent", "name", "kind"),
    [
        ("Lapp/App;", "Landroid/app/Application;", "attachBaseContext(Landroid/content/Context;)V", "startup"),
        ("Lapp/App;", "Landroid/app/Application;", "onCreate()V", "startup"),
        ("Lapp/App;", "Landroid/app/Application;", "<clinit>()V", "startup"),
        ("Lapp/App;", "Landroid/app/Application;", "onLowMemory()V", "component"),
        ("Lapp/Data;", "Landroid/content/ContentProvider;", "onCreate()Z", "startup"),
        (
            "Lapp/Data;",
            "Landroid/content/ContentProvider;",
            "getType(Landroid/net/Uri;)Ljava/lang/String;",
            "component",
        ),
        ("Lapp/Init;", "Ljava/lang/Object;", "create(Landroid/content/Context;)Ljava/lang/Object;", "startup"),
        ("Lapp/Main;", "Landroid/app/Activity;", "onCreate(Landroid/os/Bundle;)V", "launcher"),
        ("Lapp/Main;", "Landroid/app/Activity;", "onResume()V", "launcher"),
        ("Lapp/Main;", "Landroid/app/Activity;", "onDestroy()V", "component"),
        ("Lapp/Other;", "Landroid/app/Activity;", "onCreate(Landroid/os/Bundle;)V", "component"),
        ("Lapp/Push;", "Landroid/app/Service;", "onStartCommand(Landroid/content/Intent;II)I", "component"),
        ("Lapp/Nobody;", "Ljava/lang/Object;", "onCreate()V", "unreached"),
    ],
)
def test_entries(cls: str, parent: str, name: str, kind: str) -> None:
    made = package()
    made.cls(cls, parent).method(name, calls(READER))
    site = only(read(made, entries=ENTRIES))
    assert site.reach[0] == kind
    if kind != "unreached":
        assert site.reach[1:] == (f"{cls}->{name}", READER)


def startup(made: Assembly, lines: list[str]) -> tuple[str, ...]:
    """The reach of the read when Application.onCreate holds these lines."""
    made.cls("Lapp/App;", "Landroid/app/Application;").method("onCreate()V", lines)
    return only(read(made, entries=ENTRIES)).reach


def test_application_to_helper_to_handler_to_lambda() -> None:
    made = package()
    made.cls("Lapp/Help;").method("later(Landroid/os/Handler;)V", [
        "new-instance v0, Lapp/Help$1;", "invoke-direct {v0}, Lapp/Help$1;-><init>()V",
        "invoke-virtual {v15, v0}, Landroid/os/Handler;->post(Ljava/lang/Runnable;)Z", *END,
    ], STATIC)  # fmt: skip
    made.cls("Lapp/Help$1;", interfaces=("Ljava/lang/Runnable;",)).method("<init>()V", END).method(
        "run()V", calls(READER)
    )
    assert startup(made, calls("Lapp/Help;->later(Landroid/os/Handler;)V")) == (
        "startup",
        "Lapp/App;->onCreate()V",
        "Lapp/Help;->later(Landroid/os/Handler;)V",
        "Lapp/Help$1;->run()V",
        READER,
    )


@pytest.mark.parametrize(
    ("parent", "name"),
    [
        ("Ljava/lang/Thread;", "run()V"),
        ("Landroid/os/HandlerThread;", "run()V"),
        ("Ljava/util/TimerTask;", "run()V"),
        ("Landroid/os/Handler;", "handleMessage(Landroid/os/Message;)V"),
        ("Landroid/os/AsyncTask;", "doInBackground([Ljava/lang/Object;)Ljava/lang/Object;"),
    ],
)
def test_what_the_platform_calls_by_itself(parent: str, name: str) -> None:
    made = package()
    made.cls("Lapp/Work;", parent).method("<init>()V", END).method(name, calls(READER))
    assert startup(made, new("Lapp/Work;"))[-2:] == (f"Lapp/Work;->{name}", READER)


def test_a_click_listener_created_at_start_is_not_startup() -> None:
    made = package()
    made.cls("Lapp/Click;", interfaces=("Landroid/view/View$OnClickListener;",)).method("<init>()V", END).method(
        "onClick(Landroid/view/View;)V", calls(READER)
    )
    assert startup(made, new("Lapp/Click;")) == (
        "component",
        "Lapp/App;->onCreate()V",
        "Lapp/Click;->onClick(Landroid/view/View;)V",
        READER,
    )


def test_lifecycle_callbacks_registered_at_start_wait_for_the_launcher() -> None:
    made = package()
    listener = "Landroid/app/Application$ActivityLifecycleCallbacks;"
    made.cls("Lapp/Life;", interfaces=(listener,)).method("<init>()V", END).method(
        "onActivityResumed(Landroid/app/Activity;)V", calls(READER)
    )
    assert startup(made, new("Lapp/Life;"))[0] == "launcher"


def test_static_initialisers_run_on_first_use() -> None:
    for lines in (
        calls("Lapp/Uses;->help()V"),
        ["sget-object v0, Lapp/Uses;->FLAG:Ljava/lang/String;", *END],
        new("Lapp/Uses;"),
    ):
        made = package()
        made.cls("Lapp/Base;").method("<clinit>()V", calls(READER))
        uses = made.cls("Lapp/Uses;", "Lapp/Base;").static("FLAG:Ljava/lang/String;").method("<init>()V", END)
        uses.method("help()V", END, STATIC)
        assert startup(made, lines)[-2:] == ("Lapp/Base;-><clinit>()V", READER)


def test_a_class_constant_alone_starts_nothing() -> None:
    made = package()
    made.cls("Lapp/Uses;").method("<clinit>()V", calls(READER))
    assert startup(made, ["const-class v0, Lapp/Uses;", *END]) == ("unreached",)


def test_the_class_constant_of_a_service_starts_it() -> None:
    made = package()
    made.cls("Lapp/Push;", "Landroid/app/Service;").method("onCreate()V", calls(READER))
    assert startup(made, ["const-class v0, Lapp/Push;", *END]) == (
        "startup",
        "Lapp/App;->onCreate()V",
        "Lapp/Push;->onCreate()V",
        READER,
    )


def test_the_class_constant_of_an_activity_is_a_screen_for_later() -> None:
    made = package()
    made.cls("Lapp/Other;", "Landroid/app/Activity;").method("onCreate(Landroid/os/Bundle;)V", calls(READER))
    assert startup(made, ["const-class v0, Lapp/Other;", *END])[0] == "component"


def virtual(cls: str, name: str = "work()V") -> list[str]:
    return [f"invoke-virtual {{v0}}, {cls}->{name}"]


def test_a_virtual_call_reaches_the_class_that_is_created_and_not_its_siblings() -> None:
    made = package()
    made.cls("Lapp/Base;", access=ABSTRACT).method("<init>()V", END).method("work()V", access=ABSTRACT)
    made.cls("Lapp/Yes;", "Lapp/Base;").method("<init>()V", END).method("work()V", END)
    made.cls("Lapp/No;", "Lapp/Base;").method("<init>()V", END).method("work()V", calls(READER))
    assert startup(made, new("Lapp/Yes;", *virtual("Lapp/Base;"))) == ("unreached",)
    made = package()
    made.cls("Lapp/Base;", access=ABSTRACT).method("<init>()V", END).method("work()V", access=ABSTRACT)
    made.cls("Lapp/Yes;", "Lapp/Base;").method("<init>()V", END).method("work()V", calls(READER))
    assert startup(made, new("Lapp/Yes;", *virtual("Lapp/Base;")))[-2:] == ("Lapp/Yes;->work()V", READER)


def test_the_call_may_come_before_the_class_is_created() -> None:
    made = package()
    made.cls("Lapp/Base;").method("<init>()V", END).method("work()V", END)
    made.cls("Lapp/Sub;", "Lapp/Base;").method("<init>()V", END).method("work()V", calls(READER))
    made.cls("Lapp/Makes;").method("make()V", new("Lapp/Sub;"), STATIC)
    lines = [*virtual("Lapp/Base;"), *calls("Lapp/Makes;->make()V")]
    assert startup(made, lines)[-2:] == ("Lapp/Sub;->work()V", READER)


def test_an_interface_call_and_a_default_method() -> None:
    made = package()
    made.cls("Lapp/Api;", access=INTERFACE | ABSTRACT).method("work()V", calls(READER))
    made.cls("Lapp/Impl;", interfaces=("Lapp/Api;",)).method("<init>()V", END)
    lines = new("Lapp/Impl;", "invoke-interface {v0}, Lapp/Api;->work()V")
    assert startup(made, lines)[-2:] == ("Lapp/Api;->work()V", READER)


def test_an_inherited_method_and_a_super_call() -> None:
    made = package()
    made.cls("Lapp/Top;").method("<init>()V", END).method("work()V", calls(READER))
    made.cls("Lapp/Low;", "Lapp/Top;").method("<init>()V", END)
    made.cls("Lapp/Lower;", "Lapp/Low;").method("<init>()V", END).method(
        "work()V", ["invoke-super {v0}, Lapp/Low;->work()V", *END]
    )
    assert startup(made, new("Lapp/Lower;", *virtual("Lapp/Lower;")))[-3:] == (
        "Lapp/Lower;->work()V",
        "Lapp/Top;->work()V",
        READER,
    )


def test_an_entry_may_be_inherited_from_a_base_class() -> None:
    made = package()
    made.cls("Lapp/BaseApp;", "Landroid/app/Application;").method(
        "onCreate()V", [*virtual("Lapp/BaseApp;", "boot()V"), *END]
    )
    made.classes[-1].method("boot()V", END)
    made.cls("Lapp/App;", "Lapp/BaseApp;").method("boot()V", calls(READER))
    assert only(read(made, entries=ENTRIES)).reach == (
        "startup",
        "Lapp/BaseApp;->onCreate()V",
        "Lapp/App;->boot()V",
        READER,
    )


def test_a_private_accessor() -> None:
    made = package()
    made.cls("Lapp/Own;").method("secret()V", calls(READER), PRIVATE | STATIC)
    made.classes[-1].method("access$000()V", calls("Lapp/Own;->secret()V"), STATIC)
    assert startup(made, calls("Lapp/Own;->access$000()V"))[-3:] == (
        "Lapp/Own;->access$000()V",
        "Lapp/Own;->secret()V",
        READER,
    )


def test_a_class_made_by_its_name() -> None:
    made = package()
    made.cls("Lapp/Hidden;").method("<clinit>()V", calls(READER))
    lines = [
        'const-string v0, "app.Hidden"',
        "invoke-static {v0}, Ljava/lang/Class;->forName(Ljava/lang/String;)Ljava/lang/Class;",
        *END,
    ]
    assert startup(made, lines)[-2:] == ("Lapp/Hidden;-><clinit>()V", READER)


def test_a_lambda_by_invoke_custom() -> None:
    made = package()
    made.version = "039"
    made.cls("Lapp/Lam;").method("lambda$0()V", calls(READER), PRIVATE | STATIC)
    made.handles = [(4, "Lapp/Lam;->lambda$0()V")]
    made.call_sites = [[0]]
    assert startup(made, ["invoke-custom {}, 0", *END])[-2:] == ("Lapp/Lam;->lambda$0()V", READER)


def test_calls_lead_across_files() -> None:
    first, second = package(), Assembly()
    second.cls("Lapp/Far;").method("far()V", calls(READER), STATIC)
    first.cls("Lapp/App;", "Landroid/app/Application;").method("onCreate()V", calls("Lapp/Far;->far()V"))
    for files in ((first, second), (second, first)):
        assert only(read(*files, entries=ENTRIES)).reach[-2:] == ("Lapp/Far;->far()V", READER)


def test_a_view_that_only_layouts_name() -> None:
    made = package()
    init = "<init>(Landroid/content/Context;Landroid/util/AttributeSet;)V"
    made.cls("Lapp/Face;", "Landroid/view/View;").method(init, calls(READER))
    assert startup(made, END) == ("component", f"Lapp/Face;->{init}", READER)


def test_a_long_path_keeps_its_ends() -> None:
    made = package()
    chain = made.cls("Lapp/Chain;")
    for i in range(40):
        chain.method(f"m{i}()V", calls(f"Lapp/Chain;->m{i + 1}()V" if i < 39 else READER), STATIC)
    path = startup(made, calls("Lapp/Chain;->m0()V"))
    assert len(path) == MOST_STEPS + 1
    assert path[:3] == ("startup", "Lapp/App;->onCreate()V", "Lapp/Chain;->m0()V")
    assert path[-2:] == ("Lapp/Chain;->m39()V", READER)
    assert path[6] == "… 31 more …"


def test_classes_that_extend_each_other_end() -> None:
    made = package()
    made.cls("Lapp/A;", "Lapp/B;").method("<init>()V", END)
    made.cls("Lapp/B;", "Lapp/A;").method("<init>()V", END)
    assert startup(made, new("Lapp/A;", *virtual("Lapp/A;", "none()V"))) == ("unreached",)


def test_without_entries_all_is_unreached() -> None:
    made = package()
    made.cls("Lapp/App;", "Landroid/app/Application;").method("onCreate()V", calls(READER))
    assert only(read(made)).reach == ("unreached",)
