"""Files of a form stay in memory: a confined process has no folder for temporary ones."""

from typing import Any

from django.core.files.uploadhandler import MemoryFileUploadHandler


class InMemory(MemoryFileUploadHandler):
    """Django's own, however large the file; how large a request may be is looks.doors' affair."""

    def handle_raw_input(self, *args: Any, **kwargs: Any) -> None:
        self.activated = True
