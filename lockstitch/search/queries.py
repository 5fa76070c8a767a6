"""Lists and searches over the index of goods: a page is one query, however many goods there are."""

import datetime as dt
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q

from lockstitch.kernel.clock import now
from lockstitch.search import rules
from lockstitch.search.counting import counts, total
from lockstitch.search.models import Goods, Term
from lockstitch.search.models import Miss as Miss
from lockstitch.search.models import Synonym as Synonym
from lockstitch.search.news import news
from lockstitch.tenancy.scope import current_site_id

PAGE = 24
FEW = 1_500  # rows that are put in order after they were found by their words
SCATTER = 4  # times dearer is a row that an index finds than the next one in order
SAMPLE = 400  # of so many rows at most the filters of a search are counted
REMEMBER_S = 300.0

# sort -> (its column, whether downwards)
SORTS = {
    "own": ("position", False), "new": ("published_from", True), "low": ("lowest_yen", False),
    "high": ("lowest_yen", True), "rank": ("score", True),
}  # fmt: skip

type Chosen = Mapping[str, Sequence[str]]  # kind of filter -> tokens, one of which must hold


@dataclass(frozen=True)
class Wish:
    """What a visitor asks for. `within` are tokens that the page itself stands for."""

    chosen: Chosen = field(default_factory=dict)
    within: tuple[str, ...] = ()
    words: str = ""
    sort: str = "own"
    after: str = ""
    limit: int = PAGE


@dataclass(frozen=True)
class Hit:
    product_id: UUID
    colour_id: UUID


@dataclass(frozen=True)
class Found:
    """`instead`: the words that were searched for in place of those typed."""

    hits: list[Hit]
    next: str = ""
    instead: str = ""
    groups: tuple[tuple[str, ...], ...] = ()
    query: str = ""
    is_broad: bool = False  # so much that its filters are not counted


def find(wish: Wish) -> Found:
    """One query; two more (and the site's words, now and then) where the words as typed find
    nothing."""
    groups = (*((token,) for token in wish.within), *map(tuple, wish.chosen.values()))
    if not wish.words.strip():
        return _page(wish, groups, "")
    mark, also = _mark(), _meanings()
    words = rules.read(wish.words, also)
    if not words:
        return Found([], groups=groups)
    found = _page(wish, groups, rules.tsquery(rules.plan(words, also), mark))
    if found.hits or wish.after:
        return found
    plan, said = _mended(words, also)
    if not plan:
        return found
    again = _page(wish, groups, rules.tsquery(plan, mark))
    return replace(again, instead=said) if again.hits else found


def _mended(
    words: list[str], also: Mapping[str, tuple[str, ...]]
) -> tuple[list[list[rules.Way]], str]:
    """Compounds taken apart, and words that nobody knows as the nearest that somebody does."""
    known = vocabulary()
    named = {**dict.fromkeys(known.known, ()), **also}
    plan, said, is_other = [], [], False
    for word in words:
        ways = rules.plan([word], also)[0]
        apart = rules.parts(word, named)
        near = [] if word in named or apart else known.near(word)
        for part in apart:
            plan.append(rules.plan([part], also)[0])
        if not apart:
            begun = [(f"w{word}*",)] if rules.is_latin(word) and len(word) > 2 else []
            plan.append([*ways, *begun, *(rules.way_of(each) for each in near)])
            is_other = is_other or bool(begun)
        said.append(" ".join(apart) or (near[0] if near else word))
        is_other = is_other or bool(apart or near)
    return (plan, " ".join(said)) if is_other else ([], "")


def _page(wish: Wish, groups: Sequence[Sequence[str]], query: str) -> Found:
    column, is_down = SORTS[wish.sort]
    site_id, moment = current_site_id(), now()
    lexemes = " & ".join(part for part in (query, _filters(groups)) if part)
    where = ["site_id = %s", "published_from <= %s",
             "(published_until IS NULL OR published_until > %s)"]  # fmt: skip
    values: list[Any] = [site_id, moment, moment]
    if not query and wish.chosen and _is_dense(wish, groups):
        for group in groups:
            where.append("facets && %s::text[]")
            values.append(list(group))
    elif lexemes:
        where.append("lexemes @@ %s::tsquery")
        values.append(lexemes)
    if wish.after and (last := _last(wish)):
        sign = "<" if is_down else ">"
        where.append(f"({column} {sign} %s OR ({column} = %s AND product_id > %s))")
        values += [last[0], last[0], last[1]]
    fitting = _about(" AND ".join(where), values) if query else None
    order = f"{column} {'DESC' if is_down else 'ASC'}, product_id, place"
    picked = f"DISTINCT ON ({column}, product_id) product_id, colour_id, {column}"  # names of ours
    rows: list[Any] = []
    is_few = fitting is not None and fitting < FEW
    with connection.cursor() as cursor:
        if is_few:
            # Few are found by their words and then put in order. Of many, the planner goes through
            # the order until the page is full; that it would also do for few, and look at all.
            cursor.execute(
                f"WITH found AS MATERIALIZED (SELECT product_id, colour_id, place, {column}"  # noqa: S608
                f" FROM search_goods WHERE {' AND '.join(where)} LIMIT {FEW})"
                f" SELECT {picked}, (SELECT count(*) FROM found) FROM found ORDER BY {order}"
                " LIMIT %s",
                [*values, wish.limit + 1],
            )
            rows = cursor.fetchall()
            is_few = not rows or rows[0][3] < FEW  # the guess was right
        if not is_few:
            cursor.execute(
                f"SELECT {picked} FROM search_goods WHERE {' AND '.join(where)}"  # noqa: S608
                f" ORDER BY {order} LIMIT %s",
                [*values, wish.limit + 1],
            )
            rows = cursor.fetchall()
    page = rows[: wish.limit]
    more = _after(page[-1]) if len(rows) > wish.limit else ""
    hits = [Hit(row[0], row[1]) for row in page]
    return Found(
        hits, more, groups=tuple(map(tuple, groups)), query=query,
        is_broad=bool(query) and not is_few,
    )  # fmt: skip


