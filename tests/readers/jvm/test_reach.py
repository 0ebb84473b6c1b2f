"""Hierarchy, calls, and what can be reached from where."""

from hegui.readers.dex.reach import Entries
from hegui.readers.jvm.class_file import ClassFile
from hegui.readers.jvm.graph import NONE, Graph
from hegui.readers.jvm.reach import Reach
from tests.readers.jvm.make_class import ABSTRACT, INTERFACE, PRIVATE, PUBLIC, STATIC, Class, two

HIDDEN = 0


def graph_of(*classes: Class) -> Graph:
    graph = Graph()
    for each in classes:
        graph.add(ClassFile(each.file(), f"{each.name}.class"))
    graph.finish()
    return graph


def path(
    classes: tuple[Class, ...], cls: str, method: str = "end()V", entries: Entries | None = None
) -> tuple[str, ...]:
    return Reach(graph_of(*classes), entries).path(f"L{cls};".encode(), method.encode())


def end(name: str = "x/End", access: int = HIDDEN) -> Class:
    """A class whose static method `end` is what is asked for."""
    return Class(name=name, access=access).method("end", "()V", b"\xb1", STATIC)


def calls_end(made: Class, name: str = "begin", access: int = PUBLIC) -> Class:
    return made.method(name, "()V", b"\xb8" + two(made.pool.method("x/End", "end", "()V")) + b"\xb1", access)


def makes(made: Class, cls: str, access: int = PUBLIC) -> Class:
    code = b"\xbb" + two(made.pool.cls(cls)) + b"\x59\xb7" + two(made.pool.method(cls, "<init>", "()V")) + b"\x57\xb1"
    return made.method("begin", "()V", code, access)


def test_a_public_method_of_a_public_class_is_an_entry() -> None:
    assert path((calls_end(Class(name="x/Api")), end()), "x/End") == (
        "public_api",
        "Lx/Api;->begin()V",
        "Lx/End;->end()V",
    )


def test_other_methods_and_classes_are_none() -> None:
    assert path((calls_end(Class(name="x/Api"), access=PRIVATE), end()), "x/End") == ("unreached",)
    assert path((calls_end(Class(name="x/Api", access=HIDDEN)), end()), "x/End") == ("unreached",)


def test_a_method_that_is_not_there_is_unreached() -> None:
    assert path((end(),), "x/End", "nothing()V") == ("unreached",)
    assert path((end(),), "x/Nothing") == ("unreached",)


def test_a_virtual_call_leads_to_overrides_below() -> None:
    above = Class(name="x/Above", access=HIDDEN | ABSTRACT).method("go", "()V", None, PUBLIC | ABSTRACT)
    below = calls_end(Class(name="x/Below", above="x/Above", access=HIDDEN), "go")
    api = Class(name="x/Api")
    api.method("begin", "()V", b"\x2b\xb6" + two(api.pool.method("x/Above", "go", "()V")) + b"\xb1")
    found = path((api, above, below, end()), "x/End")
    assert found == ("public_api", "Lx/Api;->begin()V", "Lx/Below;->go()V", "Lx/End;->end()V")


def test_an_inherited_method_is_found_above() -> None:
    above = calls_end(Class(name="x/Above", access=HIDDEN), "go")
    api = Class(name="x/Api")
    api.method("begin", "()V", b"\x2b\xb6" + two(api.pool.method("x/Below", "go", "()V")) + b"\xb1")
    assert path((api, Class(name="x/Below", above="x/Above", access=HIDDEN), above, end()), "x/End")[0] == "public_api"


def test_a_thread_that_is_made_runs() -> None:
    thread = calls_end(Class(name="x/Work", above="java/lang/Thread", access=HIDDEN), "run")
    assert path((makes(Class(name="x/Api"), "x/Work"), thread, end()), "x/End")[2] == "Lx/Work;->run()V"
    # One that nobody makes does not.
    assert path((Class(name="x/Api"), thread, end()), "x/End") == ("unreached",)


def test_of_a_known_callback_only_its_methods_are_called() -> None:
    work = calls_end(Class(name="x/Work", interfaces=("java/lang/Runnable",), access=HIDDEN), "other")
    assert path((makes(Class(name="x/Api"), "x/Work"), work, end()), "x/End") == ("unreached",)


