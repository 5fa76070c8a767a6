"""Who may ask what. What is not in this table is denied; what follows from a record is in
`records` and `who_saw`, beside the question."""

from collections.abc import Iterable, Set
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from guard import wire
from guard.asker import Asker
from guard.refusal import Refusal

ANYONE = frozenset({"anonymous", "guest", "member", "operator", "staff"})
ROLES = frozenset({"owner", "merchandiser", "orders", "support", "readonly"})
PEOPLE_ROLES = frozenset({"owner", "orders", "support"})

# Of people's fields, in groups: which an operator's role is shown, and which it may take out.
GROUPS = {
    "name": ("family_name", "given_name", "family_kana", "given_kana"),
    "contact": ("email", "phone"),
    "address": ("postal_code", "prefecture", "city", "street", "building"),
    "note": ("note",),
    "bank": ("bank_account",),
}
_DAILY = frozenset({"name", "contact", "address", "note"})
SEES: dict[str, dict[str, frozenset[str]]] = {
    "owner": {"reveal": _DAILY | {"bank"}, "export": _DAILY},
    "orders": {"reveal": _DAILY | {"bank"}, "export": _DAILY},
    "support": {"reveal": _DAILY, "export": frozenset()},
    "merchandiser": {"reveal": frozenset(), "export": frozenset()},
    "readonly": {"reveal": frozenset(), "export": frozenset()},
}


@dataclass(frozen=True)
class Rule:
    """`kinds` through the desk; of operators only those `roles`; the command line if `cli`; the
    worker if `worker`; the file watch if `sensor`."""

    kinds: Set[str] = frozenset()
    roles: Set[str] = ROLES
    cli: bool = False
    worker: bool = False
    sensor: bool = False


_KINDS = frozenset
_SIGNED_IN = frozenset({"member", "operator", "staff"})
_ADMIN = Rule(kinds=_KINDS({"staff", "operator"}), roles=_KINDS({"owner"}))
_OWNER = Rule(kinds=_KINDS({"operator"}), roles=_KINDS({"owner"}))
_STAFF = Rule(kinds=_KINDS({"staff"}), cli=True)
_EXPORTERS = Rule(kinds=_KINDS({"operator"}), roles=_KINDS({"owner", "orders"}))
_MEMBER = Rule(kinds=_KINDS({"member"}))

