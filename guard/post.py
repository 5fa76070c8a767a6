"""How a mail leaves: by SMTP, or in the demo into a Maildir that can be looked at."""

import contextlib
import smtplib
from email import policy
from email.message import EmailMessage, MIMEPart
from email.parser import BytesParser
from email.policy import EmailPolicy
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import unquote

from guard.keys import write_file
from guard.outward import trust
from guard.settings import Settings
from guard.wire import Mail

SMTP_SECONDS = 15
SITE_HEADER = "X-Lockstitch-Site"


class Wire(EmailPolicy):
    """SMTP's, but an address in a List- header stays one piece: machines read it, and Python would
    write a long one as encoded words, which RFC 2369 does not know."""

    def fold(self, name: str, value: Any) -> str:
        return self._whole(name, value) or super().fold(name, value)

    def fold_binary(self, name: str, value: Any) -> bytes:
        return self._whole(name, value).encode("ascii", "ignore") or super().fold_binary(
            name, value
        )

    def _whole(self, name: str, value: Any) -> str:
        is_list = name.lower().startswith("list-")
        return f"{name}: {value}{self.linesep}" if is_list else ""


WIRE = Wire(linesep="\r\n")


class Carrier(Protocol):
    """One connection for one mail. Both calls block, and raise OSError or SMTPException.

    `envelope` is where the mail comes back to; empty: its From."""

    def send(self, name: str, message: EmailMessage, envelope: str) -> None: ...

    def close(self) -> None: ...


class SmtpCarrier:
    def __init__(self, settings: Settings) -> None:
        url = settings.mail
        host, port = url.hostname or "", url.port or 0
        self._smtp: smtplib.SMTP
        if url.scheme == "smtps":
            self._smtp = smtplib.SMTP_SSL(host, port, timeout=SMTP_SECONDS, context=trust())
        else:
            self._smtp = smtplib.SMTP(host, port, timeout=SMTP_SECONDS)
            self._smtp.ehlo_or_helo_if_needed()
            if self._smtp.has_extn("starttls"):
                self._smtp.starttls(context=trust())
            elif url.username:
                raise smtplib.SMTPNotSupportedError("no STARTTLS: no password in clear")
        if url.username:
            self._smtp.login(unquote(url.username), unquote(url.password or ""))

    def send(self, name: str, message: EmailMessage, envelope: str) -> None:
        self._smtp.send_message(message, from_addr=envelope or None)

    def close(self) -> None:
        with contextlib.suppress(OSError, smtplib.SMTPException):
            self._smtp.quit()


class MaildirCarrier:
    """A repeat has the same name and takes the place of the first."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        for part in ("cur", "new", "tmp"):
            (folder / part).mkdir(parents=True, exist_ok=True)

    def send(self, name: str, message: EmailMessage, envelope: str) -> None:
        write_file(self._folder / "new" / name, message.as_bytes())

    def close(self) -> None:
        """Nothing is held open."""


def connect(settings: Settings) -> Carrier:
    return MaildirCarrier(settings.maildir) if settings.maildir else SmtpCarrier(settings)


def read_mails(folder: Path, site_id: str | None, limit: int) -> list[Mail]:
    """Newest first, decoded."""
    files = [path for part in ("new", "cur") for path in (folder / part).glob("[!.]*")]
    mails: list[Mail] = []
    for path in sorted(files, key=lambda path: path.stat().st_mtime_ns, reverse=True):
        if len(mails) == limit:
            break
        message = BytesParser(_class=EmailMessage, policy=policy.default).parsebytes(
            path.read_bytes()
        )
        if site_id is None or message[SITE_HEADER] == site_id:
            mails.append(_mail(path.name, message))
    return mails


def _mail(key: str, message: EmailMessage) -> Mail:
    text, html = (message.get_body((kind,)) for kind in ("plain", "html"))
    return Mail(
        id=key, sender=str(message["From"]), to=str(message["To"]),
        subject=str(message["Subject"]), date=str(message["Date"]),
        text=_lines(text), html=_lines(html),
    )  # fmt: skip


def _lines(part: MIMEPart | None) -> str:
    return str(part.get_content()).replace("\r\n", "\n") if part else ""