def test_of_an_unknown_type_from_outside_any_method_may_be_called() -> None:
    listener = calls_end(Class(name="x/Heard", interfaces=("okhttp3/Callback",), access=HIDDEN), "onResponse")
    assert path((makes(Class(name="x/Api"), "x/Heard"), listener, end()), "x/End")[0] == "public_api"


def test_the_body_of_a_lambda_is_called_where_it_is_made() -> None:
    api = calls_end(Class(name="x/Api"), "lambda$0", PRIVATE | STATIC)
    pool = api.pool
    body = pool.handle(6, pool.method("x/Api", "lambda$0", "()V"))
    api.bootstrap = [(body, body)]
    api.method("begin", "()V", b"\xba" + two(pool.dynamic(0, "run", "()Ljava/lang/Runnable;")) + b"\0\0\x57\xb1")
    assert path((api, end()), "x/End")[1:3] == ("Lx/Api;->begin()V", "Lx/Api;->lambda$0()V")


def test_a_static_initialiser_runs_when_its_class_is_used() -> None:
    used = calls_end(Class(name="x/Used", access=HIDDEN), "<clinit>", STATIC)
    used.method("touch", "()V", b"\xb1", STATIC)
    api = Class(name="x/Api")
    api.method("begin", "()V", b"\xb8" + two(api.pool.method("x/Used", "touch", "()V")) + b"\xb1")
    assert path((api, used, end()), "x/End")[2] == "Lx/Used;-><clinit>()V"


def test_a_provider_runs_at_startup_and_its_other_methods_later() -> None:
    provider = calls_end(Class(name="x/Init", above="android/content/ContentProvider"), "onCreate")
    provider.method("query", "()V", b"\xb8" + two(provider.pool.method("x/Late", "end", "()V")) + b"\xb1")
    classes = (provider, end(), end("x/Late"))
    entries = Entries(components=("x.Init",), providers=("x.Init",))
    assert path(classes, "x/End", entries=entries) == ("startup", "Lx/Init;->onCreate()V", "Lx/End;->end()V")
    assert path(classes, "x/Late", entries=entries)[0] == "component"


def test_a_component_of_the_manifest_is_an_entry() -> None:
    service = calls_end(Class(name="x/Push", above="android/app/Service", access=HIDDEN), "onStartCommand")
    assert path((service, end()), "x/End", entries=Entries(components=("x.Push",)))[0] == "component"
    assert path((service, end()), "x/End", entries=Entries()) == ("unreached",)


def test_without_a_manifest_what_is_derived_from_a_component_is_an_entry() -> None:
    middle = Class(name="x/Middle", above="android/app/IntentService", access=HIDDEN)
    service = calls_end(Class(name="x/Push", above="x/Middle", access=HIDDEN), "onHandleIntent")
    assert path((service, middle, end()), "x/End")[0] == "component"


def test_a_long_path_is_shortened_in_the_middle() -> None:
    chain = Class(name="x/Chain")
    for number in range(40):
        following = chain.pool.method("x/Chain", f"m{number + 1}", "()V")
        access = PUBLIC if number == 0 else PRIVATE
        chain.method(f"m{number}", "()V", b"\xb8" + two(following) + b"\xb1", access | STATIC)
    chain.method("m40", "()V", b"\xb1", PRIVATE | STATIC)
    found = path((chain,), "x/Chain", "m40()V")
    assert found[:2] == ("public_api", "Lx/Chain;->m0()V")
    assert found[-1] == "Lx/Chain;->m40()V"
    assert sum("more" in step for step in found) == 1


def test_hierarchies_that_run_in_circles_come_to_an_end() -> None:
    one, other = Class(name="x/One", above="x/Other"), Class(name="x/Other", above="x/One")
    call = one.pool.method("x/One", "nothing", "()V")
    one.method("begin", "()V", b"\x2a\xb6" + two(call) + b"\xb1")
    assert path((one, other), "x/Other") == ("unreached",)


def test_of_two_classes_of_one_name_the_first_counts() -> None:
    graph = graph_of(end(), Class(name="x/End", interfaces=("a/B",), access=PUBLIC | INTERFACE))
    assert graph.shadowed == 1
    assert graph.own(graph.class_number(b"Lx/End;"), graph.keys.numbers[b"end()V"]) != NONE
    assert graph.parents(graph.class_number(b"Lx/End;")) == (graph.class_number(b"Ljava/lang/Object;"),)
