"""A site's own words, what was not found, and the rows that wait."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from lockstitch.kernel.clock import now
from lockstitch.kernel.errors import Refused
from lockstitch.search import queries
from lockstitch.search.models import Miss, Synonym
from lockstitch.search.rules import runs
from lockstitch.tenancy.scope import current_site_id

WORDS_MAX, WORD_MAX, GROUPS_MAX = 20, 60, 2_000
MISSES_MAX = 5_000


def set_synonyms(groups: Sequence[Sequence[str]]) -> None:
    """All groups of the site anew. Raises Refused for one that is none, and changes nothing."""
    kept = []
    for group in groups:
        words = list(dict.fromkeys(word.strip() for word in group if word.strip()))
        if not words:
            continue
        if len(words) < 2 or len(words) > WORDS_MAX:
            raise Refused(_("Two to twenty words belong together: %(text)s") % {"text": group[0]})
        wrong = next((w for w in words if len(w) > WORD_MAX or not runs(w)), None)
        if wrong is not None:
            raise Refused(_("Not a word to search for: %(text)s") % {"text": wrong[:WORD_MAX]})
        kept.append(words)
    if len(kept) > GROUPS_MAX:
        raise Refused(_("No more than %(n)s groups") % {"n": GROUPS_MAX})
    with transaction.atomic():
        Synonym.objects.all().delete()
        Synonym.objects.bulk_create(Synonym.here(words=words) for words in kept)
    queries.forget_words()


def note_miss(words: str) -> None:
    """Nothing was found for this. Words that may be a person's own are left out: letters with
    a digit or an @ among them, and anything long."""
    plain = " ".join(words.split()).lower()
    if not plain or len(plain) > 40 or any(c.isdigit() or c == "@" for c in plain):
        return
    with transaction.atomic():
        known = Miss.objects.filter(words=plain).update(times=F("times") + 1, last_at=now())
        if not known and Miss.objects.count() < MISSES_MAX:
            Miss.objects.bulk_create([Miss.here(words=plain)], ignore_conflicts=True)


def drop_miss(miss_id: UUID) -> None:
    Miss.objects.filter(id=miss_id).delete()


def catch_up(most: int = 500) -> int:
    """Rows whose moment has come, and rows that were in somebody's hand. How many products."""
    total = 0
    while True:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT search_catch_up(%s, %s)", [current_site_id(), most])
            done = int(cursor.fetchone()[0])
        total += done
        if done < most:
            return total


def set_scores(scores: Mapping[UUID, int]) -> None:
    """Product -> how much it is bought and liked; all others have none. Only what differs is
    written."""
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH new AS (SELECT * FROM unnest(%s::uuid[], %s::int[]) AS n(id, score))"
            " UPDATE search_goods g SET score = coalesce(x.score, 0) FROM ("
            " SELECT g.id, new.score FROM search_goods g LEFT JOIN new ON new.id = g.product_id"
            " WHERE g.site_id = %s AND g.score <> coalesce(new.score, 0)"
            " ORDER BY g.colour_id FOR UPDATE OF g) x WHERE g.id = x.id",
            [list(scores), list(scores.values()), current_site_id()],
        )
