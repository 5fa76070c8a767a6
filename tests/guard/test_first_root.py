"""An instance from before its root could be renewed: the one it has becomes the first."""

import base64
import hashlib
import hmac

from argon2 import PasswordHasher

from guard.own_keys import OwnKey
from guard.schema import migrate
from guard.wire import (
    ApproveExport,
    ListOperators,
    OpenExport,
    Proof,
    RotateKey,
    SignInMember,
    Trace,
)
from tests.guard.conftest import PASSWORD, Guard
from tests.guard.everything import AGED, root_of
from tests.guard.test_exports import HERE, Worker, asked, deposits, pages
from tests.guard.test_passkeys import add, sign_in

# The database as step 21 left it.
BEFORE = """
CREATE TABLE guard.root_key (one boolean PRIMARY KEY DEFAULT true CHECK (one),
    wrapped bytea NOT NULL, made_at timestamptz NOT NULL DEFAULT now());
INSERT INTO guard.root_key (wrapped) SELECT wrapped FROM guard.own_key WHERE purpose = 'root';
DELETE FROM guard.own_key WHERE purpose IN ('root', 'hash', 'bounce');
ALTER TABLE guard.own_key DROP spare_at;
ALTER TABLE guard.principal DROP root_version;
ALTER TABLE guard.credential DROP root_version, DROP hash_version;
ALTER TABLE guard.passkey DROP root_version;
ALTER TABLE guard.pending DROP root_version;
ALTER TABLE guard.letter DROP root_version;
ALTER TABLE guard.provider_secret DROP root_version;
ALTER TABLE guard.second DROP root_version;
ALTER TABLE guard.export DROP root_version;
ALTER TABLE guard.export_mark DROP root_version, DROP sealed;
DELETE FROM guard.schema_version WHERE step >= 22;
ALTER TABLE guard.root_key OWNER TO ls_owner;
"""


def hashed_before(root: OwnKey, password: str) -> bytes:
    """As there was no pepper around it, and what is in it derived from the root."""
    key = root.derived("password-pepper")
    keyed = base64.b64encode(hmac.digest(key, password.encode(), hashlib.sha256))
    return PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1).hash(keyed).encode()


def test_what_was_under_it_opens_and_is_renewed(own_guard: Guard) -> None:
    guard = own_guard
    guard.start()
    site = guard.site()
    clerk = Worker(guard, site, "orders", HERE, False)
    key = add(guard, clerk.session, clerk.code())
    export = asked(clerk, site, deposits(guard, site, 1))
    clerk.ask(
        ApproveExport(export_id=export.export_id, proof=Proof(assertion=key.get(export.options)))
    )
    token = clerk.ask(OpenExport(export_id=export.export_id)).token
    [page] = pages(clerk, export, token)
    owner = Worker(guard, site, "owner", HERE, False)
    _, member = guard.member(site, "m@example.jp")

    def works() -> None:
        ask = SignInMember(site_id=site.site_id, email="m@example.jp", password=PASSWORD)
        assert guard.desk.call(ask).identity.principal_id == member.principal_id
        assert sign_in(guard, key).identity.principal_id == clerk.me.principal_id
        [found] = guard.cli.call(Trace(value=page.marks[0]["email"])).exports
        assert found.export_id == export.export_id
        listed = owner.ask(ListOperators()).operators
        assert {each.masked_email[1:] for each in listed} == {"***@console.example"}

    works()
    guard.stop()
    root = root_of(guard)
    guard.sql(BEFORE)
    guard.sql(
        "UPDATE guard.credential SET value = %s, key_version = 0"
        " WHERE principal_id = %s AND kind = 'password'",
        [hashed_before(root, PASSWORD), member.principal_id],
    )
    assert migrate(guard.url("ls_owner"))[0] == 22
    guard.start()
    assert root_of(guard) == root
    works()
    left = guard.cli.call(RotateKey(key="root")).remaining
    while left:
        guard.sql(AGED)
        left = guard.cli.call(RotateKey(key="root", begin=False)).remaining
    assert root_of(guard).version == 2
    works()
    guard.stop()
    guard.start()
    works()
