"""S8 to S12, S17: logins, sessions, exports and the vault itself."""

import json
import time
from uuid import UUID

from guard.client import GuardRefused, GuardUnavailable
from guard.storm import REFRESH_SECONDS
from guard.wire import (
    AddPasskey,
    ApproveExport,
    AskExport,
    AskPasskey,
    ExportMembers,
    ExportState,
    GetExports,
    NextRows,
    OpenExport,
    PlantHoney,
    Proof,
    Prove,
    Reveal,
    Search,
    SeedPrincipal,
    SignInMember,
    WhoAmI,
)  # fmt: skip
from lockstitch.cli.drill.ground import Ground
from lockstitch.cli.drill.report import Stage
from lockstitch.cli.softkey import SoftKey

BOUND = 30  # people in ten minutes: security.md O1
FIELDS = ["family_name", "given_name", "email", "phone", "postal_code", "city", "street"]
PAIRS, NETWORKS, STORMY = 240, 60, 30  # from so many failures on it is one
MEMBER_PASSWORD = "lantern-orbit-92-quill"  # noqa: S105 - of nobody


def stolen(ground: Ground, stage: Stage) -> None:
    """S8: the whole table of logins and of sessions, used as they lie there."""
    ground.session("victim")
    with ground.database("postgres") as db:
        rows = db.execute(
            "SELECT s.session_id, s.token_hash, c.value FROM guard.session s JOIN guard.credential"
            " c USING (principal_id) WHERE principal_id = %s AND c.kind = 'password'",
            [ground.operators["victim"].id],
        ).fetchall()
    desk = ground.as_channel("desk")
    row = rows[0]
    tokens = {
        "a session's digest": bytes(row["token_hash"]).hex(),
        "a session's id": str(row["session_id"]),
        "the digest as it is": bytes(row["token_hash"]).decode("latin-1"),
    }
    at, began = stage.now(), time.perf_counter()
    for what, token in tokens.items():
        try:
            desk.call(WhoAmI(), session=token, address=ground.source(8))
            stage.leaked(f"{what} is a session")
        except (GuardRefused, GuardUnavailable):
            stage.stopped(f"use {what}", "only digests are kept")
    stage.see("credential.stolen", at, began, about="session")
    victim = ground.operators["victim"]
    visitor = ground.visitor(8)
    form = visitor.get(ground.console_desk("/sign-in/")).form(having="totp")

    def enter() -> None:
        visitor.submit(
            form, email=victim.email, password=bytes(row["value"]).decode(), totp="000000"
        )
        is_in = any(name.endswith("desk-session") for jar in visitor.jars.values() for name in jar)
        stage.check("use a password's hash", is_stopped=not is_in, by="argon2id with a pepper")

    stage.expect("credential.stolen", enter, about="password")


def login(ground: Ground, stage: Stage) -> None:
    """S9: an operator's login, password and even a code that is right; they have a passkey."""
    victim = ground.operators["victim"]
    _give_passkey(ground, "victim")
    visitor = ground.visitor(9)
    form = visitor.get(ground.console_desk("/sign-in/")).form(having="totp")

    def enter() -> None:
        code = ground.code("victim")
        visitor.submit(form, email=victim.email, password=victim.password, totp=code)
        is_in = any(name.endswith("desk-session") for jar in visitor.jars.values() for name in jar)
        stage.check("sign in with password and code", is_stopped=not is_in, by="passkey needed")

    stage.expect("operator.password_known", enter, about=str(victim.id))
    desk = ground.as_channel("desk")
    try:  # another way in, from a session without a fresh proof
        proof = Proof(totp="000000")  # a right one is as good: the passkey is asked for
        desk.call(AskPasskey(proof=proof), session=ground.session("victim"),
                  address=ground.source(9))  # fmt: skip
        stage.leaked("a further passkey is added without the first")
    except GuardRefused:
        stage.stopped("add a passkey", "the passkey that is there has to agree")


def _give_passkey(ground: Ground, name: str) -> None:
    """The operator's own, with a code, as they would."""
    desk, session = ground.as_channel("desk"), ground.session(name)
    key = SoftKey(origin=ground.console_desk("").rstrip("/"))
    asked = AskPasskey(proof=Proof(totp=ground.code(name)))
    made = key.create(desk.call(asked, session=session, address=ground.home(name)).options)
    desk.call(AddPasskey(credential=made, name="DRILL"), session=session,
              address=ground.home(name))  # fmt: skip
    ground.keys[name] = key


