"""Of all that is under a guard's root one each, and two guards of one database."""

import hashlib
import hmac
import time
from pathlib import Path
from typing import Any

import pyotp

from guard.keys import Keys
from guard.own_keys import OwnKey, OwnKeys
from guard.verify import verify
from guard.wire import (
    AddOperator,
    ApproveExport,
    CheckWebhook,
    ConfirmEnrolment,
    Enrol,
    GetSeconds,
    ListOperators,
    ListProviders,
    OpenExport,
    Proof,
    SetProviderSecret,
    SetSecond,
    StartRegistration,
    Trace,
)
from lockstitch.cli.softkey import SoftKey
from tests.guard.conftest import PASSWORD, Guard, eventually
from tests.guard.test_auth import code_in
from tests.guard.test_budgets import fresh
from tests.guard.test_exports import HERE, THERE, Worker, asked, deposits, pages
from tests.guard.test_passkeys import add, sign_in
from tests.guard.test_renewal import House
from tests.guard.test_second import approval, new_key, waiting

HOOK = "whsec_" + "b" * 24
# As if half a minute had passed since nothing was under it any more.
AGED = "UPDATE guard.own_key SET spare_at = spare_at - interval '1 minute'"
# What of each kind is under the root, and the columns that say so.
UNDER = {
    "guard.principal": ("sealed", "sealed <> ''"),
    "guard.credential": ("value", "kind = 'totp'"),
    "guard.pending": ("sealed", "sealed <> ''"),
    "guard.letter": ("sealed", "sealed IS NOT NULL"),
    "guard.provider_secret": ("sealed", "true"),
    "guard.passkey": ("mac", "true"),
    "guard.second": ("digest", "ended_at IS NULL"),
    "guard.export_mark": ("digest", "true"),
}


class Everything(House):
    """Of each kind one, and two guards of one database. No mail server: letters wait."""

    def __init__(self, guard: Guard, folder: Path) -> None:
        guard.mail_url = "smtp://127.0.0.1:1"
        super().__init__(guard, folder)
        self.one = Worker(guard, self.site, "owner", HERE, False)
        self.other = Worker(guard, self.site, "owner", THERE, False)
        self.clerk = Worker(guard, self.site, "orders", HERE, False)
        self.key: SoftKey = add(guard, self.clerk.session, Proof(totp=fresh(guard, self.clerk.me)))
        hook = SetProviderSecret(
            site_id=self.site.site_id, provider="stripe", name="webhook", value=HOOK
        )
        assert not self.one.ask(hook).waits
        assert not self.one.ask(SetSecond(site_id=self.site.site_id, wanted=True)).waits
        assert self.one.ask(new_key(self.site)).waits
        ask = AddOperator(
            company_id=self.site.company_id, email="new@house.example", handle="new", name="新人",
            role="orders", site_ids=[self.site.site_id],
        )  # fmt: skip
        self.invited = self.one.ask(ask).token
        self.chosen = guard.desk.call(Enrol(token=self.invited, password=PASSWORD)).totp_secret
        hired = Worker(guard, self.site, "orders", HERE, False)
        export, token = self.opened_export(hired)
        [page] = pages(hired, export, token)
        self.mark, self.export_id = page.marks[0]["email"], export.export_id
        start = StartRegistration(
            site_id=self.site.site_id, email="m@house.example", password=PASSWORD
        )
        guard.desk.call(start)  # whose letter waits
        guard.sql("DELETE FROM guard.pending WHERE kind = 'registration'")

    def opened_export(self, who: Worker) -> tuple[Any, str]:
        [record] = deposits(self.guard, self.site, 1)  # which the twin may be taking in
        stored = "SELECT 1 FROM guard.record WHERE record_id = %s"
        eventually(lambda: self.guard.sql(stored, [record]))
        export = asked(who, self.site, [record])
        who.ask(ApproveExport(export_id=export.export_id, proof=who.code()))
        return export, who.ask(OpenExport(export_id=export.export_id)).token

    def opens(self) -> None:
        """By both guards."""
        payload, at = b"{}", str(int(time.time()))
        signed = hmac.new(HOOK.encode(), f"{at}.".encode() + payload, hashlib.sha256).hexdigest()
        bell = CheckWebhook(
            site_id=self.site.site_id, provider="stripe", payload=payload,
            signature=f"t={at},v1={signed}",
        )  # fmt: skip
        for guard in (self.guard, self.twin):
            for email in self.emails[:1]:
                assert self.sign_in(email, guard=guard) == self.ids[email]
            self.operator_gets_in(guard)
            signed_in = sign_in(guard, self.key)
            assert signed_in.identity.principal_id == self.clerk.me.principal_id
            guard.desk.call(bell)
            found = guard.cli.call(Trace(value=self.mark)).exports
            assert [each.export_id for each in found] == [self.export_id]
            listed = guard.desk.call(ListOperators(), session=self.one.session).operators
            assert "o***@house.example" in {each.masked_email for each in listed}
            seconds = GetSeconds(site_id=self.site.site_id)
            assert len(guard.desk.call(seconds, session=self.other.session).waiting) == 1

    def ends(self) -> None:
        """What waited all the time: an invited operator, a second person's word, a letter."""
        code = pyotp.TOTP(self.chosen).now()
        self.twin.desk.call(ConfirmEnrolment(token=self.invited, totp=code))
        [row] = waiting(self.other, self.site)
        self.guard.sql("DELETE FROM guard.throttle")
        assert self.other.ask(approval(self.other, row.second_id)).last4 == "2222"
        rows = self.one.ask(ListProviders(site_id=self.site.site_id)).rows
        assert {row.name for row in rows} == {"api", "webhook"}
        self.guard.stop()
        self.twin.stop()
        self.guard.mail_url = ""
        self.guard.start()
        self.guard.sql("UPDATE guard.letter SET next_try_at = now() WHERE state = 'waiting'")
        mails = eventually(
            lambda: [m for m in self.guard.mails(self.site) if m.to == "m@house.example"]
        )
        assert code_in(mails[0])

    def go_on(self, *, guard: Guard | None = None) -> int:
        return self.rotate("root", begin=False, guard=guard)

    def renew(self) -> None:
        left = self.rotate("root")
        while left:
            self.guard.sql(AGED)
            left = self.go_on(guard=self.twin)

    def under(self) -> dict[str, list[tuple[int, bytes]]]:
        """By table: the root and the seal, or mark, of each row."""
        return {
            table: [
                (row["root_version"], bytes(row["value"]))
                for row in self.guard.sql(
                    f"SELECT root_version, {column} AS value FROM {table} WHERE {which}"
                )
            ]
            for table, (column, which) in UNDER.items()
        }

    def root(self) -> OwnKey:
        return root_of(self.guard)

    def is_sound(self, times: int = 1) -> None:
        verbs = [row["verb"] for row in self.guard.sql(
            "SELECT verb FROM guard.ledger WHERE purpose = 'key.root' ORDER BY seq")]  # fmt: skip
        assert verbs == ["key.rotate", "key.destroy"] * times
        assert self.guard.sql("SELECT * FROM guard.signal WHERE kind = 'stolen'") == []
        assert verify(self.guard.url("ls_guard"), self.guard.data / "guard") == []


def root_of(guard: Guard) -> OwnKey:
    """The newest, as its master key opens it."""
    [row] = guard.sql(
        "SELECT * FROM guard.own_key WHERE purpose = 'root' ORDER BY version DESC LIMIT 1"
    )
    keys = OwnKeys(Keys(guard.data / "guard"))
    return keys.opened("root", row["version"], bytes(row["wrapped"]))