TABLE: dict[type[wire.Ask[Any]], Rule] = {
    wire.SignInMember: Rule(kinds=ANYONE),
    wire.SignInOperator: Rule(kinds=ANYONE),
    wire.SignOut: Rule(kinds=_SIGNED_IN),
    wire.WhoAmI: Rule(kinds=_SIGNED_IN),
    wire.StartRegistration: Rule(kinds=ANYONE),
    wire.ConfirmRegistration: Rule(kinds=ANYONE),
    wire.StartReset: Rule(kinds=ANYONE),
    wire.FinishReset: Rule(kinds=ANYONE),
    wire.AddOperator: _ADMIN,
    wire.UpdateOperator: _ADMIN,
    wire.DisableOperator: _ADMIN,
    wire.ListOperators: Rule(kinds=_ADMIN.kinds, roles=_ADMIN.roles, cli=True),
    wire.Enrol: Rule(kinds=ANYONE),
    wire.ConfirmEnrolment: Rule(kinds=ANYONE),
    wire.SeedPrincipal: Rule(cli=True),
    wire.RegisterCompany: _STAFF,
    wire.RegisterSite: _STAFF,
    wire.Contain: Rule(kinds=_ADMIN.kinds, roles=_ADMIN.roles, cli=True),
    wire.ListHolds: Rule(kinds=_KINDS({"staff"}), cli=True),
    wire.Reveal: Rule(kinds=_KINDS({"member", "guest", "operator", "key"}), roles=PEOPLE_ROLES),
    wire.MyKey: Rule(kinds=_KINDS({"key"})),
    wire.MakeApiKey: _OWNER,
    wire.ListApiKeys: _OWNER,
    wire.EndApiKey: Rule(kinds=_ADMIN.kinds, roles=_ADMIN.roles, cli=True),
    wire.NameBuyer: Rule(kinds=_KINDS({"member", "guest", "operator"}), roles=PEOPLE_ROLES),
    wire.Prove: Rule(kinds=_KINDS({"operator"}), roles=PEOPLE_ROLES),
    wire.MyRecords: _MEMBER,
    wire.Keep: _MEMBER,
    wire.Forget: _MEMBER,
    wire.Search: Rule(kinds=_KINDS({"operator"}), roles=PEOPLE_ROLES),
    wire.WhoSaw: Rule(
        kinds=_KINDS({"member", "operator"}), roles=PEOPLE_ROLES | {"readonly"}, cli=True
    ),
    wire.Mailbox: Rule(kinds=ANYONE, cli=True),
    wire.Health: Rule(kinds=ANYONE, cli=True),
    wire.SetProviderSecret: _OWNER,
    wire.ListProviders: _OWNER,
    wire.SetSecond: _OWNER,
    wire.SetWaysToPay: _OWNER,
    wire.GetSeconds: _OWNER,
    wire.ApproveSecond: _OWNER,
    wire.CancelSecond: _OWNER,
    wire.CallProvider: Rule(worker=True),
    wire.CheckWebhook: Rule(kinds=ANYONE),  # the signature is what proves who asks
    wire.FindMembers: Rule(kinds=_KINDS({"operator"}), roles=PEOPLE_ROLES),
    wire.ClaimOrders: _MEMBER,
    wire.CloseAccount: _MEMBER,
    wire.KeepNote: Rule(kinds=_KINDS({"operator"}), roles=PEOPLE_ROLES),
    wire.SendTest: Rule(kinds=_KINDS({"operator"}), roles=_KINDS({"owner", "merchandiser"})),
    wire.AskSignIn: Rule(kinds=ANYONE),
    wire.SignInPasskey: Rule(kinds=ANYONE),
    wire.AskProof: Rule(kinds=_SIGNED_IN),
    wire.AskPasskey: Rule(kinds=_SIGNED_IN),
    wire.AddPasskey: Rule(kinds=_SIGNED_IN),
    wire.RemovePasskey: Rule(kinds=_SIGNED_IN),
    wire.ListPasskeys: Rule(kinds=_SIGNED_IN),
    wire.ListSessions: Rule(kinds=_SIGNED_IN),
    wire.EndSessions: Rule(kinds=_SIGNED_IN),
    wire.ChangePassword: _MEMBER,
    wire.ApproveRecovery: _ADMIN,
    wire.CancelRecovery: Rule(kinds=_ADMIN.kinds),
    wire.GetReviews: _ADMIN,
    wire.ConfirmReview: _OWNER,
    wire.ListIpRules: Rule(kinds=_ADMIN.kinds, roles=_ADMIN.roles, cli=True),
    wire.SetIpRules: Rule(kinds=_ADMIN.kinds, roles=_ADMIN.roles, cli=True),
    wire.ListLimits: Rule(kinds=_ADMIN.kinds, roles=_ADMIN.roles, cli=True),
    wire.SetLimits: Rule(kinds=_ADMIN.kinds, roles=_ADMIN.roles, cli=True),
    wire.SetRetention: _ADMIN,
    wire.ImportMembers: Rule(cli=True),
    wire.ExportMembers: Rule(cli=True),
    wire.AskExport: _EXPORTERS,
    wire.GetExports: Rule(kinds=_ADMIN.kinds, roles=_EXPORTERS.roles, cli=True),
    wire.ApproveExport: Rule(kinds=_ADMIN.kinds, roles=_EXPORTERS.roles),
    wire.CancelExport: Rule(kinds=_ADMIN.kinds, roles=_EXPORTERS.roles, cli=True),
    wire.OpenExport: _EXPORTERS,
    wire.NextRows: _EXPORTERS,
    wire.Trace: _STAFF,
    wire.Assess: _STAFF,
    wire.GetAssessment: _STAFF,
    wire.GetAssessed: _STAFF,
    wire.OpenIncident: _STAFF,
    wire.GetIncidents: _STAFF,
    wire.StateFacts: _STAFF,
    wire.SendNotices: _STAFF,
    wire.GetNotices: _STAFF,
    wire.ListAlerts: Rule(kinds=_ADMIN.kinds, roles=_ADMIN.roles, cli=True),
    wire.HandleAlert: Rule(kinds=_ADMIN.kinds, roles=_ADMIN.roles, cli=True),
    wire.Sensed: Rule(sensor=True),
    wire.PlantHoney: Rule(cli=True),
    wire.RotateKey: Rule(cli=True),
    wire.Erase: Rule(cli=True),
    wire.OpenFile: Rule(cli=True),
}


def allow(asker: Asker, ask: wire.Ask[Any]) -> None:
    """Raises Refusal `session` when signing in could help, else `forbidden`."""
    rule = TABLE.get(type(ask), Rule())
    if asker.channel == "cli":
        allowed = rule.cli
    elif asker.channel == "worker":
        allowed = rule.worker
    elif asker.channel == "sensor":
        allowed = rule.sensor
    else:
        allowed = asker.kind in rule.kinds
        if asker.kind == "operator":
            allowed = allowed and asker.role in rule.roles
    if not allowed:
        raise Refusal("session" if asker.kind == "anonymous" and rule.kinds else "forbidden")


def allow_fields(asker: Asker, verb: Literal["reveal", "export"], fields: Iterable[str]) -> None:
    """Raises Refusal `forbidden` for a field that an operator's role has nothing to do with."""
    if asker.kind != "operator":
        return
    groups = SEES[asker.role or "readonly"][verb]
    allowed = {field for group in groups for field in GROUPS[group]}
    if not set(fields) <= allowed:
        raise Refusal("forbidden", "not these fields")


def need_site(asker: Asker, site_id: UUID | None) -> None:
    """Refusal `not_found` for a site at which an operator does not work."""
    if asker.kind == "operator" and site_id not in asker.site_ids:
        raise Refusal("not_found", "no such site")


def in_order(fields: list[str]) -> list[str]:
    """Those that there are, each once, as the ledger writes them."""
    return [name for name in wire.FIELDS if name in fields]
