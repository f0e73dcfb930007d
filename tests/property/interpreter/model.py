"""A process that uses everything at once, in loops, and the process that it calls."""

from tests.unit.interpreter.diagrams import (
    ANY_ERROR,
    COMPLAINT,
    ERROR,
    ESCALATION,
    MESSAGE,
    OTHER_ERROR,
    SIGNAL,
    again_while,
    boundary,
    call,
    catch,
    condition,
    decision,
    end,
    exclusive,
    inclusive,
    many,
    node,
    on_event,
    parallel,
    process,
    service,
    start,
    sub,
    throw,
    timer,
    user,
)

INNER = sub(
    "sp",
    start("s1")
    + exclusive("m1")
    + user("k")
    + exclusive("g1", "g1__m1")
    + throw("th", ESCALATION)
    + throw("sg", SIGNAL)
    + service("kirim")
    + end("e1")
    + end("er1", ERROR)
    + on_event(
        "esp1",
        timer("R2/PT1H", "timeCycle"),
        user("ingat") + end("e2"),
        "esp1_s > ingat > e2",
        interrupting=False,
    )
    + on_event("esp2", OTHER_ERROR, user("tangani") + end("e3"), "esp2_s > tangani > e3"),
    "s1 > m1 > k > g1; g1 > th if aksi = 1; th > m1; g1 > sg if aksi = 2; sg > m1; "
    "g1 > kirim if aksi = 3; kirim > e1; g1 > er1 if aksi = 4; g1 > m1",
)
WORK = (
    INNER
    + boundary("b1", "sp", ESCALATION, cancel=False)
    + boundary("b2", "sp", ERROR)
    + boundary("b3", "sp", SIGNAL)
    + boundary("b8", "sp", condition("skor > 5"), cancel=False)
    + user("x1", "x2", "x3", "n8")
    + end("en1")
    + end("en8")
    + exclusive("j1")
)
EXPERTS = (
    node(
        "userTask",
        "ahli",
        many("ahli", "a1", until="nrOfCompletedInstances >= kuorum", output="pendapat", item="p"),
    )
    + call(
        "ca",
        "q2",
        'in source="a1" target="nilai"',
        'in source="skor" target="skor"',
        'out source="hasil" target="hasil"',
        loop=many("ahli", "a1", sequential=True),
    )
    + boundary("b7", "ca", ERROR)
    + user("sela")
    + exclusive("j7")
)
SERVICE = (
    service("sv")
    + boundary("b4", "sv", ANY_ERROR)
    + boundary("b5", "sv", timer("sla"), cancel=False)
    + boundary("b6", "sv", timer("P3D"))
    + user("x4", "n1")
    + end("en2")
    + exclusive("j2")
    + node("eventBasedGateway", "eg")
    + catch("c1", MESSAGE)
    + catch("c2", timer("PT1H"))
    + exclusive("j3")
)
CHOICES = (
    node("userTask", "ulang", again_while("ulang"))
    + inclusive("is", "is__u1")
    + user("u1", "u2", "u3")
    + inclusive("ij")
)
AROUND = (
    on_event("keluhan", COMPLAINT, user("jawab") + end("e5"), "keluhan_s > jawab > e5", interrupting=False)
    + on_event("batal", condition("batal = 1"), user("tutup") + end("e6"), "batal_s > tutup > e6")
    + exclusive("m")
    + user("i", "dar", "q")
    + decision("dt", "risiko")
    + exclusive("g", "g__jp")
    + exclusive("jp")
    + parallel("ps", "pj")
    + exclusive("gq", "gq__e")
)
FLOWS = (
    's > m > i > dt > g; g > dar if risiko = "tinggi"; dar > jp; g > jp > ps; '
    "ps > sp > j1; b1 > x1 > en1; b2 > x2 > j1; b3 > x3 > j1; b8 > n8 > en8; j1 > pj; "
    "ps > ahli > ca > j7; b7 > sela > j7; j7 > pj; "
    "ps > sv > j2; b4 > x4 > j2; b5 > n1 > en2; b6 > j2; j2 > eg; eg > c1 > j3; eg > c2 > j3; j3 > pj; "
    "ps > ulang > is; is > u1; is > u2 if skor > 3; is > u3 if skor > 6; u1 > ij; u2 > ij; u3 > ij; ij > pj; "
    "pj > q > gq; gq > m if lagi; gq > e"
)
MAIN = process(WORK + EXPERTS + SERVICE + CHOICES + AROUND, FLOWS)
CALLED = process(
    user("qa") + exclusive("qg", "qg__e") + service("qv"),
    "s > qa > qg; qg > qv if hasil > 3; qv > e; qg > e",
    "q2",
)
