"""Members in from another platform, and out again. For the command line only."""

from dataclasses import dataclass
from uuid import UUID, uuid4

from psycopg.rows import DictRow

from guard.accounts import login_index, masked_name, proper_email, seal_contact
from guard.asker import Asker
from guard.core import Core
from guard.db import Db, every, many, one
from guard.entry import system_entry
from guard.foreign import UnknownHash
from guard.own_keys import OwnKey
from guard.passwords import Hashed
from guard.pepper import keep_passwords, wrap_foreign
from guard.refusal import Refusal
from guard.vault import NewRecord, Person, proper_fields
from guard.wire import (
    FIELDS,
    MOVED_MAX,
    Exported,
    ExportMembers,
    Imported,
    ImportMembers,
    MovedIn,
    MovedOut,
    Outcome,
)  # fmt: skip

_ADD_ACCOUNT = """INSERT INTO guard.principal
    (principal_id, kind, scope, login_index, key_version, site_id, person_id, handle, sealed,
    root_version, state)
    VALUES (%s, 'member', %s, %s, %s, %s, %s, %s, %s, %s, 'active')"""


async def import_members(core: Core, asker: Asker, ask: ImportMembers) -> Imported:
    """A wrong row keeps no other out, and a second run finds the first's. One transaction."""
    if not 1 <= len(ask.members) <= MOVED_MAX:
        raise Refusal("invalid", f"1 to {MOVED_MAX} members")
    said: dict[int, Outcome] = {}
    new: dict[str, _New] = {}
    places: dict[int, str] = {}
    for place, row in enumerate(ask.members):
        try:
            email = proper_email(row.email)
            if not proper_fields(row.fields):
                said[place] = "fields"
                continue
            given = row.password_hash
            hashed = await wrap_foreign(core, given) if given else None
        except Refusal:
            said[place] = "email"
        except UnknownHash:
            said[place] = "password"
        else:
            places[place] = email
            if email in new:
                said[place] = "exists"
            else:
                new[email] = _New(hashed, {**row.fields, "email": email})
    async with core.pool.connection() as db, db.transaction():
        if await one(db, "SELECT 1 FROM guard.site WHERE site_id = %s", [ask.site_id]) is None:
            raise Refusal("not_found", "no such site")
        keys = await core.own_keys.to_write(db, "accounts")
        logins = {login_index(key, ask.site_id, email): email for key in keys for email in new}
        made = await _take_in(core, db, asker, ask.site_id, new=new, logins=logins, key=keys[0])
        known = await _known(db, ask.site_id, logins)
    return Imported(
        rows=[
            _moved(said.get(place), known.get(email := places.get(place, "")), email in made)
            for place in range(len(ask.members))
        ]
    )


@dataclass(frozen=True)
class _New:
    hashed: Hashed | None
    fields: dict[str, str]


async def _take_in(
    core: Core, db: Db, asker: Asker, site_id: UUID, *, new: dict[str, _New],
    logins: dict[bytes, str], key: OwnKey,
) -> set[str]:  # fmt: skip
    """The addresses that had no account yet: theirs, their persons' and profiles are made."""
    people = await core.vault.people(db, site_id, [{"email": email} for email in new])
    persons = dict(zip(new, people, strict=True))
    taken = await every(
        db, "SELECT login_index FROM guard.principal WHERE scope = %s AND login_index = ANY(%s)",
        [site_id, list(logins)],
    )  # fmt: skip
    fresh = set(new) - {logins[row["login_index"]] for row in taken}
    accounts = {email: uuid4() for email in new if email in fresh}
    root = await core.own_keys.root_to_write(db)
    await many(
        db, _ADD_ACCOUNT,
        [
            [
                accounts[email], site_id, login_index(key, site_id, email), key.version, site_id,
                persons[email].person_id, masked_name(new[email].fields),
                seal_contact(root, accounts[email], email, ""), root.version,
            ]
            for email in accounts
        ],
    )  # fmt: skip
    hashes = {accounts[email]: hashed for email in accounts if (hashed := new[email].hashed)}
    await keep_passwords(core, db, hashes)
    if accounts:
        await _add_profiles(core, db, asker, site_id, {e: (persons[e], new[e]) for e in accounts})
    return fresh


async def _add_profiles(
    core: Core, db: Db, asker: Asker, site_id: UUID, of: dict[str, tuple[Person, _New]]
) -> None:
    ids = [person.person_id for person, _new in of.values()]
    has_one = {
        row["person_id"]
        for row in await every(
            db, "SELECT person_id FROM guard.record WHERE person_id = ANY(%s) AND kind = 'profile'",
            [ids],
        )
    }  # fmt: skip
    profiles = [
        NewRecord(uuid4(), "profile", new.fields, person, "register")
        for person, new in of.values() if person.person_id not in has_one
    ]  # fmt: skip
    await core.vault.store(db, profiles)
    stored = system_entry(
        "vault", "vault.store", site_id=site_id, records=[each.record_id for each in profiles],
        persons=[each.person.person_id for each in profiles],
    )  # fmt: skip
    moved = asker.entry("import", site_id=site_id, persons=ids)
    await core.ledger.append_in(db, [stored, moved] if profiles else [moved])


async def _known(db: Db, site_id: UUID, logins: dict[bytes, str]) -> dict[str, DictRow]:
    rows = await every(
        db,
        "SELECT p.principal_id, p.login_index, p.handle, r.record_id FROM guard.principal p"
        " LEFT JOIN guard.record r ON r.person_id = p.person_id AND r.kind = 'profile'"
        " WHERE p.scope = %s AND p.login_index = ANY(%s)",
        [site_id, list(logins)],
    )
    return {logins[row["login_index"]]: row for row in rows}


def _moved(said: Outcome | None, row: DictRow | None, is_made: bool) -> MovedIn:
    if row is None:
        return MovedIn(outcome=said or "exists")
    return MovedIn(
        outcome=said or ("made" if is_made else "exists"), member_id=row["principal_id"],
        profile_id=row["record_id"], handle=row["handle"],
    )  # fmt: skip


async def export_members(core: Core, asker: Asker, ask: ExportMembers) -> Exported:
    """Whole profiles. The ledger has every person of the answer before a field is opened."""
    limit = max(1, min(ask.limit, MOVED_MAX))
    async with core.pool.connection() as db:
        rows = await every(
            db,
            "SELECT p.principal_id, p.person_id, r.record_id FROM guard.principal p"
            " JOIN guard.record r ON r.person_id = p.person_id AND r.kind = 'profile'"
            " WHERE p.site_id = %s AND p.kind = 'member' AND p.state = 'active'"
            " AND (%s::uuid IS NULL OR p.principal_id > %s) ORDER BY p.principal_id LIMIT %s",
            [ask.site_id, ask.after, ask.after, limit + 1],
        )
    shown = rows[:limit]
    if shown:
        entry = asker.entry(
            "reveal", purpose="members.export", site_id=ask.site_id, fields=list(FIELDS),
            records=[row["record_id"] for row in shown],
            persons=[row["person_id"] for row in shown],
        )  # fmt: skip
        await core.ledger.append(entry)
    async with core.pool.connection() as db:
        found = await core.vault.find(db, [row["record_id"] for row in shown])
        out = [
            MovedOut(
                member_id=row["principal_id"],
                fields=await core.vault.open(db, found[row["record_id"]]),
            )
            for row in shown
            if row["record_id"] in found
        ]  # fmt: skip
    return Exported(rows=out, more=len(rows) > limit)
