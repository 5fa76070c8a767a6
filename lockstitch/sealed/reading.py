"""Asking the guard, on behalf of a live person. Every answer is on the guard's record."""

import os
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from guard.client import GuardClient, GuardRefused, GuardUnavailable
from guard.wire import (
    EXPORT_MAX,
    KEY_DAYS_MAX,
    KEY_FIELDS,
    KEY_MOST,
    KEY_NAME_MAX,
    RECORDS_MAX,
    Action,
    AddOperator,
    AddPasskey,
    Alert,
    ApiKeyRow,
    ApiKeySpec,
    ApproveExport,
    ApproveRecovery,
    ApproveSecond,
    Ask,
    AskExport,
    AskPasskey,
    AskProof,
    AskSignIn,
    Assess,
    AssessedPerson,
    Assessment,
    Basis,
    CancelExport,
    CancelRecovery,
    CancelSecond,
    ChangePassword,
    CheckWebhook,
    ClaimOrders,
    CloseAccount,
    ConfirmEnrolment,
    ConfirmRegistration,
    ConfirmReview,
    Contain,
    Contained,
    DisableOperator,
    Disclosure,
    EndApiKey,
    EndSessions,
    Enrol,
    Erase,
    ExportMembers,
    ExportState,
    FindMembers,
    FinishReset,
    Forget,
    GetAssessed,
    GetAssessment,
    GetExports,
    GetIncidents,
    GetNotices,
    GetReviews,
    GetSeconds,
    HandleAlert,
    Health,
    Holds,
    Identity,
    ImportMembers,
    Incident,
    Indicators,
    Invited,
    IpList,
    Keep,
    KeepNote,
    KeyPurpose,
    KeyState,
    ListAlerts,
    ListApiKeys,
    ListHolds,
    ListIpRules,
    ListLimits,
    ListOperators,
    ListPasskeys,
    ListProviders,
    ListSessions,
    Mailbox,
    MakeApiKey,
    MemberRow,
    MovedIn,
    MyKey,
    MyRecords,
    NameBuyer,
    NextRows,
    OpenExport,
    OpenFile,
    OpenIncident,
    OperatorRow,
    PlantHoney,
    Proof,
    Prove,
    Provider,
    ProviderRow,
    RegisterCompany,
    RegisterSite,
    RemovePasskey,
    Reveal,
    ReviewedRight,
    Role,
    RotateKey,
    Search,
    SearchBy,
    SecondRow,
    SeedPrincipal,
    SendNotices,
    SendTest,
    SetIpRules,
    SetLimits,
    SetProviderSecret,
    SetRetention,
    SetSecond,
    SetWaysToPay,
    Severity,
    SignedIn,
    SignInMember,
    SignInOperator,
    SignInPasskey,
    SignOut,
    SiteReview,
    StartRegistration,
    StartReset,
    StateFacts,
    Trace,
    WhoAmI,
    WhoSaw,
)
from lockstitch.kernel.errors import Refused

