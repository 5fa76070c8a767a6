"""The figures of a case, made once; every document takes its numbers from here and nowhere else."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from lockstitch.disclosure.rules import FACTS, deadlines, known_at
from lockstitch.kernel.clock import JST, now
from lockstitch.sealed.assessments import Assessment, Incident, SetOfPeople, SiteSets

KINDS = ("disclosed", "in_flight", "cannot_be_excluded", "sealed_only")
UNKNOWN = {"ja": "把握していない", "en": "not known yet"}
FIELD_WORDS = {
    "family_name": ("氏", "family name"), "given_name": ("名", "given name"),
    "family_kana": ("氏（カナ）", "family name in kana"),
    "given_kana": ("名（カナ）", "given name in kana"),
    "email": ("メールアドレス", "e-mail address"), "phone": ("電話番号", "phone number"),
    "postal_code": ("郵便番号", "postcode"),
    "prefecture": ("都道府県", "prefecture"), "city": ("市区町村", "city"),
    "street": ("番地", "street"), "building": ("建物名", "building"),
    "note": ("備考・メッセージ", "notes and messages"),
    "bank_account": ("振込先口座", "bank account"), "password": ("パスワード", "password"),
}  # fmt: skip
ASSUMPTION_WORDS = {
    "A1": "鍵を持つプロセス（guard）は侵害されていない",
    "A2": "開示台帳はチェックポイント・証人と一致し、欠けていない",
    "A3": "監視センサーは途切れていない",
    "A4": "預かったデータはすべて受け付けられ、存在する",
    "A5": "鍵は複製されていない",
    "A6": "データベースの複製には封緘済みの記録しかない",
    "A7": "時計のずれは1秒以内である",
}


def field_words(lang: str) -> dict[str, str]:
    """What each field is called: `{"phone": "電話番号", ...}`."""
    return {name: words[lang != "ja"] for name, words in FIELD_WORDS.items()}


def touched_of(sites: Sequence[SiteSets]) -> list[SiteSets]:
    """Those with somebody in one of the sets."""
    return [site for site in sites if any(_set(site, kind).people for kind in KINDS)]


def figures(
    case: Incident, found: Assessment, lang: str, *, only: UUID | None = None
) -> dict[str, Any]:
    """The context of a document in `lang` (ja, en); of one site's figures if `only`."""
    sites = [each for each in found.sites if only is None or each.site_id == only]
    touched = touched_of(sites)
    facts = {name: case.facts.get(name) or UNKNOWN[lang] for name, *_words in FACTS}
    known = known_at(case.facts.get("known_at", "")) or case.opened_at
    return {
        "lang": lang, "title": case.title, "case": str(case.incident_id), "facts": facts,
        "known_at": _time(known), "written_on": f"{now().astimezone(JST):%Y-%m-%d}",
        "sites": [_site(each, lang) for each in touched],
        "total": {kind: _total(sites, kind, lang) for kind in KINDS},
        "people": sum(each.people for each in sites), "site_count": len(touched),
        "company_count": len({each.company_id for each in touched}),
        "untouched": sum(each.untouched for each in sites),
        "assumptions": [
            {
                "id": each.id, "statement": _statement(each.id, each.statement, lang),
                "state": _holds(each.holds, lang), "evidence": each.evidence,
            }
            for each in found.assumptions
        ],
        "failed": [each.id for each in found.assumptions if each.holds is False],
        "timeline": [
            {
                "at": _time(each.at), "utc": f"{each.at:%Y-%m-%d %H:%M:%S}Z", "what": each.what,
                "who": each.who, "purpose": each.purpose, "address": each.address,
                "times": each.times, "people": each.people,
                "evidence": f"#{each.first_seq}-{each.last_seq}" if each.last_seq is not None
                else "alert",
            }
            for each in found.timeline
        ],
        "addresses": found.addresses, "operators": len(found.operators),
        "sessions": len(found.sessions), "entries": found.entries,
        "since": _time(found.indicators.since) if found.indicators else "",
        "until": _time(found.indicators.until) if found.indicators else "",
        "checkpoint": found.checkpoint, "assessed_at": _time(found.made_at),
        "checkpoint_hash": hashlib.sha256(found.checkpoint.encode()).hexdigest(),
        "deadlines": [
            {
                "name": each.ja if lang == "ja" else each.en, "basis": each.basis,
                "due": _time(each.due), "latest": _time(each.latest),
            }
            for each in deadlines(known)
        ],
    }  # fmt: skip


def _set(site: SiteSets, kind: str) -> SetOfPeople:
    found: SetOfPeople = getattr(site, kind)
    return found


def _site(site: SiteSets, lang: str) -> dict[str, Any]:
    return {
        "name": site.name, "company": site.company, "people": site.people,
        **{kind: _figures(_set(site, kind), lang) for kind in KINDS},
    }  # fmt: skip


def _total(sites: Sequence[SiteSets], kind: str, lang: str) -> dict[str, Any]:
    parts = [_set(each, kind) for each in sites]
    fields: dict[str, int] = {}
    for part in parts:
        for name, people in part.fields.items():
            fields[name] = fields.get(name, 0) + people
    return _figures(
        SetOfPeople(
            people=sum(each.people for each in parts), records=sum(each.records for each in parts),
            orders=sum(each.orders for each in parts), fields=fields,
            first_at=min((each.first_at for each in parts if each.first_at), default=None),
            last_at=max((each.last_at for each in parts if each.last_at), default=None),
        ),
        lang,
    )  # fmt: skip


def _figures(found: SetOfPeople, lang: str) -> dict[str, Any]:
    words = field_words(lang)
    names = [name for name in FIELD_WORDS if name in found.fields]
    return {
        "people": found.people, "records": found.records, "orders": found.orders,
        "fields": [{"name": words[name], "people": found.fields[name]} for name in names],
        "field_names": ("、" if lang == "ja" else ", ").join(words[name] for name in names),
        "first_at": _time(found.first_at), "last_at": _time(found.last_at),
    }  # fmt: skip


def _time(moment: datetime | None) -> str:
    return f"{moment.astimezone(JST):%Y-%m-%d %H:%M:%S}" if moment else ""


def _statement(id: str, statement: str, lang: str) -> str:
    return ASSUMPTION_WORDS.get(id, statement) if lang == "ja" else statement


def _holds(holds: bool | None, lang: str) -> str:
    words = {True: ("成立", "holds"), False: ("不成立", "does not hold"),
             None: ("未確認", "not checked")}  # fmt: skip
    return words[holds][lang != "ja"]
