"""What an assessment is made of, for whoever writes about it. Asking for one is `reading`'s."""

from guard.wire import (
    Assessment,
    Assumption,
    Incident,
    Indicators,
    Moment,
    NoticeFigures,
    SetOfPeople,
    SiteSets,
)

__all__ = [
    "Assessment", "Assumption", "Incident", "Indicators", "Moment", "NoticeFigures", "SetOfPeople",
    "SiteSets",
]  # fmt: skip
