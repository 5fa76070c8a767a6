"""Every question to the guard and every reply, as one typed schema; `guard.frames` carries them.

An ask names the type of its reply, so that `GuardClient.call` is typed.
"""

from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec

from guard.wire_base import FIELDS as FIELDS
from guard.wire_base import MANIFEST_MAX as MANIFEST_MAX
from guard.wire_base import RECORDS_MAX as RECORDS_MAX
from guard.wire_base import Ask as Ask
from guard.wire_base import Code as Code
from guard.wire_base import Done as Done
from guard.wire_base import Kept as Kept
from guard.wire_base import Kind as Kind
from guard.wire_base import PrincipalKind as PrincipalKind
from guard.wire_base import RecordIds as RecordIds
from guard.wire_base import Reply as Reply
from guard.wire_base import Role as Role
from guard.wire_base import SearchBy as SearchBy
from guard.wire_defence import Action as Action
from guard.wire_defence import Contain as Contain
from guard.wire_defence import Contained as Contained
from guard.wire_defence import Prove as Prove
from guard.wire_keys import Erase as Erase
from guard.wire_keys import Erased as Erased
from guard.wire_keys import KeyName as KeyName
from guard.wire_keys import Rotated as Rotated
from guard.wire_keys import RotateKey as RotateKey
from guard.wire_members import MOVED_MAX as MOVED_MAX
from guard.wire_members import ClaimOrders as ClaimOrders
from guard.wire_members import CloseAccount as CloseAccount
from guard.wire_members import Exported as Exported
from guard.wire_members import ExportMembers as ExportMembers
from guard.wire_members import FindMembers as FindMembers
from guard.wire_members import Imported as Imported
from guard.wire_members import ImportMembers as ImportMembers
from guard.wire_members import KeepNote as KeepNote
from guard.wire_members import MemberIds as MemberIds
from guard.wire_members import MemberRow as MemberRow
from guard.wire_members import MovedIn as MovedIn
from guard.wire_members import MovedOut as MovedOut
from guard.wire_members import SendTest as SendTest
from guard.wire_provider import CallProvider as CallProvider
from guard.wire_provider import CheckWebhook as CheckWebhook
from guard.wire_provider import ListProviders as ListProviders
from guard.wire_provider import Provider as Provider
from guard.wire_provider import ProviderAnswered as ProviderAnswered
from guard.wire_provider import ProviderRow as ProviderRow
from guard.wire_provider import Providers as Providers
from guard.wire_provider import SetProviderSecret as SetProviderSecret

# --- replies


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


class OperatorAdded(Reply, tag=True, frozen=True):
    operator_id: UUID
    token: str


class Enrolment(Reply, tag=True, frozen=True):
    totp_secret: str
    otpauth_uri: str


class OperatorRow(msgspec.Struct, frozen=True, kw_only=True):
    operator_id: UUID
    kind: Literal["operator", "staff"]
    company_id: UUID | None
    handle: str
    role: Role | None
    site_ids: list[UUID]
    state: Literal["invited", "active", "disabled"]
    masked_email: str


class Operators(Reply, tag=True, frozen=True):
    operators: list[OperatorRow]


class Seeded(Reply, tag=True, frozen=True):
    principal_id: UUID
    person_id: UUID | None = None


class SiteRegistered(Reply, tag=True, frozen=True):
    key_id: UUID
    suite: int


class RevealedRecord(msgspec.Struct, frozen=True, kw_only=True):
    record_id: UUID
    kind: Kind
    fields: dict[str, str]


class Revealed(Reply, tag=True, frozen=True):
    """In the order asked for; `seq` is the ledger entry that says so."""

    records: list[RevealedRecord]
    seq: int


class Disclosure(msgspec.Struct, frozen=True, kw_only=True):
    """One ledger entry. A member sees only their own records in it."""

    seq: int
    at: datetime
    principal_kind: str
    principal_id: str
    handle: str
    session_id: UUID | None
    address: str
    verb: str
    purpose: str
    site_id: UUID | None
    fields: list[str]
    outcome: str
    record_ids: list[UUID]


class Disclosures(Reply, tag=True, frozen=True):
    """Oldest first; ask again with `after` = the last seq while `more`."""

    disclosures: list[Disclosure]
    more: bool


