"""Companies, sites, and the command line's seeds."""

from guard.accounts import (
    CONSOLE,
    add_account,
    find_account,
    proper_email,
)  # fmt: skip
from guard.asker import Asker, plain
from guard.core import Core
from guard.db import one
from guard.operators import need_sites
from guard.passwords import Hashed, check_password
from guard.pepper import hash_password, keep_passwords
from guard.refusal import Refusal
from guard.registration import add_member
from guard.totp import keep_seed, proper_seed
from guard.vault import proper_fields
from guard.wire import (
    Done,
    RegisterCompany,
    RegisterSite,
    Seeded,
    SeedPrincipal,
    SiteRegistered,
)  # fmt: skip

NAME_MAX = 120


async def register_company(core: Core, asker: Asker, ask: RegisterCompany) -> Done:
    async with core.pool.connection() as db, db.transaction():
        await db.execute(
            "INSERT INTO guard.company (company_id, name) VALUES (%s, %s)"
            " ON CONFLICT (company_id) DO UPDATE SET name = excluded.name",
            [ask.company_id, plain(ask.name, NAME_MAX)],
        )
        purpose = f"company.{ask.company_id}"
        await core.ledger.append_in(db, [asker.entry("company.register", purpose=purpose)])
    return Done()


async def register_site(core: Core, asker: Asker, ask: RegisterSite) -> SiteRegistered:
    mail_from = proper_email(ask.mail_from)
    async with core.pool.connection() as db, db.transaction():
        company = "SELECT 1 FROM guard.company WHERE company_id = %s"
        if await one(db, company, [ask.company_id]) is None:
            raise Refusal("not_found", "no such company")
        site = await one(
            db,
            "INSERT INTO guard.site AS s (site_id, company_id, name, host, mail_from)"
            " VALUES (%s, %s, %s, %s, %s) ON CONFLICT (site_id) DO UPDATE SET"
            " name = excluded.name, host = excluded.host, mail_from = excluded.mail_from"
            " WHERE s.company_id = excluded.company_id RETURNING site_id",
            [
                ask.site_id, ask.company_id, plain(ask.name, NAME_MAX), plain(ask.host, 253),
                mail_from,
            ],
        )  # fmt: skip
        if site is None:
            raise Refusal("conflict", "a site stays with its company")
        key = await one(
            db,
            "SELECT key_id, suite FROM guard.site_public_key"
            " WHERE site_id = %s AND retired_at IS NULL ORDER BY key_id DESC LIMIT 1",
            [ask.site_id],
        )
        if key is None:
            key_id, suite = await core.site_keys.make(db, ask.site_id)
        else:
            key_id, suite = key["key_id"], key["suite"]
        entry = asker.entry("site.register", site_id=ask.site_id)
        await core.ledger.append_in(db, [entry])
    return SiteRegistered(key_id=key_id, suite=suite)


async def seed_principal(core: Core, asker: Asker, ask: SeedPrincipal) -> Seeded:
    email = proper_email(ask.email)
    scope = ask.site_id if ask.kind == "member" else CONSOLE
    if scope is None or not proper_fields(ask.fields):
        raise Refusal("invalid", "site_id or fields")
    async with core.pool.connection() as db:
        known = await find_account(core, db, scope, email)
    if known is not None:
        return Seeded(principal_id=known["principal_id"], person_id=known["person_id"])
    check_password(ask.password, email)
    hashed = await hash_password(core, ask.password)
    if ask.kind == "member":
        return await _seed_member(core, asker, ask, email, hashed)
    return await _seed_operator(core, asker, ask, email, hashed)


async def _seed_member(
    core: Core, asker: Asker, ask: SeedPrincipal, email: str, hashed: Hashed
) -> Seeded:
    async with core.pool.connection() as db, db.transaction():
        site = await one(db, "SELECT site_id FROM guard.site WHERE site_id = %s", [ask.site_id])
        if site is None:
            raise Refusal("not_found", "no such site")
        fields = {**ask.fields, "email": email} if ask.fields else {}
        principal_id, person_id = await add_member(
            core, db, site["site_id"], email=email, hashed=hashed, fields=fields
        )
        entry = asker.entry("register", site_id=ask.site_id, persons=[person_id])
        await core.ledger.append_in(db, [entry])
    return Seeded(principal_id=principal_id, person_id=person_id)


async def _seed_operator(
    core: Core, asker: Asker, ask: SeedPrincipal, email: str, hashed: Hashed
) -> Seeded:
    seed, handle = proper_seed(ask.totp_secret), plain(ask.handle or ask.name, 40)
    operator = ask.kind == "operator"
    if not handle or (operator and (ask.role is None or ask.company_id is None)):
        raise Refusal("invalid", "handle, role or company_id")
    async with core.pool.connection() as db, db.transaction():
        if operator:
            await need_sites(db, ask.company_id, ask.site_ids)
        principal_id = await add_account(
            core, db, kind=ask.kind, scope=CONSOLE, email=email, name=plain(ask.name, 80),
            handle=handle, state="active", company_id=ask.company_id if operator else None,
            site_ids=ask.site_ids if operator else [], role=ask.role if operator else None,
        )  # fmt: skip
        await keep_passwords(core, db, {principal_id: hashed})
        await keep_seed(core, db, principal_id, seed)
        entry = asker.entry("operator.add", purpose=f"operator.{principal_id}")
        await core.ledger.append_in(db, [entry])
    return Seeded(principal_id=principal_id)
