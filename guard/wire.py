"""Every question to the guard and every reply, as one typed schema; `guard.frames` carries them.

An ask names the type of its reply, so that `GuardClient.call` is typed.
"""

from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec

from guard.wire_access import ApproveRecovery as ApproveRecovery
from guard.wire_access import CancelRecovery as CancelRecovery
from guard.wire_access import IpList as IpList
from guard.wire_access import IpLists as IpLists
from guard.wire_access import ListIpRules as ListIpRules
from guard.wire_access import ListLimits as ListLimits
from guard.wire_access import Recovery as Recovery
from guard.wire_access import SetIpRules as SetIpRules
from guard.wire_access import SetLimits as SetLimits
from guard.wire_access import SetRetention as SetRetention
from guard.wire_access import SiteLimits as SiteLimits
from guard.wire_access import SitesLimits as SitesLimits
from guard.wire_api import KEY_DAYS_MAX as KEY_DAYS_MAX
from guard.wire_api import KEY_FIELDS as KEY_FIELDS
from guard.wire_api import KEY_MOST as KEY_MOST
from guard.wire_api import KEY_NAME_MAX as KEY_NAME_MAX
from guard.wire_api import ApiKeyMade as ApiKeyMade
from guard.wire_api import ApiKeyRow as ApiKeyRow
from guard.wire_api import ApiKeys as ApiKeys
from guard.wire_api import ApiKeySpec as ApiKeySpec
from guard.wire_api import EndApiKey as EndApiKey
from guard.wire_api import KeyPurpose as KeyPurpose
from guard.wire_api import KeyState as KeyState
from guard.wire_api import ListApiKeys as ListApiKeys
from guard.wire_api import MakeApiKey as MakeApiKey
from guard.wire_api import MyKey as MyKey
from guard.wire_api import Spent as Spent
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
from guard.wire_base import RevealedRecord as RevealedRecord
from guard.wire_base import Role as Role
from guard.wire_base import SearchBy as SearchBy
from guard.wire_defence import Action as Action
from guard.wire_defence import Blocked as Blocked
from guard.wire_defence import Contain as Contain
from guard.wire_defence import Contained as Contained
from guard.wire_defence import Held as Held
from guard.wire_defence import Holds as Holds
from guard.wire_defence import Invited as Invited
from guard.wire_defence import ListHolds as ListHolds
from guard.wire_defence import Prove as Prove
from guard.wire_export import EXPORT_MAX as EXPORT_MAX
from guard.wire_export import EXPORT_PAGE as EXPORT_PAGE
from guard.wire_export import ApproveExport as ApproveExport
from guard.wire_export import AskExport as AskExport
from guard.wire_export import Basis as Basis
from guard.wire_export import CancelExport as CancelExport
from guard.wire_export import ExportPurpose as ExportPurpose
from guard.wire_export import ExportRows as ExportRows
from guard.wire_export import Exports as Exports
from guard.wire_export import ExportState as ExportState
from guard.wire_export import ExportStep as ExportStep
from guard.wire_export import GetExports as GetExports
from guard.wire_export import NextRows as NextRows
from guard.wire_export import OpenedExport as OpenedExport
from guard.wire_export import OpenExport as OpenExport
from guard.wire_export import Trace as Trace
from guard.wire_files import FileKey as FileKey
from guard.wire_files import OpenFile as OpenFile
from guard.wire_incident import PEOPLE_PAGE_MAX as PEOPLE_PAGE_MAX
from guard.wire_incident import Assess as Assess
from guard.wire_incident import AssessedPeople as AssessedPeople
from guard.wire_incident import AssessedPerson as AssessedPerson
from guard.wire_incident import Assessment as Assessment
from guard.wire_incident import Assumption as Assumption
from guard.wire_incident import GetAssessed as GetAssessed
from guard.wire_incident import GetAssessment as GetAssessment
from guard.wire_incident import GetIncidents as GetIncidents
from guard.wire_incident import GetNotices as GetNotices
from guard.wire_incident import Incident as Incident
from guard.wire_incident import Incidents as Incidents
from guard.wire_incident import Indicators as Indicators
from guard.wire_incident import Moment as Moment
from guard.wire_incident import NoticeFigures as NoticeFigures
from guard.wire_incident import NoticeRun as NoticeRun
from guard.wire_incident import OpenIncident as OpenIncident
from guard.wire_incident import PersonClass as PersonClass
from guard.wire_incident import Process as Process
from guard.wire_incident import SendNotices as SendNotices
from guard.wire_incident import SetOfPeople as SetOfPeople
from guard.wire_incident import SiteSets as SiteSets
from guard.wire_incident import StateFacts as StateFacts
from guard.wire_keys import Erase as Erase
from guard.wire_keys import Erased as Erased
from guard.wire_keys import KeyName as KeyName
from guard.wire_keys import Rotated as Rotated
from guard.wire_keys import RotateKey as RotateKey
from guard.wire_members import MOVED_MAX as MOVED_MAX
from guard.wire_members import BuyerName as BuyerName
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
from guard.wire_members import NameBuyer as NameBuyer
from guard.wire_members import Outcome as Outcome
from guard.wire_members import SendTest as SendTest
from guard.wire_operators import AddOperator as AddOperator
from guard.wire_operators import ConfirmEnrolment as ConfirmEnrolment
from guard.wire_operators import ConfirmReview as ConfirmReview
from guard.wire_operators import DisableOperator as DisableOperator
from guard.wire_operators import Enrol as Enrol
from guard.wire_operators import Enrolment as Enrolment
from guard.wire_operators import GetReviews as GetReviews
from guard.wire_operators import ListOperators as ListOperators
from guard.wire_operators import OperatorAdded as OperatorAdded
from guard.wire_operators import OperatorRow as OperatorRow
from guard.wire_operators import Operators as Operators
from guard.wire_operators import ReviewedRight as ReviewedRight
from guard.wire_operators import ReviewPerson as ReviewPerson
from guard.wire_operators import Reviews as Reviews
from guard.wire_operators import Seeded as Seeded
from guard.wire_operators import SeedPrincipal as SeedPrincipal
from guard.wire_operators import SiteReview as SiteReview
from guard.wire_operators import UpdateOperator as UpdateOperator
from guard.wire_provider import ApproveSecond as ApproveSecond
from guard.wire_provider import CallProvider as CallProvider
from guard.wire_provider import CancelSecond as CancelSecond
from guard.wire_provider import CheckWebhook as CheckWebhook
from guard.wire_provider import GetSeconds as GetSeconds
from guard.wire_provider import ListProviders as ListProviders
from guard.wire_provider import Provider as Provider
from guard.wire_provider import ProviderAnswered as ProviderAnswered
from guard.wire_provider import ProviderRow as ProviderRow
from guard.wire_provider import Providers as Providers
from guard.wire_provider import SecondDone as SecondDone
from guard.wire_provider import SecondRow as SecondRow
from guard.wire_provider import Seconds as Seconds
from guard.wire_provider import SecretKept as SecretKept
from guard.wire_provider import SetProviderSecret as SetProviderSecret
from guard.wire_provider import SetSecond as SetSecond
from guard.wire_provider import SetWaysToPay as SetWaysToPay
from guard.wire_reports import Health as Health
from guard.wire_reports import HealthReport as HealthReport
from guard.wire_reports import Mail as Mail
from guard.wire_reports import Mailbox as Mailbox
from guard.wire_reports import Mails as Mails
from guard.wire_signing import AddPasskey as AddPasskey
from guard.wire_signing import AskPasskey as AskPasskey
from guard.wire_signing import AskProof as AskProof
from guard.wire_signing import AskSignIn as AskSignIn
from guard.wire_signing import ChangePassword as ChangePassword
from guard.wire_signing import ConfirmRegistration as ConfirmRegistration
from guard.wire_signing import EndSessions as EndSessions
from guard.wire_signing import FinishReset as FinishReset
from guard.wire_signing import Identity as Identity
from guard.wire_signing import ListPasskeys as ListPasskeys
from guard.wire_signing import ListSessions as ListSessions
from guard.wire_signing import PasskeyOptions as PasskeyOptions
from guard.wire_signing import PasskeyRow as PasskeyRow
from guard.wire_signing import Passkeys as Passkeys
from guard.wire_signing import Pending as Pending
from guard.wire_signing import Proof as Proof
from guard.wire_signing import RemovePasskey as RemovePasskey
from guard.wire_signing import SessionRow as SessionRow
from guard.wire_signing import Sessions as Sessions
from guard.wire_signing import SignedIn as SignedIn
from guard.wire_signing import SignInMember as SignInMember
from guard.wire_signing import SignInOperator as SignInOperator
from guard.wire_signing import SignInPasskey as SignInPasskey
from guard.wire_signing import SignOut as SignOut
from guard.wire_signing import StartRegistration as StartRegistration
from guard.wire_signing import StartReset as StartReset
from guard.wire_signing import WhoAmI as WhoAmI
from guard.wire_watch import ALERTS_MAX as ALERTS_MAX
from guard.wire_watch import Alert as Alert
from guard.wire_watch import Alerts as Alerts
from guard.wire_watch import Barred as Barred
from guard.wire_watch import HandleAlert as HandleAlert
from guard.wire_watch import ListAlerts as ListAlerts
from guard.wire_watch import PlantHoney as PlantHoney
from guard.wire_watch import Sensed as Sensed
from guard.wire_watch import Severity as Severity
from guard.wire_watch import Sighting as Sighting