class Mail(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    sender: str
    to: str
    subject: str
    date: str
    text: str
    html: str


class Mails(Reply, tag=True, frozen=True):
    mails: list[Mail]


class HealthReport(Reply, tag=True, frozen=True):
    instance: str
    ledger_size: int
    checkpoint_size: int
    inbox: int
    inbox_refused: int
    postbox: int
    postbox_failed: int
    witnesses: int = 0
    witness_age: float | None = None  # seconds since the last cosignature, of the oldest witness
    witnesses_disagree: bool = False  # one has seen another history of the ledger


# --- asks: who is there


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


# --- asks: operators and sites


class AddOperator(Ask[OperatorAdded], tag=True, frozen=True):
    """Invite; again for an invited or disabled one of the same company: a new invitation."""

    company_id: UUID
    site_ids: list[UUID]
    role: Role
    email: str
    name: str
    handle: str


class Enrol(Ask[Enrolment], tag=True, frozen=True):
    token: str
    password: str


class ConfirmEnrolment(Ask[Done], tag=True, frozen=True):
    token: str
    totp: str


class ListOperators(Ask[Operators], tag=True, frozen=True):
    company_id: UUID | None = None


class UpdateOperator(Ask[Done], tag=True, frozen=True):
    operator_id: UUID
    role: Role | None = None
    site_ids: list[UUID] | None = None


class DisableOperator(Ask[Done], tag=True, frozen=True):
    operator_id: UUID


class SeedPrincipal(Ask[Seeded], tag=True, frozen=True):
    """Command line only: a complete account. An existing login is left as it is.

    member: `site_id` (and `fields` for the profile); operator: `company_id`, `site_ids`, `role`,
    `totp_secret`; staff: `totp_secret`.
    """

    kind: Literal["member", "operator", "staff"]
    email: str
    password: str
    name: str = ""
    handle: str = ""
    totp_secret: str | None = None
    site_id: UUID | None = None
    company_id: UUID | None = None
    site_ids: list[UUID] = []
    role: Role | None = None
    fields: dict[str, str] = {}


class RegisterCompany(Ask[Done], tag=True, frozen=True):
    company_id: UUID
    name: str


class RegisterSite(Ask[SiteRegistered], tag=True, frozen=True):
    """Makes the site's keys. Again: updates name, host, mail_from; the company is for ever."""

    site_id: UUID
    company_id: UUID
    name: str
    host: str
    mail_from: str


# --- asks: records


class Reveal(Ask[Revealed], tag=True, frozen=True):
    """All or nothing: one record that is not the asker's refuses the whole call.

    `purpose` is a short name such as `order.view`, never free text. A guest sends no session but
    the `guest_token` of the one order asked for.
    """

    record_ids: list[UUID]
    fields: list[str]
    purpose: str
    guest_token: str | None = None


class MyRecords(Ask[RecordIds], tag=True, frozen=True):
    """The signed-in member's own records, newest first."""

    kinds: list[Kind]


class Keep(Ask[Kept], tag=True, frozen=True):
    """A member's own profile (one) or address: new without `record_id`, else replaced whole."""

    kind: Literal["profile", "address"]
    fields: dict[str, str]
    record_id: UUID | None = None


class Forget(Ask[Done], tag=True, frozen=True):
    record_id: UUID


class Search(Ask[RecordIds], tag=True, frozen=True):
    """Order records by exact value; names and kana of up to three characters match as prefix."""

    site_id: UUID
    by: SearchBy
    value: str


class WhoSaw(Ask[Disclosures], tag=True, frozen=True):
    """Ledger entries about exactly one of record, person, principal, session or address.

    `all`: also what disclosed nothing (refusals, searches, deposits, sign-ins). A member may
    leave all five out and means themselves. An operator must name one of their sites.
    """

    record_id: UUID | None = None
    person_id: UUID | None = None
    principal_id: str | None = None
    session_id: UUID | None = None
    address: str | None = None
    site_id: UUID | None = None
    after: int = -1
    limit: int = 100
    all: bool = False


class Mailbox(Ask[Mails], tag=True, frozen=True):
    """Demo only: the mails in the local mailbox, newest first."""

    site_id: UUID | None = None
    limit: int = 50


class Health(Ask[HealthReport], tag=True, frozen=True):
    pass


AnyAsk = (
    SignInMember | SignInOperator | SignOut | WhoAmI | StartRegistration | ConfirmRegistration
    | StartReset | FinishReset | AddOperator | Enrol | ConfirmEnrolment | ListOperators
    | UpdateOperator | DisableOperator | SeedPrincipal | RegisterCompany | RegisterSite | Reveal
    | Prove | MyRecords | Keep | Forget | Search | WhoSaw | Mailbox | Health
    | SetProviderSecret | ListProviders | CallProvider | CheckWebhook | FindMembers | ClaimOrders
    | CloseAccount | Contain | RotateKey | Erase
    | KeepNote | SendTest | ImportMembers | ExportMembers
)  # fmt: skip

AnyReply = (
    Done | Identity | SignedIn | Pending | OperatorAdded | Enrolment | Operators | Seeded
    | Contained | SiteRegistered | Revealed | RecordIds | Kept | Disclosures | Mails | HealthReport
    | Providers | ProviderAnswered | MemberIds | Imported | Exported | Rotated | Erased
)  # fmt: skip
