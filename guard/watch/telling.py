"""Telling people and programs of an alert: letters to owners and staff, and a signed webhook."""

import base64
import hashlib
import hmac
import json
import logging
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from psycopg.rows import DictRow

from guard.accounts import answerable, email_of
from guard.core import Core
from guard.db import Db, one
from guard.letters import post_letter
from guard.outward import NoAnswer, Request, send
from guard.watch.rules import Severity

LETTERS_PER_HOUR = 20  # of one severity, about one shop or the platform: a flood hides nothing
TRIES_MAX = 12
BACKOFF_SECONDS_FIRST, BACKOFF_SECONDS_MAX = 5, 3600

SUBJECT = "【{severity}】アラート {rule} / Alert"
TEXT = """\
{site} でアラートが発生しました。管理画面の「アラート」で内容を確認してください。

    {rule}（{severity}）
    番号: {alert_id}
    時刻: {at} (UTC)
    自動対応: {action}

止める必要がある場合は「緊急対応」から操作できます。

---
An alert was raised at {site}. Please look at it under "Alerts" in the console; what has to be
stopped can be stopped under "Emergency". Number {alert_id}, {rule}, {at} UTC.
"""
SEVERITIES = {"notice": "通知", "warning": "警告", "critical": "緊急"}
ACTIONS = {"sessions": "ログアウト", "freeze": "閲覧停止", "block": "接続元の遮断"}

_RECENT = """SELECT count(*) AS n FROM guard.alert WHERE severity = %s
    AND site_id IS NOT DISTINCT FROM %s AND raised_at > now() - interval '1 hour'"""
_SITE = """SELECT site_id, name FROM guard.site WHERE %(site)s::uuid IS NULL OR site_id = %(site)s
    ORDER BY registered_at, site_id LIMIT 1"""

log = logging.getLogger("guard")


async def tell(core: Core, db: Db, alert: DictRow) -> None:
    """In the transaction that raises it. A notice is told to nobody: it stands in the list.

    What is the platform's own goes to its staff, in the name of the oldest shop, which has an
    address that mails may come from.
    """
    if core.settings.webhook:
        await db.execute("INSERT INTO guard.alert_call (alert_id) VALUES (%s)", [alert["alert_id"]])
    severity: Severity = alert["severity"]
    if severity == "notice":
        return
    recent = await one(db, _RECENT, [severity, alert["site_id"]])
    site = await one(db, _SITE, {"site": alert["site_id"]})
    if site is None or (recent and recent["n"] > LETTERS_PER_HOUR):
        return
    words = {
        "site": site["name"] if alert["site_id"] else "Lockstitch", "rule": alert["rule"],
        "severity": SEVERITIES[severity], "alert_id": alert["alert_id"],
        "at": f"{alert['raised_at'].astimezone(UTC):%Y-%m-%d %H:%M:%S}",
        "action": "、".join(ACTIONS[each] for each in alert["action"].split()) or "なし",
    }  # fmt: skip
    accounts = await answerable(db, alert["site_id"])
    roots = await core.own_keys.roots(db)
    for account in accounts:
        await post_letter(
            core, db, "alert.raised", site_id=site["site_id"], to=email_of(roots, account),
            subject=SUBJECT.format(**words), text=TEXT.format(**words),
        )  # fmt: skip


async def call_next(core: Core) -> bool:
    """Tells the webhook of one alert; False when none is due. What is refused is tried again."""
    async with core.pool.connection() as db, db.transaction():
        row = await one(
            db,
            "SELECT c.attempts, a.* FROM guard.alert_call c JOIN guard.alert a USING (alert_id)"
            " WHERE c.next_try_at <= now() ORDER BY c.next_try_at LIMIT 1"
            " FOR UPDATE OF c SKIP LOCKED",
        )
        if row is None:
            return False
        was_told = await _call(core, row)
        if was_told or row["attempts"] + 1 >= TRIES_MAX:
            if not was_told:
                log.error("webhook: alert %s was not told", row["alert_id"])
            await db.execute("DELETE FROM guard.alert_call WHERE alert_id = %s", [row["alert_id"]])
            return True
        wait = min(BACKOFF_SECONDS_FIRST * 2 ** row["attempts"], BACKOFF_SECONDS_MAX)
        await db.execute(
            "UPDATE guard.alert_call SET attempts = attempts + 1,"
            " next_try_at = now() + make_interval(secs => %s) WHERE alert_id = %s",
            [wait, row["alert_id"]],
        )
    return True


async def _call(core: Core, row: DictRow) -> bool:
    body = json.dumps({
        "type": "alert.raised", "timestamp": row["raised_at"].isoformat(),
        "data": {name: _plain(row[name]) for name in (
            "alert_id", "rule", "severity", "site_id", "subject", "evidence", "happened_at",
            "action",
        )},
    }).encode()  # fmt: skip
    parts = urlsplit(core.settings.webhook)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    secret = (core.settings.folder / "webhook.secret").read_text().strip()
    headers = signed(secret, f"alert_{core.keys.instance}_{row['alert_id']}", body)
    try:
        base = f"{parts.scheme}://{parts.netloc}"
        answered = await send(Request("POST", base, path, headers, body))
    except NoAnswer:
        return False
    return 200 <= answered.status < 300


def signed(secret: str, message_id: str, body: bytes) -> dict[str, str]:
    """The headers of Standard Webhooks (standardwebhooks.com), symmetric, version 1."""
    at = str(int(datetime.now(UTC).timestamp()))
    key = base64.b64decode(secret.removeprefix("whsec_"))
    content = b".".join([message_id.encode(), at.encode(), body])
    signature = base64.b64encode(hmac.digest(key, content, hashlib.sha256)).decode()
    return {
        "Content-Type": "application/json", "User-Agent": "Lockstitch", "webhook-id": message_id,
        "webhook-timestamp": at, "webhook-signature": f"v1,{signature}",
    }  # fmt: skip


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value
