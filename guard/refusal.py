"""Saying no."""

from guard.wire import Code


class Refusal(Exception):
    """The answer is no. `message` is for developers and names no person."""

    def __init__(self, code: Code, message: str = "") -> None:
        super().__init__(code)
        self.code: Code = code
        self.message = message
