"""The quarantine: originals, sealed so that only the guard can have them opened."""

import os
from pathlib import Path
from uuid import UUID

from django.conf import settings

from lockstitch.sealed.quarantine import NotSealed, seal


class Quarantine:
    """`quarantine/<sha256>/<upload>` under the data folder; the same bytes of two shops are two
    files, each under its shop's key."""

    def __init__(self, root: Path | None = None) -> None:
        self.root = root or settings.DATA / "quarantine"

    def path(self, sha256: str, upload_id: UUID) -> Path:
        return self.root / sha256 / str(upload_id)

    def keep(self, data: bytes, sha256: str, upload_id: UUID) -> bool:
        """Whether it is there now. A shop that the guard does not know yet has no key."""
        path = self.path(sha256, upload_id)
        try:
            sealed = seal(data, upload_id)
        except NotSealed:
            return False
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        making = path.with_suffix(".making")
        making.unlink(missing_ok=True)
        with os.fdopen(os.open(making, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(sealed)
        making.rename(path)
        return True

    def destroy(self, sha256: str, upload_id: UUID) -> None:
        path = self.path(sha256, upload_id)
        path.unlink(missing_ok=True)
        if path.parent.is_dir() and not any(path.parent.iterdir()):
            path.parent.rmdir()
