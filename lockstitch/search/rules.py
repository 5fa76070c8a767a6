"""Words as they are typed -> what is asked of the index. Pure; the folding is that of the SQL
functions `search_fold` and `search_tokens`."""

import re
import unicodedata
from collections import Counter
from collections.abc import Container, Iterable, Mapping
from functools import cache
from pathlib import Path

MARK = 6  # letters of a site's id before each of its lexemes
WORDS_MAX = 8

_FROM = (
    "ァアィイゥウェエォオカガキギクグケゲコゴサザシジスズセゼソゾタダチヂッツヅテデトドナニヌネノハバパヒビピフブプヘベペホボポ"
    "マミムメモャヤュユョヨラリルレロヮワヰヱヲンヴヵヶぁぃぅぇぉっゃゅょゎぢづを"
)
_TO = (
    "ああいいううええおおかがきぎくぐけげこごさざしじすずせぜそぞただちじつつずてでとどなにぬねのはばぱひびぴふぶぷへべぺほぼぽ"
    "まみむめもややゆゆよよらりるれろわわいえおんゔかけあいうえおつやゆよわじずお"
)
_GONE = "ー-‐‑–—―−~''’・"
_TABLE = {**dict(zip(map(ord, _FROM), _TO, strict=True)), **dict.fromkeys(map(ord, _GONE), None)}
_VU = (("ゔあ", "ば"), ("ゔい", "び"), ("ゔえ", "べ"), ("ゔお", "ぼ"), ("ゔ", "ぶ"))
_LONG = re.compile(
    "([あかさたなはまやらわがざだばぱ])あ|([いきしちにひみりぎじびぴ])い|([うくすつぬふむゆるぐずぶぷ])う"
    "|([えけせてねへめれげぜでべぺ])え|([おこそとのほもよろごぞどぼぽ])[おう]"
)
_LATIN = re.compile(r"[a-z0-9]+(?:\.[a-z0-9]+)*")
_RUN = re.compile(r"[a-z0-9]+(?:\.[a-z0-9]+)*|(?:(?![a-z0-9])[^\W_])+")
_SIZE = re.compile(r"([a-z0-9]+(?:\.[0-9]+)?(?:cm|号)?)(?:さいず|size)")
_PARTICLES = re.compile("^[のいなをでにとがは]+")

type Word = str  # a lexeme without its site's mark; with `*` behind it, a beginning
type Way = tuple[Word, ...]  # all of them


def fold(text: str) -> str:
    """Width, case, kana, small kana, long vowels and hyphens do not matter."""
    plain = unicodedata.normalize("NFKC", text).lower().translate(_TABLE)
    for wrong, right in _VU:
        plain = plain.replace(wrong, right)
    return _LONG.sub(lambda m: m[m.lastindex or 0], plain)


def runs(text: str) -> list[str]:
    """The words of a text, each folded; Latin and other letters apart."""
    return _RUN.findall(fold(text))


def is_latin(run: str) -> bool:
    return _LATIN.fullmatch(run) is not None


def way_of(run: str) -> Way:
    """How a run is found: a Latin word by its beginning, anything else by its pairs of letters."""
    if is_latin(run):
        if any(c.isdigit() for c in run):
            return (f"w{run}",)  # a size or a number is meant as it stands
        stem = run[:-1] if len(run) > 4 and run.endswith("s") else run
        return (f"w{stem}*",) if len(stem) > 2 else (f"w{run}",)
    if len(run) == 1:
        return (f"g{run}",) if run >= "一" else (f"g{run}*",)  # a kana begins something
    return tuple(dict.fromkeys(f"g{run[i : i + 2]}" for i in range(len(run) - 1)))


def ways_of(phrase: str) -> Way:
    """The same of several words, all of which must be there."""
    return tuple(dict.fromkeys(each for run in runs(phrase) for each in way_of(run)))


@cache
def shipped() -> dict[str, tuple[str, ...]]:
    """What a folded word of dress also means: data/words.tsv."""
    text = (Path(__file__).parent / "data" / "words.tsv").read_text()
    return meanings(
        line.split("\t") for line in text.splitlines() if line and not line.startswith("#")
    )


