"""Where pictures are kept: by the hash of their bytes, so a file never changes once it is there."""

import os
import tempfile
from hashlib import sha256
from pathlib import Path

from django.conf import settings

TYPES = {"avif": "image/avif", "webp": "image/webp"}


class DiskStore:
    """`media/ab/cdef….webp` under the data folder."""

    def __init__(self, root: Path | None = None) -> None:
        self.root = root or settings.DATA / "media"

    def keep(self, data: bytes, extension: str) -> str:
        """Writes the bytes and returns their key; the same bytes are kept once."""
        name = sha256(data).hexdigest()
        key = f"{name[:2]}/{name[2:]}.{extension}"
        path = self.root / key
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            handle, making = tempfile.mkstemp(dir=path.parent, prefix=".making-")
            with os.fdopen(handle, "wb") as file:
                file.write(data)
            Path(making).chmod(0o644)
            Path(making).rename(path)
        return key

    def path(self, key: str) -> Path | None:
        """The file of a key, or None when there is none."""
        path = self.root / key
        return path if path.is_file() else None
