"""From a call to its answer: who asks, whether they may, which handler."""

import hashlib
import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any
from uuid import UUID

import psycopg
from psycopg_pool import PoolTimeout

from guard import (
    api_keys,
    auth,
    buyers,
    contain,
    erasure,
    exports,
    files,
    ip_rules,
    limits,
    members,
    moving,
    operators,
    own_access,
    provider,
    proving,
    records,
    recovery,
    registration,
    reports,
    retention,
    reviews,
    rotation,
    second,
    sites,
    who_saw,
    wire,
)
from guard.asker import Asker, Channel, address_of, plain
from guard.core import Core
from guard.frames import Answer, Call, Refused
from guard.incident import assess, cases
from guard.ledger import LedgerError
from guard.policy import allow, in_order
from guard.refusal import Refusal
from guard.sessions import digest, find_asker
from guard.vault import DamagedError
from guard.watch import asked, honey
from guard.watch.noting import note
from guard.watch.traps import note_token
from guard.wire import AnyReply, Code

AGENT_MAX = 200

type Handler = Callable[[Core, Asker, Any], Awaitable[AnyReply]]

HANDLERS: dict[type[wire.Ask[Any]], Handler] = {
    wire.SignInMember: auth.sign_in_member,
    wire.SignInOperator: auth.sign_in_operator,
    wire.SignOut: auth.sign_out,
    wire.WhoAmI: auth.who_am_i,
    wire.StartRegistration: registration.start_registration,
    wire.ConfirmRegistration: registration.confirm_registration,
    wire.StartReset: registration.start_reset,
    wire.FinishReset: registration.finish_reset,
    wire.AddOperator: operators.add_operator,
    wire.Enrol: operators.enrol,
    wire.ConfirmEnrolment: operators.confirm_enrolment,
    wire.ListOperators: operators.list_operators,
    wire.UpdateOperator: operators.update_operator,
    wire.DisableOperator: operators.disable_operator,
    wire.SeedPrincipal: sites.seed_principal,
    wire.RegisterCompany: sites.register_company,
    wire.RegisterSite: sites.register_site,
    wire.Contain: contain.contain,
    wire.ListHolds: contain.list_holds,
    wire.Reveal: records.reveal,
    wire.Prove: proving.prove,
    wire.MyRecords: records.my_records,
    wire.NameBuyer: buyers.name_buyer,
    wire.Keep: records.keep,
    wire.Forget: records.forget,
    wire.Search: records.search,
    wire.WhoSaw: who_saw.who_saw,
    wire.Mailbox: reports.mailbox,
    wire.Health: reports.health,
    wire.SetProviderSecret: second.set_provider_secret,
    wire.SetSecond: second.set_second,
    wire.SetWaysToPay: second.set_ways_to_pay,
    wire.GetSeconds: second.get_seconds,
    wire.ApproveSecond: second.approve_second,
    wire.CancelSecond: second.cancel_second,
    wire.ListProviders: provider.list_providers,
    wire.CallProvider: provider.call_provider,
    wire.CheckWebhook: provider.check_webhook,
    wire.FindMembers: members.find_members,
    wire.ClaimOrders: members.claim_orders,
    wire.CloseAccount: members.close_account,
    wire.KeepNote: members.keep_note,
    wire.SendTest: members.send_test,
    wire.ImportMembers: moving.import_members,
    wire.ExportMembers: moving.export_members,
    wire.AskExport: exports.ask_export,
    wire.GetExports: exports.get_exports,
    wire.ApproveExport: exports.approve_export,
    wire.CancelExport: exports.cancel_export,
    wire.OpenExport: exports.open_export,
    wire.NextRows: exports.next_rows,
    wire.Trace: exports.trace,
    wire.Assess: assess.assess,
    wire.GetAssessment: assess.get_assessment,
    wire.GetAssessed: assess.get_assessed,
    wire.OpenIncident: cases.open_incident,
    wire.GetIncidents: cases.get_incidents,
    wire.StateFacts: cases.state_facts,
    wire.SendNotices: cases.send_notices,
    wire.GetNotices: cases.get_notices,
    wire.AskSignIn: auth.ask_sign_in,
    wire.SignInPasskey: auth.sign_in_passkey,
    wire.AskProof: proving.ask_proof,
    wire.AskPasskey: own_access.ask_passkey,
    wire.AddPasskey: own_access.add_passkey,
    wire.RemovePasskey: own_access.remove_passkey,
    wire.ListPasskeys: own_access.list_passkeys,
    wire.ListSessions: own_access.list_sessions,
    wire.EndSessions: own_access.end_sessions,
    wire.ChangePassword: own_access.change_password,
    wire.ApproveRecovery: recovery.approve_recovery,
    wire.CancelRecovery: recovery.cancel_recovery,
    wire.GetReviews: reviews.get_reviews,
    wire.ConfirmReview: reviews.confirm_review,
    wire.ListIpRules: ip_rules.list_ip_rules,
    wire.SetIpRules: ip_rules.set_ip_rules,
    wire.ListLimits: limits.list_limits,
    wire.SetLimits: limits.set_limits,
    wire.SetRetention: retention.set_retention,
    wire.ListAlerts: asked.list_alerts,
    wire.HandleAlert: asked.handle_alert,
    wire.Sensed: asked.sensed,
    wire.PlantHoney: honey.plant_honey,
    wire.RotateKey: rotation.rotate,
    wire.Erase: erasure.erase,
    wire.OpenFile: files.open_file,
    wire.MakeApiKey: second.make_api_key,
    wire.ListApiKeys: api_keys.list_api_keys,
    wire.EndApiKey: api_keys.end_api_key,
    wire.MyKey: api_keys.my_key,
}