def _is_dense(wish: Wish, groups: Sequence[Sequence[str]]) -> bool:
    """Whether going through the list in its order fills a page sooner than finding all that fits
    and sorting it. The planner cannot tell: how rows lie is known to it of all sites together. The
    tokens are then asked for where no index has them."""
    if not news.is_live:
        return False
    bits = counts.of(current_site_id())
    return SCATTER * total(bits.matching(groups)) ** 2 > wish.limit * bits.products


def _about(where: str, values: list[Any]) -> int:
    """How many rows the database expects; it costs no reading."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"EXPLAIN (FORMAT JSON) SELECT 1 FROM search_goods WHERE {where}",  # noqa: S608
            values,
        )
        return int(cursor.fetchone()[0][0]["Plan"]["Plan Rows"])


def _filters(groups: Sequence[Sequence[str]]) -> str:
    mark = _mark()
    ways = [[(token,) for token in group] for group in groups if group]
    return rules.tsquery(ways, mark) if ways else ""


def _after(row: tuple[UUID, UUID, object]) -> str:
    key = row[2]
    text = str(int(key.timestamp() * 1_000_000)) if isinstance(key, dt.datetime) else str(key)
    return f"{text}_{row[0].hex}"


def _last(wish: Wish) -> tuple[object, UUID] | None:
    text, _, last = wish.after.partition("_")
    try:
        number, key = int(text), UUID(last)
        if abs(number) > 2**53:
            return None
        if wish.sort == "new":
            epoch = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
            return epoch + dt.timedelta(microseconds=number), key
        return (number, key) if abs(number) < 2**31 else None
    except (ValueError, OverflowError):
        return None


def _mark() -> str:
    return str(current_site_id())[-rules.MARK :]


def _meanings() -> Mapping[str, tuple[str, ...]]:
    """The shipped words and the site's own, which come first."""
    own = rules.meanings(Synonym.objects.values_list("words", flat=True))
    shipped = rules.shipped()
    return {**shipped, **{key: (*words, *shipped.get(key, ())) for key, words in own.items()}}


_vocabularies: dict[UUID, tuple[float, rules.Vocabulary]] = {}


def vocabulary() -> rules.Vocabulary:
    """The site's words; some minutes old at most, for they are only asked for the nearest."""
    site_id = current_site_id()
    kept = _vocabularies.get(site_id)
    if kept is not None and time.monotonic() - kept[0] < REMEMBER_S:
        return kept[1]
    own = rules.meanings(Synonym.objects.values_list("words", flat=True))
    words = [*Term.objects.values_list("word", flat=True), *own, *rules.shipped()]
    if len(_vocabularies) > 50:
        _vocabularies.clear()
    _vocabularies[site_id] = (time.monotonic(), rules.Vocabulary(words))
    return _vocabularies[site_id][1]


@dataclass(frozen=True)
class Facets:
    """`by_token`: filter -> products it would leave, given the filters of other kinds. Of a
    search that finds very much nothing is counted, and `total` is None."""

    total: int | None
    by_token: dict[str, int]


def facets(found: Found, wish: Wish) -> Facets:
    """No query, unless something changed, without words; with words one."""
    if found.query:
        return _counted(found)
    bits = counts.of(current_site_id())
    fixed = [(token,) for token in wish.within]
    whole = bits.matching([*fixed, *map(tuple, wish.chosen.values())])
    by_token = {}
    bases = {
        kind: bits.matching(
            [*fixed, *(tuple(v) for other, v in wish.chosen.items() if other != kind)]
        )
        for kind in wish.chosen
    }
    for token in bits.by_token:
        count = bits.count(bases.get(kind_of(token), whole), token)
        if count:
            by_token[token] = count
    return Facets(total(whole), by_token)


