"""What `lockstitch doctor` looks at. Each check yields findings: fine, failed (and how to mend
it), or a note."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Finding:
    name: str
    state: Literal["ok", "failed", "note"]
    detail: str = ""
    mend: str = ""


def finding(name: str, problem: str | None, mend: str = "", *, detail: str = "") -> Finding:
    """Fine when there is no problem."""
    if problem:
        return Finding(name, "failed", problem, mend)
    return Finding(name, "ok", detail)
