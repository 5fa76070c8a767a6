"""What can be expected to go wrong: small classes, each with a sentence for who is concerned."""

from django.utils.functional import Promise


class Refused(Exception):
    """An action said no. `str()` is a translated sentence that may be shown as it is."""

    def __init__(self, message: str | Promise) -> None:
        super().__init__(message)
        self.message = message

    def __str__(self) -> str:
        return str(self.message)


class NotFound(Refused):
    """There is no such thing, or it is not yours: the two must look alike."""