log = logging.getLogger("guard")


async def answer(core: Core, channel: Channel, call: Call) -> Answer:
    """Always an answer. A log line of a failure holds names of types, never a value."""
    try:
        asker = await _who(core, channel, call)
        try:
            allow(asker, call.ask)
            reply = await HANDLERS[type(call.ask)](core, asker, call.ask)
        except Refusal as refusal:
            await _write_refusal(core, asker, call.ask, refusal.code)
            raise
    except Refusal as refusal:
        return _refused(call, refusal.code, refusal.message)
    except psycopg.DataError:  # a text that no column takes
        return _refused(call, "invalid")
    except TimeoutError:
        raise
    except DamagedError as damaged:
        await note(core, "damaged", record=str(damaged.record_id))
        return _refused(call, "unavailable", "a record does not open")
    except Exception as error:
        known = (psycopg.Error, PoolTimeout, LedgerError)
        level = logging.WARNING if isinstance(error, known) else logging.ERROR
        log.log(level, "%s: %s", type(call.ask).__name__, type(error).__name__)
        return _refused(call, "unavailable")
    return Answer(id=call.id, reply=reply)


def _refused(call: Call, code: Code, message: str = "") -> Answer:
    return Answer(id=call.id, refused=Refused(code, message))


async def _who(core: Core, channel: Channel, call: Call) -> Asker:
    address, agent = address_of(call.address), plain(call.agent, AGENT_MAX)
    if channel == "cli":
        return Asker(channel=channel, kind="cli", address="", agent=agent, principal="cli")
    if channel == "worker":
        return Asker(channel=channel, kind="system", address="", agent=agent, principal="payments")
    if channel == "sensor":
        return Asker(channel=channel, kind="system", address="", agent=agent, principal="files")
    found = None
    if call.session:
        async with core.pool.connection() as db:
            found = await find_asker(
                db, call.session, channel=channel, address=address, agent=agent
            )
        if found is None:
            await note_token(core, call.session, address)
        elif not found.is_allowed_here:
            of = found.site_ids[0] if found.kind == "key" else None
            await core.ledger.append(
                found.entry("elsewhere", outcome="refused:address", site_id=of)
            )
            raise Refusal("address")
    asker = found or Asker(channel=channel, kind="anonymous", address=address, agent=agent)
    if call.device:
        asker = replace(asker, device_hash=digest(call.device))
    if isinstance(call.ask, wire.Reveal | wire.NameBuyer) and call.ask.guest_token:
        token_hash = digest(call.ask.guest_token)
        asker = replace(asker, guest_hash=token_hash)
        if asker.kind == "anonymous":
            # Not the digest itself: that opens nothing, but it is stored beside the record.
            piece = hashlib.sha256(token_hash).hexdigest()[:32]
            asker = replace(asker, kind="guest", principal=piece)
    return asker


async def _write_refusal(core: Core, asker: Asker, ask: wire.Ask[Any], code: Code) -> None:
    """A refused look at people is on the record too; what was malformed, only as such."""
    outcome = f"refused:{code}"
    if isinstance(ask, wire.Search | wire.FindMembers):
        entry = asker.entry(
            "search", outcome=outcome, purpose=f"search.{ask.by}", site_id=ask.site_id
        )
    elif isinstance(ask, wire.Reveal | wire.Prove):
        is_reveal = isinstance(ask, wire.Reveal)
        most = wire.RECORDS_MAX if is_reveal else wire.MANIFEST_MAX
        ids: list[UUID] = list(dict.fromkeys(ask.record_ids))[:most]
        async with core.pool.connection() as db:
            found = list((await core.vault.find(db, ids)).values())
        sites_asked = {record.site_id for record in found}
        entry = asker.entry(
            "reveal" if is_reveal else "step_up", outcome=outcome, records=ids,
            purpose=ask.purpose if records.PURPOSE.fullmatch(ask.purpose) else "",
            fields=in_order(ask.fields),
            site_id=sites_asked.pop() if len(sites_asked) == 1 else None,
            persons=list(dict.fromkeys(record.person_id for record in found)),
        )  # fmt: skip
    elif asker.kind == "system" and code == "forbidden":
        entry = asker.entry("denied", outcome=outcome, purpose=f"ask.{type(ask).__name__}")
    else:
        return
    await core.ledger.append(entry)
