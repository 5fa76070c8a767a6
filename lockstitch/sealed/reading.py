"""Asking the guard, on behalf of a live person. Every answer is on the guard's record."""

import os
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from guard.client import GuardClient, GuardRefused, GuardUnavailable
from guard.wire import (
    Action,
    AddOperator,
    Ask,
    CheckWebhook,
    ClaimOrders,
    CloseAccount,
    ConfirmEnrolment,
    ConfirmRegistration,
    Contain,
    DisableOperator,
    Disclosure,
    Enrol,
    Erase,
    ExportMembers,
    FindMembers,
    FinishReset,
    Forget,
    Health,
    Identity,
    ImportMembers,
    Keep,
    KeepNote,
    ListOperators,
    ListProviders,
    Mailbox,
    MemberRow,
    MovedIn,
    MyRecords,
    OperatorRow,
    Prove,
    Provider,
    ProviderRow,
    RegisterCompany,
    RegisterSite,
    Reveal,
    Role,
    RotateKey,
    Search,
    SearchBy,
    SeedPrincipal,
    SendTest,
    SetProviderSecret,
    SignedIn,
    SignInMember,
    SignInOperator,
    SignOut,
    StartRegistration,
    StartReset,
    WhoAmI,
    WhoSaw,
)
from lockstitch.kernel.errors import Refused

__all__ = [
    "Action", "AddOperator", "Caller", "CheckWebhook", "ClaimOrders", "CloseAccount",
    "ConfirmEnrolment", "ConfirmRegistration", "Contain", "Denied", "DisableOperator",
    "Disclosure", "Enrol", "Erase", "ExportMembers", "FindMembers", "FinishReset", "Forget",
    "Health", "Identity", "ImportMembers", "Keep", "KeepNote", "ListOperators", "ListProviders",
    "Mailbox", "MemberRow", "MovedIn", "MyRecords", "OperatorRow", "Prove", "Provider",
    "ProviderRow", "RegisterCompany", "RegisterSite", "Reveal", "Role", "RotateKey", "Search",
    "SearchBy", "SeedPrincipal", "SendTest", "SetProviderSecret", "SignInMember",
    "SignInOperator", "SignOut", "SignedIn", "StartRegistration", "StartReset", "Unavailable",
    "WhoAmI", "WhoSaw", "ask", "is_signed_out",
]  # fmt: skip

SENTENCES = {
    "session": _("Please sign in."),
    "forbidden": _("You may not see this."),
    "not_found": _("There is no such thing."),
    "credentials": _("The e-mail address, the password or the code is not right."),
    "budget": _("That is more people than you may look at without a fresh code."),
    "frozen": _("Nobody may look at personal data here for now: the shop is being protected."),
    "throttled": _("Too many attempts. Please wait ten minutes."),
    "password": _("Please choose a longer or less common password (8 to 128 characters)."),
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
            question, session=caller.session, address=caller.address, agent=caller.agent
        )
    except GuardRefused as refused:
        raise Denied(refused.code) from None
    except GuardUnavailable:
        raise Unavailable from None
