"""`--break`: to come."""


def list_breaks() -> None:
    """None yet."""


def break_one(name: str, *, as_json: bool) -> int:
    """None yet."""
    raise NotImplementedError(name, as_json)