__all__ = [
    "EXPORT_MAX",
    "KEY_DAYS_MAX",
    "KEY_FIELDS",
    "KEY_MOST",
    "KEY_NAME_MAX",
    "RECORDS_MAX",
    "Action",
    "AddOperator",
    "AddPasskey",
    "Alert",
    "ApiKeyRow",
    "ApiKeySpec",
    "ApproveExport",
    "ApproveRecovery",
    "ApproveSecond",
    "AskExport",
    "AskPasskey",
    "AskProof",
    "AskSignIn",
    "Assess",
    "AssessedPerson",
    "Assessment",
    "Basis",
    "Caller",
    "CancelExport",
    "CancelRecovery",
    "CancelSecond",
    "ChangePassword",
    "CheckWebhook",
    "ClaimOrders",
    "CloseAccount",
    "ConfirmEnrolment",
    "ConfirmRegistration",
    "ConfirmReview",
    "Contain",
    "Contained",
    "Denied",
    "DisableOperator",
    "Disclosure",
    "EndApiKey",
    "EndSessions",
    "Enrol",
    "Erase",
    "ExportMembers",
    "ExportState",
    "FindMembers",
    "FinishReset",
    "Forget",
    "GetAssessed",
    "GetAssessment",
    "GetExports",
    "GetIncidents",
    "GetNotices",
    "GetReviews",
    "GetSeconds",
    "HandleAlert",
    "Health",
    "Holds",
    "Identity",
    "ImportMembers",
    "Incident",
    "Indicators",
    "Invited",
    "IpList",
    "Keep",
    "KeepNote",
    "KeyPurpose",
    "KeyState",
    "ListAlerts",
    "ListApiKeys",
    "ListHolds",
    "ListIpRules",
    "ListLimits",
    "ListOperators",
    "ListPasskeys",
    "ListProviders",
    "ListSessions",
    "Mailbox",
    "MakeApiKey",
    "MemberRow",
    "MovedIn",
    "MyKey",
    "MyRecords",
    "NameBuyer",
    "NextRows",
    "OpenExport",
    "OpenFile",
    "OpenIncident",
    "OperatorRow",
    "PlantHoney",
    "Proof",
    "Prove",
    "Provider",
    "ProviderRow",
    "Refused",
    "RegisterCompany",
    "RegisterSite",
    "RemovePasskey",
    "Reveal",
    "ReviewedRight",
    "Role",
    "RotateKey",
    "Search",
    "SearchBy",
    "SecondRow",
    "SeedPrincipal",
    "SendNotices",
    "SendTest",
    "SetIpRules",
    "SetLimits",
    "SetProviderSecret",
    "SetRetention",
    "SetSecond",
    "SetWaysToPay",
    "Severity",
    "SignInMember",
    "SignInOperator",
    "SignInPasskey",
    "SignOut",
    "SignedIn",
    "SiteReview",
    "StartRegistration",
    "StartReset",
    "StateFacts",
    "Trace",
    "Unavailable",
    "WhoAmI",
    "WhoSaw",
    "ask",
    "is_signed_out",
]  # fmt: skip

SENTENCES = {
    "session": _("Please sign in."),
    "forbidden": _("You may not see this."),
    "not_found": _("There is no such thing."),
    "address": _("You may not work from this network address."),
    "credentials": _("The e-mail address, the password or the code is not right."),
    "budget": _("That is more people than you may look at without proving that it is you."),
    "frozen": _("Nobody may look at personal data here for now: the shop is being protected."),
    "throttled": _("Too many attempts. Please wait ten minutes."),
    "password": _("Please choose a longer or less common password (at least 8 characters)."),
    "code": _("That code is wrong or has expired."),
    "invalid": _("Something in the form is not right."),
    "conflict": _("That exists already."),
}


@dataclass(frozen=True)
class Caller:
    """The live person on whose behalf the guard is asked."""

    session: str | None = None
    address: str = ""
    agent: str = ""
    device: str = ""  # the desk's mark of this browser


class Denied(Refused):
    """The guard said no; `code` is one of guard.wire.Code."""

    def __init__(self, code: str) -> None:
        super().__init__(SENTENCES.get(code, SENTENCES["forbidden"]))
        self.code = code


def is_signed_out(refused: Refused) -> bool:
    """Whether signing in (again) is what helps."""
    return isinstance(refused, Denied) and refused.code == "session"


class Unavailable(Refused):
    def __init__(self) -> None:
        super().__init__(
            _("Personal data cannot be reached for a moment. Please try again shortly.")
        )


@cache
def _client() -> GuardClient:
    token = os.environ.pop("LOCKSTITCH_DESK_TOKEN", "") if settings.SURFACE == "desk" else ""
    if not token:
        token = _command_line_token()
    return GuardClient(settings.GUARD_SOCKET, token)


def _command_line_token() -> str:
    path = Path(settings.DATA) / "guard" / "cli.token"
    return path.read_text().strip() if path.exists() else ""


def ask[R](caller: Caller, question: Ask[R]) -> R:
    """The guard's answer. Raises Denied or Unavailable, each with a sentence for the asker."""
    try:
        return _client().call(
            question, session=caller.session, address=caller.address, agent=caller.agent,
            device=caller.device,
        )  # fmt: skip
    except GuardRefused as refused:
        raise Denied(refused.code) from None
    except GuardUnavailable:
        raise Unavailable from None
