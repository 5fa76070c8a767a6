"""The guard's own mails: codes for registering and resetting. Sealed until they are sent."""

import html
from collections.abc import Mapping
from uuid import UUID, uuid4

import msgspec
from psycopg.rows import DictRow

from guard.core import Core
from guard.db import Db, one

SUBJECTS = {
    "account.register": "確認コード / Your confirmation code",
    "account.reset": "パスワード再設定の確認コード / Your code for a new password",
    "account.exists": "ご登録について / About your registration",
    "account.new_sign_in": "新しい環境からのログイン / A new sign-in",
    "account.recovery": "担当者の再登録について / A new enrolment",
    "site.review": "担当者の権限の確認 / A review of rights is due",
    "site.export": "個人情報の一括出力の申請 / An export was asked for",
}
RECOVERY_STEPS = {
    "asked": ("再登録が申請されました（承認待ち）。", "It was asked for, and waits for approval."),
    "approved": (
        "再登録が承認されました。待機期間の後に有効になります。",
        "It was approved, and takes effect after a time of waiting.",
    ),
    "done": (
        "再登録が完了しました。以前のログイン方法はすべて無効です。",
        "It is complete: every earlier way to sign in has ended.",
    ),
    "cancelled": ("再登録は取り消されました。", "It was cancelled."),
}
PLATFORM = "Lockstitch"  # who writes to operators and staff
TEXTS = {
    "account.register": """\
{site} の会員登録の確認コードは次のとおりです。10分以内に画面に入力してください。

    {code}

お心当たりのない場合は、このメールを破棄してください。コードを誰にも伝えないでください。

---
This is the code that confirms your registration at {site}. Please type it in within
ten minutes. If you did not ask for it, ignore this mail. Tell the code to nobody.
""",
    "account.reset": """\
{site} のパスワードを再設定するための確認コードは次のとおりです。10分以内に画面に入力してください。

    {code}

お心当たりのない場合は、このメールを破棄してください。パスワードは変わりません。

---
This is the code that lets you choose a new password at {site}. Please type it in within
ten minutes. If you did not ask for it, ignore this mail: your password stays as it is.
""",
    "account.exists": """\
{site} に、このメールアドレスで会員登録のお申し込みがありましたが、すでにご登録いただいています。
ログインするか、パスワードをお忘れの場合は再設定してください。
お心当たりのない場合は、このメールを破棄してください。

---
Somebody asked to register at {site} with this address, which has an account already.
Please sign in, or choose a new password if you forgot it. If it was not you, ignore this mail.
""",
    "site.export": """\
{site} で、担当者 {asker} が個人情報の一括出力を申請しました。

    件数: {records} 件（{people} 名分）
    出力可能になる時刻: {ready}（日本時間）

ほかに承認できる担当者がいないため、上の時刻まで待ってから出力できるようになります。
お心当たりのない場合は、それまでに管理画面の「出力の承認」から取り消してください。

---
{asker} asked for an export at {site}: {records} records of {people} people. There is nobody else
to approve it, so it can be opened from {ready} (JST) on. If it should not happen, cancel it
before that, in the console under exports.
""",
    "site.review": """\
{site} の担当者の権限を見直す時期です（四半期ごと）。

    期限: {due}

管理画面の「担当者の管理」で、各担当者の役割と利用状況を確認し、継続または解除を選んでください。
退職・異動した担当者の権限は、その場で解除できます。

---
It is time to look through who works at {site}, as each quarter, by {due}. Please confirm each
person, or take their rights away, in the console under "Access of the team".
""",
    "account.new_sign_in": """\
{site} に、これまでと異なる端末または場所からログインがありました。

    端末: {device}
    IPアドレス: {address}

ご本人の操作であれば、何もする必要はありません。
お心当たりのない場合は、すぐにパスワードを変更し、管理者またはショップにご連絡ください。

---
Somebody signed in to {site} as you with a device, or from an address, not seen before
({device}; {address}). If it was you, there is nothing to do. If not, change your password at
once and tell your administrator or the shop.
""",
    "account.recovery": """\
{site} で、あなたの端末をすべて失った場合のための再登録の手続きがありました。

    {step}

お心当たりのない場合は、ログイン中の画面の「ログインの方法」から取り消すか、すぐに管理者にご連絡ください。

---
A new enrolment for you at {site}, as after the loss of every device: {step_en}
If you know nothing of it, cancel it under "Ways to sign in" where you are signed in, or tell
your administrator at once.
""",
}


class Letter(msgspec.Struct, frozen=True):
    """What a row of guard.letter holds sealed."""

    to: str
    subject: str
    text: str
    html: str


async def open_letter(core: Core, db: Db, row: DictRow) -> Letter:
    """What a row of guard.letter says. Raises keys.BoxError."""
    root = await core.own_keys.root(db, row["root_version"])
    body = root.box("letter").open(row["sealed"], str(row["id"]))
    return msgspec.msgpack.decode(body, type=Letter)


async def write_letter(
    core: Core, db: Db, purpose: str, *, site_id: UUID | None, to: str, code: str = "",
    person_id: UUID | None = None, void: bool = False, values: Mapping[str, str] | None = None,
) -> None:  # fmt: skip
    """Puts it into the post; without a site it is the platform's. A `void` one is only there to
    take as long as a real one."""
    site = await one(db, "SELECT name FROM guard.site WHERE site_id = %s", [site_id])
    name = site["name"] if site else PLATFORM
    text = TEXTS[purpose].format(site=name, code=code, **values or {})
    subject = f"{SUBJECTS[purpose]} ({name})"
    body = "".join(f"<p>{html.escape(part)}</p>" for part in text.split("\n\n"))
    await post_letter(
        core, db, purpose, site_id=site_id, to=to, subject=subject, text=text,
        html=body.replace("\n", "<br>"), person_id=person_id, void=void,
    )  # fmt: skip


async def post_letter(
    core: Core, db: Db, purpose: str, *, site_id: UUID | None, to: str, subject: str, text: str,
    html: str = "", person_id: UUID | None = None, void: bool = False,
) -> None:  # fmt: skip
    """A letter of the guard's own, sealed until it is sent. In the caller's transaction, before its
    entry of the ledger."""
    letter_id, root = uuid4(), await core.own_keys.root_to_write(db)
    body = msgspec.msgpack.encode(Letter(to, subject, text, html))
    sealed = root.box("letter").seal(body, str(letter_id))
    await db.execute(
        "INSERT INTO guard.letter (id, site_id, person_id, purpose, sealed, root_version, state)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s)",
        [
            letter_id, site_id, person_id, purpose, None if void else sealed, root.version,
            "void" if void else "waiting",
        ],
    )  # fmt: skip


async def tell_of_recovery(core: Core, db: Db, to: str, step: str) -> None:
    """To an operator, of a new enrolment that others ask for."""
    japanese, english = RECOVERY_STEPS[step]
    values = {"step": japanese, "step_en": english}
    await write_letter(core, db, "account.recovery", site_id=None, to=to, values=values)
