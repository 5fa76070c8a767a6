"""When what is due, and what people must find out that no machine knows."""

import tomllib
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path

import holidays

from lockstitch.kernel.clock import JST

DEADLINES = Path(__file__).parent / "deadlines.toml"

# What is asked of people about a case, in the order of a report: name, Japanese, English.
FACTS = (
    ("issuer", "公表・報告する事業者", "Who publishes and reports"),
    ("representative", "代表者", "Representative"),
    ("contact", "担当部署・連絡先", "Contact for authorities"),
    ("desk", "お客様お問い合わせ窓口", "Contact desk for customers"),
    ("known_at", "事態を知った日時 (2026-11-25 14:00)", "When it became known (2026-11-25 14:00)"),
    ("known_how", "発覚の経緯", "How it was found"),
    ("what", "事案の概要", "What happened"),
    ("cause", "原因", "Cause"),
    ("done", "実施した対応", "What was done"),
    ("harm", "二次被害の有無", "Secondary harm"),
    ("advice", "お客様へのお願い", "What customers should do"),
    ("investigation", "外部調査機関", "External investigation"),
    ("authorities", "報告した機関", "Authorities informed"),
    ("publication", "公表の状況", "Publication"),
    ("prevention", "再発防止策", "Prevention"),
    ("eu", "EU居住者の有無", "People in the EU"),
)  # fmt: skip


@dataclass(frozen=True)
class Deadline:
    """`due` and, where the rule gives a range, the `latest`; times in JST."""

    id: str
    ja: str
    en: str
    basis: str
    due: datetime
    latest: datetime | None = None


def deadlines(known_at: datetime, path: Path = DEADLINES) -> list[Deadline]:
    """Raises OSError, tomllib.TOMLDecodeError or KeyError for a file that is none."""
    rows = tomllib.loads(path.read_text())["deadline"]
    return sorted((_deadline(row, known_at) for row in rows), key=lambda each: each.due)


def _deadline(row: dict[str, str | int | bool], known_at: datetime) -> Deadline:
    roll, latest = bool(row.get("roll")), row.get("latest_days")
    if hours := row.get("hours"):
        due = known_at + timedelta(hours=int(hours))
    else:
        due = _last_day(known_at, int(row["days"]), roll=roll)
    return Deadline(
        id=str(row["id"]), ja=str(row["ja"]), en=str(row["en"]), basis=str(row["basis"]),
        due=due.astimezone(JST),
        latest=_last_day(known_at, int(latest), roll=roll) if latest else None,
    )  # fmt: skip


def _last_day(known_at: datetime, days: int, *, roll: bool) -> datetime:
    day = known_at.astimezone(JST).date() + timedelta(days=days - 1)
    while roll and _is_free(day):
        day += timedelta(days=1)
    return datetime.combine(day, time(23, 59, 59), JST)


def _is_free(day: date) -> bool:
    """Saturday, Sunday or a holiday in Japan (行政機関の休日に関する法律)."""
    new_year = (day.month, day.day) in ((12, 29), (12, 30), (12, 31), (1, 2), (1, 3))
    return new_year or day.weekday() >= 5 or day in holidays.country_holidays("JP")


def known_at(text: str) -> datetime | None:
    """`2026-11-25 14:00`, in JST unless it says otherwise; None when it is no time."""
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=JST)