# --- replies


class SiteRegistered(Reply, tag=True, frozen=True):
    key_id: UUID
    suite: int


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


# --- asks: operators and sites


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


AnyAsk = (
    SignInMember | SignInOperator | SignOut | WhoAmI | StartRegistration | ConfirmRegistration
    | StartReset | FinishReset | AddOperator | Enrol | ConfirmEnrolment | ListOperators
    | UpdateOperator | DisableOperator | SeedPrincipal | RegisterCompany | RegisterSite | Reveal
    | Prove | MyRecords | NameBuyer | Keep | Forget | Search | WhoSaw | Mailbox | Health
    | SetProviderSecret | ListProviders | CallProvider | CheckWebhook | FindMembers | ClaimOrders
    | SetSecond | SetWaysToPay | GetSeconds | ApproveSecond | CancelSecond
    | CloseAccount | Contain | RotateKey | Erase
    | KeepNote | SendTest | ImportMembers | ExportMembers
    | AskExport | GetExports | ApproveExport | CancelExport | OpenExport | NextRows | Trace
    | Assess | GetAssessment | GetAssessed | OpenIncident | GetIncidents
    | StateFacts | SendNotices | GetNotices
    | AskSignIn | SignInPasskey | AskProof | AskPasskey | AddPasskey | RemovePasskey | ListPasskeys
    | ListSessions | EndSessions | ChangePassword | ListIpRules | SetIpRules
    | ListLimits | SetLimits | SetRetention
    | ApproveRecovery | CancelRecovery | GetReviews | ConfirmReview
    | ListAlerts | HandleAlert | Sensed
    | PlantHoney | ListHolds | OpenFile | MakeApiKey | ListApiKeys | EndApiKey | MyKey
)  # fmt: skip

AnyReply = (
    Done | Identity | SignedIn | Pending | OperatorAdded | Enrolment | Operators | Seeded
    | Contained | SiteRegistered | Revealed | RecordIds | Kept | Disclosures | Mails | HealthReport
    | Providers | ProviderAnswered | MemberIds | Imported | Exported
    | ExportState | Exports | OpenedExport | ExportRows
    | Assessment | AssessedPeople | Incidents | NoticeRun
    | PasskeyOptions | Passkeys | Sessions | IpLists | Recovery
    | SitesLimits | Alerts | Holds | Rotated | Erased | FileKey | BuyerName | Reviews
    | SecretKept | Seconds | SecondDone | ApiKeyMade | ApiKeys | KeyState
)  # fmt: skip