def meanings(groups: Iterable[Iterable[str]]) -> dict[str, tuple[str, ...]]:
    """Each word of a group finds the whole group; one marked `>` finds it and is not found."""
    found: dict[str, dict[str, None]] = {}
    for group in groups:
        words = [word.strip() for word in group if word.strip()]
        targets = [word for word in words if not word.startswith(">")]
        for word in words:
            key = "".join(runs(word.lstrip(">")))
            found.setdefault(key, {}).update(dict.fromkeys(targets))
    return {key: tuple(words) for key, words in found.items()}


def read(text: str, also: Container[str] = ()) -> list[str]:
    """The words of a search, a size without the word that says so. What stands in `also` is one
    word, though it be of Latin and other letters, as Tシャツ is."""
    found = [run for part in text.split() for run in _apart(fold(part), also)]
    return list(dict.fromkeys(word for word in found if word not in ("さいず", "size")))[:WORDS_MAX]


def _apart(part: str, also: Container[str]) -> list[str]:
    if sized := _SIZE.fullmatch(part):
        return [sized[1]]
    found = _RUN.findall(part)
    return [whole] if (whole := "".join(found)) in also else found


def plan(words: Iterable[str], also: Mapping[str, tuple[str, ...]]) -> list[list[Way]]:
    """For each word the ways of which one must hold: its own, and those of what it also means."""
    return [_ways(word, also) for word in words]


def _ways(word: str, also: Mapping[str, tuple[str, ...]]) -> list[Way]:
    stem = word[:-1] if is_latin(word) and len(word) > 3 and word.endswith("s") else word
    meant = also.get(word) or also.get(stem) or ()
    return list(dict.fromkeys([ways_of(word), *(way for each in meant if (way := ways_of(each)))]))


def parts(word: str, known: Mapping[str, object]) -> list[str]:
    """A compound taken apart at the longest known words: `白いシャツ` is 白 and シャツ. Empty when
    fewer than two thirds of it are known."""
    if is_latin(word):
        return []
    found, covered, at = [], 0, 0
    while at < len(word):
        size = next((n for n in range(len(word) - at, 0, -1) if word[at : at + n] in known), 0)
        if size == 1 and "ぁ" <= word[at] <= "ゟ":
            size = 0
        if size:
            found.append(word[at : at + size])
            covered += size
            at += size
        else:
            left = _PARTICLES.match(word[at:]) if found else None
            covered += len(left[0]) if left else 0
            at += len(left[0]) if left else 1
    is_enough = covered * 3 >= len(word) * 2 and found and found != [word]
    return list(dict.fromkeys(found)) if is_enough else []


def grams(word: str) -> frozenset[str]:
    """For words that are written wrong: pairs of letters that stand together or one apart."""
    full = f"^{word}$"
    near = [full[i : i + 2] for i in range(len(full) - 1)]
    apart = [word[i] + word[i + 2] for i in range(len(word) - 2)] if len(word) > 3 else []
    return frozenset(near + apart)


class Vocabulary:
    """A site's words, to be asked for the nearest to one that is not among them."""

    def __init__(self, words: Iterable[str]) -> None:
        self.words = sorted({word for word in words if len(word) > 1})
        self.known = frozenset(self.words)
        self._sizes = [len(grams(word)) for word in self.words]
        self._at: dict[str, list[int]] = {}
        for n, word in enumerate(self.words):
            for gram in grams(word):
                self._at.setdefault(gram, []).append(n)

    def near(self, word: str, most: int = 3, least: float = 0.45) -> list[str]:
        """The nearest by the share of pairs in common (Dice), the best first."""
        own = grams(word)
        shared: Counter[int] = Counter()
        for gram in own:
            shared.update(self._at.get(gram, ()))
        scored = [
            (2 * count / (len(own) + self._sizes[n]), self.words[n])
            for n, count in shared.items()
            if is_latin(self.words[n]) == is_latin(word)
        ]
        best = sorted((row for row in scored if row[0] >= least), key=lambda r: (-r[0], r[1]))
        return [found for _share, found in best[:most] if found != word]


def tsquery(plan: Iterable[Iterable[Way]], mark: str) -> str:
    """The plan as PostgreSQL reads it; each lexeme quoted: nothing typed is an operator."""
    return " & ".join(
        "("
        + " | ".join("(" + " & ".join(_lexeme(w, mark) for w in way) + ")" for way in ways)
        + ")"
        for ways in plan
    )


def _lexeme(word: Word, mark: str) -> str:
    body = (mark + word.removesuffix("*")).replace("\\", "\\\\").replace("'", "''")
    return f"'{body}'" + (":*" if word.endswith("*") and len(word) > 1 else "")