def counts_hold_s() -> float | None:
    """For how many seconds a page may show what was counted; None for as long as it likes."""
    return counts.holds_s(current_site_id())


def kind_of(token: str) -> str:
    """`f` of `f:navy`; an attribute's own `v:sleeve` of `v:sleeve:long`."""
    kind, _, rest = token.partition(":")
    return f"v:{rest.partition(':')[0]}" if kind == "v" else kind


def _counted(found: Found) -> Facets:
    """One query; none where very much is found."""
    if found.is_broad:
        return Facets(None, dict.fromkeys(counts.of(current_site_id()).by_token, 0))
    lexemes = " & ".join(p for p in (found.query, _filters(found.groups)) if p)
    moment = now()
    hits = (
        "SELECT product_id, facets FROM search_goods WHERE site_id = %s AND published_from <= %s"
        " AND (published_until IS NULL OR published_until > %s) AND lexemes @@ %s::tsquery LIMIT %s"
    )
    values: list[Any] = [current_site_id(), moment, moment, lexemes, SAMPLE]
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH hit AS MATERIALIZED ({hits})"  # noqa: S608
            " SELECT t, count(DISTINCT product_id) FROM hit, unnest(facets) t GROUP BY t"
            " UNION ALL SELECT '', count(DISTINCT product_id) FROM hit"
            " UNION ALL SELECT '*', count(*) FROM hit",
            values,
        )
        by_token = dict(cursor.fetchall())
    products, rows = by_token.pop("", 0), by_token.pop("*", 0)
    return Facets(products, by_token) if rows < SAMPLE else Facets(None, dict.fromkeys(by_token, 0))


def first_colours(product_ids: Sequence[UUID]) -> list[Hit]:
    """Those of the products that lists show now, in this order, in their first colour."""
    if not product_ids:
        return []
    rows = Goods.objects.filter(product_id__in=list(product_ids), published_from__lte=now())
    rows = rows.filter(Q(published_until=None) | Q(published_until__gt=now()))
    found: dict[UUID, UUID] = {}
    for product, colour in rows.order_by("place").values_list("product_id", "colour_id"):
        found.setdefault(product, colour)
    return [Hit(each, found[each]) for each in product_ids if each in found]


def begins(name: str, typed: str) -> bool:
    """Whether a word of the name begins as what is typed does."""
    begun = "".join(rules.runs(typed))
    return bool(begun) and any(run.startswith(begun) for run in rules.runs(name))


def near_words(typed: str, limit: int = 5) -> list[str]:
    """For a search that found nothing."""
    known = vocabulary()
    found = [near for word in rules.read(typed) for near in known.near(word, limit, 0.3)]
    return list(dict.fromkeys(found))[:limit]


def next_change() -> dt.datetime | None:
    """When anything that the site's lists show begins or ends by the clock. A moment that has
    passed means that the worker has not followed yet."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT min(changes_at) FROM search_goods WHERE site_id = %s", [current_site_id()]
        )
        moment: dt.datetime | None = cursor.fetchone()[0]
        return moment


def misses(limit: int = 100) -> list[Miss]:
    """What was looked for and not found, the most often first."""
    return list(Miss.objects.order_by("-times", "id")[:limit])


def synonyms() -> list[Synonym]:
    return list(Synonym.objects.order_by("made_at", "id"))


def forget_words() -> None:
    """The site's synonyms have changed."""
    _vocabularies.pop(current_site_id(), None)


def sites_waiting(site_ids: Sequence[UUID]) -> list[UUID]:
    """Those of the sites that have rows to be brought up to date; outside any scope."""
    with connection.cursor() as cursor:
        told = "SELECT set_config('lockstitch.site_ids', %s, false)"
        cursor.execute(told, [",".join(map(str, site_ids))])
        try:
            cursor.execute(
                "SELECT site_id FROM search_dirty UNION SELECT site_id FROM search_goods"
                " WHERE site_id = ANY(%s) AND changes_at <= now()",
                [list(site_ids)],
            )
            return [row[0] for row in cursor.fetchall()]
        finally:
            cursor.execute(told, [""])


def map_starts(size: int) -> list[UUID]:
    """The first row of each file of a sitemap; rows are in the order in which they came."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM (SELECT id, row_number() OVER (ORDER BY id) - 1 AS n FROM search_goods"
            " WHERE site_id = %s) x WHERE n %% %s = 0 ORDER BY id",
            [current_site_id(), size],
        )
        return [row[0] for row in cursor.fetchall()]


def map_page(start: UUID, size: int) -> list[UUID]:
    """Colours that lists show now, from that row on."""
    moment = now()
    rows = Goods.objects.filter(id__gte=start).order_by("id")[:size]
    return [
        row.colour_id
        for row in rows
        if row.published_from <= moment
        and (row.published_until is None or row.published_until > moment)
    ]