def session(ground: Ground, stage: Stage) -> None:
    """S10: a live session, ridden from elsewhere: looks until it is stopped. Then an operator who
    opens what nobody has a reason to open."""
    stage.allowed = BOUND + 1
    rider = ground.operators["rider"]
    own = ground.visitor(10, 10)
    token = ground.sign_in("rider", own)
    ridden = ground.visitor(10, 66)
    ridden.jars = json.loads(json.dumps(own.jars))
    refused, half, full = 0, None, None
    for placed in ground.orders:
        at, began = stage.now(), time.perf_counter()
        full = full or ((at, began) if len(stage.disclosed) == BOUND - 1 else None)
        half = half or ((at, began) if len(stage.disclosed) == BOUND // 2 - 1 else None)
        url = ground.console_desk(f"/s/{ground.site.slug}/orders/{placed.number}/reveal/")
        page = ridden.get(url)
        shown = ridden.submit(page.form(having="purpose"), purpose="order.ship")
        if ground.finds(shown.text.encode()):
            stage.disclosed.add(ground.people[placed.record_id])
            continue
        refused += 1
        stage.stopped(f"look {placed.number}", "budget, then a fresh proof")
        if refused > 2:
            break
    for rule, moment in (("budget.half", half), ("budget.full", full)):
        if moment:
            stage.see(rule, *moment, about=str(rider.id))
        else:
            stage.leaked(f"no budget was reached: {rule}")
    ids = [each.record_id for each in ground.orders[-3:]]

    def prove() -> None:
        try:
            desk = ground.as_channel("desk")
            ask = Prove(record_ids=ids, fields=["email"], purpose="order.ship", totp="000000")
            desk.call(ask, session=token, address=ground.source(10, 66))
            stage.leaked("a made-up code is a proof")
        except GuardRefused:
            stage.stopped("prove with a made-up code", "step-up")

    stage.expect("step_up.refused", prove, about=str(rider.id))
    _honey(ground, stage)
    stage.note(f"{len(stage.disclosed)} people before the budget stopped it")


def _honey(ground: Ground, stage: Stage) -> None:
    desk, curious = ground.as_channel("desk"), ground.session("curious")
    planted = ground.cli.call(
        PlantHoney(site_id=ground.site.id, fields=ground.person(99_999))
    ).record_id

    def look(record: UUID) -> bool:
        ask = Reveal(record_ids=[record], fields=FIELDS, purpose="order.support")
        try:
            desk.call(ask, session=curious, address=ground.home("curious"))
        except GuardRefused:
            return False
        return True

    if look(ground.orders[0].record_id):
        stage.disclosed.add(ground.people[ground.orders[0].record_id])
    stage.expect("honey.opened", lambda: look(planted), about=str(ground.operators["curious"].id))
    time.sleep(0.1)
    stage.check("go on looking after a planted record", by="sessions ended, looks stopped",
                is_stopped=not look(ground.orders[1].record_id))  # fmt: skip


def export(ground: Ground, stage: Stage) -> None:
    """S11: the owner's session and one touch of their passkey: the download of 2016, twice."""
    desk, token = ground.as_channel("desk"), ground.session("victim")
    ids = [each.record_id for each in ground.orders]
    for _time in range(2):
        at, began = stage.now(), time.perf_counter()
        asked = desk.call(AskExport(site_id=ground.site.id, record_ids=ids, fields=FIELDS),
                          session=token, address=ground.home("victim"))  # fmt: skip
        stage.see("export.requested", at, began, about=str(ground.operators["victim"].id))
        _approve(ground, "victim", asked)
        try:
            opened = desk.call(OpenExport(export_id=asked.export_id), session=token,
                               address=ground.home("victim"))  # fmt: skip
            stage.disclosed |= {ground.people[each] for each in ids}
            stage.leaked(f"opened by one alone: {opened.token[:4]}…")
        except GuardRefused:
            stage.stopped("open the export alone", "a second person, on another device")
        try:
            _approve(ground, "victim", asked)
            stage.leaked("the asker approves their own export")
        except GuardRefused:
            stage.stopped("approve it oneself", "a second person, on another device")
        try:
            desk.call(NextRows(export_id=asked.export_id, token="x" * 43), session=token,
                      address=ground.home("victim"))  # fmt: skip
            stage.leaked("rows without opening")
        except GuardRefused:
            stage.stopped("read rows with a made-up token", "opened once, by its token")


def together(ground: Ground, stage: Stage) -> None:
    """S11c: both people's passkeys. It is what an export is: bounded by its manifest, on record,
    and told of when it comes a second time."""
    stage.allowed = len(set(ground.people.values()))
    _give_passkey(ground, "second")
    desk, token = ground.as_channel("desk"), ground.session("victim")
    ids = [each.record_id for each in ground.orders]
    for turn in range(2):
        at, began = stage.now(), time.perf_counter()
        asked = desk.call(AskExport(site_id=ground.site.id, record_ids=ids, fields=FIELDS),
                          session=token, address=ground.home("victim"))  # fmt: skip
        _approve(ground, "victim", asked)
        _approve(ground, "second", asked)
        opening = desk.call(OpenExport(export_id=asked.export_id), session=token,
                            address=ground.home("victim"))  # fmt: skip
        stage.see("export.overlap" if turn else "export.requested", at, began)
        more = True
        while more:
            ask = NextRows(export_id=asked.export_id, token=opening.token)
            page = desk.call(ask, session=token, address=ground.home("victim"))
            stage.disclosed |= {ground.people[each.record_id] for each in page.records}
            more = page.more
    stage.note(f"{len(ids)} records of {len(stage.disclosed)} people, as two people agreed")


def _approve(ground: Ground, name: str, asked: ExportState) -> None:
    desk, token, where = ground.as_channel("desk"), ground.session(name), ground.home(name)
    question = GetExports(site_id=ground.site.id, export_id=asked.export_id)
    [shown] = desk.call(question, session=token, address=where, agent=name).exports
    proof = Proof(assertion=ground.keys[name].get(shown.options) if shown.options else "")
    desk.call(ApproveExport(export_id=asked.export_id, proof=proof), session=token, address=where,
              agent=name)  # fmt: skip


def drain(ground: Ground, stage: Stage) -> None:
    """S12: the worker's own pass to the guard, and its whole language."""
    worker = ground.as_channel("worker")
    ids = [each.record_id for each in ground.orders[:50]]
    asks = {
        "reveal": Reveal(record_ids=ids, fields=FIELDS, purpose="order.ship"),
        "search": Search(site_id=ground.site.id, by="email", value=ground.person(1)["email"]),
        "export": AskExport(site_id=ground.site.id, record_ids=ids, fields=FIELDS),
        "export members": ExportMembers(site_id=ground.site.id, limit=500),
        "make an operator": SeedPrincipal(
            kind="staff", email=f"x.{ground.run}@operators.example", password=MEMBER_PASSWORD,
            totp_secret="JBSWY3DPEHPK3PXP",  # noqa: S106 - the example of every manual
        ),
    }  # fmt: skip
    at, began = stage.now(), time.perf_counter()
    for what, ask in asks.items():
        try:
            worker.call(ask)
            stage.leaked(f"the worker may {what}")
            stage.disclosed |= {ground.people[each] for each in ids} if what == "reveal" else set()
        except GuardRefused:
            stage.stopped(what, "the worker may deliver and pay, not look")
    stage.see("right.refused", at, began)


def storm(ground: Ground, stage: Stage) -> None:
    """S17: other shops' pairs of login and password, each once, from many networks."""
    desk, site = ground.as_channel("desk"), ground.site.id
    known, mail = "DRILL-device-" + ground.run * 4, f"m.{ground.run.lower()}@people.example"
    ground.cli.call(
        SeedPrincipal(kind="member", email=mail, password=MEMBER_PASSWORD, site_id=site)
    )
    right = SignInMember(site_id=site, email=mail, password=MEMBER_PASSWORD)
    desk.call(right, address=ground.source(17, 250), device=known)
    # The storm of a run before is over, once the guard has looked again; until then who failed in
    # it is turned away.
    ground.db.execute("DELETE FROM guard.sign_in_minute WHERE site_id = %s", [site])
    time.sleep(REFRESH_SECONDS)
    desk.call(right, address=ground.source(17, 250), device=known)
    at, began = stage.now(), time.perf_counter()
    slowed = failed = 0
    for number in range(PAIRS):
        if failed == STORMY - 1:  # with the next one it is a storm
            at, began, failed = stage.now(), time.perf_counter(), STORMY
        ask = SignInMember(
            site_id=site, email=f"{number}.{ground.run.lower()}@lists.example",
            password=f"{ground.run}-{number}-other-shop",
        )  # fmt: skip
        try:
            desk.call(ask, address=ground.source(100 + number % NETWORKS, 7), device=f"d{number}")
            stage.leaked("a made-up pair signs in")
        except GuardRefused as refused:
            slowed += refused.code == "throttled"
            failed += refused.code != "throttled" and failed < STORMY - 1
    stage.see("login.storm", at, began, about=str(site))
    stage.check(f"{slowed} of {PAIRS} turned away unread", is_stopped=slowed > 0,
                by="list attack slowed")  # fmt: skip
    try:
        desk.call(right, address=ground.source(17, 250), device=known)
        stage.note("meanwhile a member on a known device signs in")
    except GuardRefused as refused:
        stage.leaked(f"a member on a known device is shut out: {refused.code}")
