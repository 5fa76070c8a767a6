"""A file's way in: received, looked at, sealed; and its original destroyed in the end."""

import datetime as dt
import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from lockstitch.files import scanning
from lockstitch.files.decoding import Undecodable, unpack
from lockstitch.files.framing import Frame
from lockstitch.files.gateways import Quarantine
from lockstitch.files.models import Upload, Waiting
from lockstitch.files.queries import find_upload, waiting_bytes
from lockstitch.files.rules import (
    FINDINGS,
    KEPT_DAYS,
    PICTURE_BYTES,
    UPLOAD_BYTES,
    WAITING_MAX,
    claims,
    is_grave,
    is_litter,
    leads_out,
    plain_name,
    sniff,
)
from lockstitch.jobs.actions import announce
from lockstitch.kernel.clock import now
from lockstitch.kernel.errors import Refused
from lockstitch.sealed import signals

CAME = "file.came"

# Reads a picture and gives back what kind it was and a function that puts it where it belongs,
# which is called in the transaction of the verdict and answers the keys of what was made.
type Maker = Callable[[Upload, bytes], tuple[str, Callable[[], list[str]]]]


@dataclass
class Verdict:
    """What is known of a file. Only the decoder's word lets it in."""

    kind: str
    findings: list[str]
    scanners: dict[str, str]
    reason: str = ""
    put: Callable[[], list[str]] = field(default=list)

    def refuse(self, code: str) -> None:
        self.reason = code
        if code in FINDINGS:
            self.findings.append(code)


def receive(
    data: bytes, name: str, *, by: UUID, use: str, target: UUID, source: str = "",
    frame: Frame | None = None,
) -> Upload:  # fmt: skip
    """Takes a file in, unread: the worker looks at it. Raises Refused."""
    with transaction.atomic():
        if len(data) > UPLOAD_BYTES:
            raise Refused(_("The file is too large."))
        if Upload.objects.filter(state="waiting").count() >= WAITING_MAX:
            raise Refused(_("Too many files are waiting. Please try again in a few minutes."))
        numbers = list(frame.numbers) if frame else None
        return _receive(
            data, name, by=by, use=use, target=target, source=source, frame=numbers
        )  # fmt: skip


def _receive(
    data: bytes, name: str, *, by: UUID, use: str, target: UUID, source: str,
    frame: list[int] | None, archive: UUID | None = None,
) -> Upload:  # fmt: skip
    upload = Upload.here(
        by=by, name=plain_name(name), size=len(data), use=use, target=target, archive=archive,
        frame=frame,
        sha256=hashlib.sha256(data).hexdigest(), findings=claims(name, sniff(data)),
    )  # fmt: skip
    upload.save(force_insert=True)
    Waiting.here(upload=upload, data=data, source=source).save(force_insert=True)
    announce(CAME, upload_id=upload.id)
    return upload


def examine(upload_id: UUID, make: Maker) -> None:
    """What the worker does with what came. Safe to repeat: after the verdict nothing waits."""
    upload, waiting = find_upload(upload_id), waiting_bytes(upload_id)
    if upload is None or waiting is None:
        return
    data, source = waiting
    verdict = looked_at(upload, data, make)
    parts = _opened(upload, data, verdict)
    kept = Quarantine().keep(data, upload.sha256, upload.id)
    with transaction.atomic():
        if not Waiting.objects.select_for_update().filter(upload=upload).exists():
            return  # somebody else was quicker
        if not verdict.reason:
            try:
                upload.made = verdict.put()
            except Undecodable as refused:
                verdict.reason = refused.code
        for name, part in parts:
            _receive(
                part, name, by=upload.by, use=upload.use, target=upload.target, source=source,
                frame=upload.frame, archive=upload.id,
            )  # fmt: skip
        upload.state = "refused" if verdict.reason else "taken"
        upload.kind, upload.reason = verdict.kind, verdict.reason
        upload.findings, upload.scanners = verdict.findings, verdict.scanners
        upload.kept_until = now() + dt.timedelta(days=KEPT_DAYS) if kept else None
        upload.save()
        Waiting.objects.filter(upload=upload).delete()
        if verdict.findings:
            _tell(upload, source)


def looked_at(upload: Upload, data: bytes, make: Maker) -> Verdict:
    """Scanners advise, the decoder decides."""
    kind = sniff(data)
    marks, malware = scanning.marks(data), scanning.clamd(data)
    said = scanning.SILENT if marks is None else ", ".join(marks) or scanning.NOTHING
    verdict = Verdict(kind, list(upload.findings), {"yara-x": said, "clamd": malware})
    verdict.findings += [f"marker:{one}" for one in marks or []]
    if malware not in (scanning.NOT_ASKED, scanning.SILENT, scanning.NOTHING):
        verdict.findings.append("malware")
    if kind == "zip" and upload.archive is None:
        return verdict
    try:
        if len(data) > PICTURE_BYTES:
            raise Undecodable("large")
        decoded, verdict.put = make(upload, data)
        if decoded != kind:
            verdict.findings.append("decoder")
    except Undecodable as refused:
        verdict.refuse(refused.code)
    return verdict


def _opened(upload: Upload, data: bytes, verdict: Verdict) -> list[tuple[str, bytes]]:
    """What is in an archive, when that is what it is, of the names that pictures have."""
    if verdict.kind != "zip" or upload.archive is not None:
        return []
    try:
        parts = unpack(data)
        names = [name for name, _body in parts]
        if any(map(leads_out, names)) or len(set(names)) < len(names):
            raise Undecodable("names")
    except Undecodable as refused:
        verdict.refuse(refused.code)
        return []
    return [(name, body) for name, body in parts if not is_litter(name)]


def _tell(upload: Upload, source: str) -> None:
    """The watch: what was found, and in which upload; no name of a file."""
    signals.write(
        "upload", source, site_id=upload.site_id, by=str(upload.by), upload=str(upload.id),
        found=" ".join(upload.findings)[:400], grave=is_grave(upload.findings),
    )  # fmt: skip


def destroy_old() -> int:
    """Originals whose time is over; how many there were."""
    rows = Upload.objects.filter(kept_until__lt=now(), gone_at=None)
    for upload in rows:
        Quarantine().destroy(upload.sha256, upload.id)
        with transaction.atomic():
            Upload.objects.filter(id=upload.id).update(gone_at=now())
    return len(rows)
