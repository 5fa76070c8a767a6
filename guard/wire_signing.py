"""Asks and replies about who is there: signing in and out, registering, resetting, proving."""

from datetime import datetime
from uuid import UUID

import msgspec

from guard.wire_base import Ask, Done, PrincipalKind, Reply, Role


class Identity(Reply, tag=True, frozen=True):
    """Who a session belongs to. `site_ids` are the sites an operator may work for."""

    kind: PrincipalKind
    principal_id: UUID
    session_id: UUID
    handle: str
    expires_at: datetime
    person_id: UUID | None = None
    site_id: UUID | None = None
    company_id: UUID | None = None
    site_ids: list[UUID] = []
    role: Role | None = None


class SignedIn(Reply, tag=True, frozen=True):
    """`session` is the secret to send with each later call; it is shown only here."""

    session: str
    identity: Identity


class Pending(Reply, tag=True, frozen=True):
    """A registration or reset that waits for the code sent by mail."""

    pending: UUID


class SignInMember(Ask[SignedIn], tag=True, frozen=True):
    site_id: UUID
    email: str
    password: str


class SignInOperator(Ask[SignedIn], tag=True, frozen=True):
    """Operators and platform staff: password and TOTP, always both."""

    email: str
    password: str
    totp: str


class SignOut(Ask[Done], tag=True, frozen=True):
    pass


class WhoAmI(Ask[Identity], tag=True, frozen=True):
    pass


class StartRegistration(Ask[Pending], tag=True, frozen=True):
    """Answers the same whether or not the address has an account; the mail tells its owner."""

    site_id: UUID
    email: str
    password: str
    fields: dict[str, str] = {}


class ConfirmRegistration(Ask[SignedIn], tag=True, frozen=True):
    pending: UUID
    code: str


class StartReset(Ask[Pending], tag=True, frozen=True):
    site_id: UUID
    email: str


class FinishReset(Ask[Done], tag=True, frozen=True):
    pending: UUID
    code: str
    password: str


# --- passkeys


class PasskeyOptions(Reply, tag=True, frozen=True):
    """JSON for `navigator.credentials`. Empty when who asks has no passkey: a one-time code (of a
    member: the password) is what proves."""

    options: str


class Proof(msgspec.Struct, frozen=True, kw_only=True):
    """That it is really them, now: an `assertion` (the browser's JSON) of a passkey, or for who
    has none, a one-time code (`totp`); of a member, the `password`."""

    assertion: str = ""
    totp: str = ""
    password: str = ""


class PasskeyRow(msgspec.Struct, frozen=True, kw_only=True):
    passkey_id: UUID
    name: str
    made_at: datetime
    used_at: datetime | None


class Passkeys(Reply, tag=True, frozen=True):
    """Oldest first. `only`: the last one is the only way in, and cannot be removed. `recovering`:
    others have asked for a new enrolment; who still has a session may say no."""

    passkeys: list[PasskeyRow]
    only: bool
    recovering: bool


class AskSignIn(Ask[PasskeyOptions], tag=True, frozen=True):
    """What a passkey signs to get in: at a shop's desk, or (no `site_id`) at the console's."""

    site_id: UUID | None = None


class SignInPasskey(Ask[SignedIn], tag=True, frozen=True):
    assertion: str
    site_id: UUID | None = None


class AskProof(Ask[PasskeyOptions], tag=True, frozen=True):
    """What a passkey signs as `Proof` of one deed: the SHA-256 of its manifest (purpose, fields,
    records, and who asks in which session). Good once, for five minutes, for that deed only.

    `Prove` has purpose, fields and records of its own. Deeds on accounts: `account.passkey` (no
    records), `account.remove` (the passkey), `account.recover` (the operator).
    """

    purpose: str
    fields: list[str] = []
    record_ids: list[UUID] = []


class AskPasskey(Ask[PasskeyOptions], tag=True, frozen=True):
    """What the browser makes a new passkey from. The proof is one of `account.passkey`."""

    proof: Proof


class AddPasskey(Ask[Done], tag=True, frozen=True):
    credential: str
    name: str


class RemovePasskey(Ask[Done], tag=True, frozen=True):
    passkey_id: UUID
    proof: Proof


class ListPasskeys(Ask[Passkeys], tag=True, frozen=True):
    """The asker's own."""


# --- sessions


class SessionRow(msgspec.Struct, frozen=True, kw_only=True):
    session_id: UUID
    address: str
    device: str  # Chrome, Windows
    started_at: datetime
    seen_at: datetime
    current: bool


class Sessions(Reply, tag=True, frozen=True):
    """Those that are still good, last seen first."""

    sessions: list[SessionRow]


class ListSessions(Ask[Sessions], tag=True, frozen=True):
    """The asker's own."""


class ChangePassword(Ask[Done], tag=True, frozen=True):
    """A member's own, proven by the present one. Their other sessions end."""

    current: str
    password: str


class EndSessions(Ask[Done], tag=True, frozen=True):
    """One of the asker's own, or all but the present one. At the next call they are none."""

    session_id: UUID | None = None
