"""Which scanner looks at what, as whom, and how it is called."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit

# Of wapiti's modules those that need no address outside this machine.
WAPITI = (
    "exec", "file", "permanentxss", "redirect", "sql", "upload", "xss", "timesql", "csrf", "crlf",
    "backup", "methods", "htaccess", "ldap",
)  # fmt: skip
# What would end the scan's own session, or shut the instance: it is for nobody's scanner.
LEFT_OUT = frozenset({
    "sign_out", "console_sign_out", "signed_out", "operator_signed_out", "goodbye", "sessions_end",
    "desk_leave", "desk_protect", "staff_protect", "staff_disable_operator", "team_recover",
    "team_review",
})  # fmt: skip
PATHS_LEFT_OUT = (
    "*sign-out*",
    "*signed-out*",
    "*/protect/*",
    "*/leave/*",
    "*/sessions/*",
    "*/review/*",
)
CHECKS = "not_a_server_error,unsupported_method,allow_header_conformance"
QUERIES_MAX = 40


@dataclass(frozen=True)
class Run:
    """`host`: one of the four URL tables. `who`: nobody, or whose session it has."""

    scanner: str
    host: str
    who: str = ""

    @property
    def name(self) -> str:
        return f"{self.scanner}/{self.host}{'-' + self.who if self.who else ''}"


RUNS = (
    Run("wapiti", "shop"),
    Run("wapiti", "desk"),
    Run("wapiti", "desk", "member"),
    Run("wapiti", "console"),
    Run("wapiti", "console", "owner"),
    Run("wapiti", "desk_console", "owner"),
    Run("sqlmap", "shop"),
    Run("sqlmap", "console", "owner"),
    Run("schemathesis", "shop"),
    Run("schemathesis", "desk", "member"),
    Run("schemathesis", "console", "owner"),
    Run("schemathesis", "desk_console", "staff"),
)


def starts_of(run: Run) -> tuple[str, ...]:
    """Where its walk begins."""
    if run.host == "desk":
        return ("/account/", "/security/") if run.who else ("/sign-in/", "/register/", "/reset/")
    if run.host == "desk_console":
        own = "/s/north/exports/" if run.who == "owner" else "/staff/"
        return own, "/security/", "/alerts/", "/team/"
    return ("/",)


@dataclass(frozen=True)
class Target:
    """What a run needs to know."""

    origin: str
    starts: tuple[str, ...]
    proxy: str
    folder: Path
    seconds: int
    cookie: str  # of the CSRF token too: a form whose token fits is taken
    csrf: str
    queries: tuple[str, ...] = ()
    posts: tuple[tuple[str, dict[str, str]], ...] = ()


def argv(run: Run, target: Target, programs: Path) -> list[str]:
    make = {"wapiti": _wapiti, "sqlmap": _sqlmap, "schemathesis": _schemathesis}[run.scanner]
    return make(target, programs)


def _wapiti(target: Target, programs: Path) -> list[str]:
    each = max(1, round(target.seconds * 0.75 / len(WAPITI)))
    leave = [part for path in PATHS_LEFT_OUT for part in ("-x", f"{target.origin}/{path}")]
    return [
        str(programs / "wapiti"), "-u", target.origin + "/",
        *(part for start in target.starts for part in ("-s", start)),
        "--scope", "folder", "-p", target.proxy, "-m", ",".join(WAPITI), *leave,
        "-C", target.cookie,
        "--max-scan-time", str(target.seconds // 4), "--max-attack-time", str(each),
        "--max-links-per-page", "60", "--tasks", "4", "-t", "20", "-f", "json",
        "-o", str(target.folder / "report.json"), "--no-bugreport", "--flush-session",
        "--store-session", str(target.folder / "session"),
        "--store-config", str(target.folder / "config"),
    ]  # fmt: skip


def _sqlmap(target: Target, programs: Path) -> list[str]:
    """Addresses with parameters that the walk has met, and forms, as a proxy would have kept."""
    listed = target.folder / "requests.txt"
    asked = [("GET", url, "") for url in distinct(target.queries)]
    asked += [("POST", url, urlencode(values)) for url, values in target.posts]
    listed.write_text(
        "".join(kept(method, url, body, target.cookie) for method, url, body in asked)
    )
    return [
        str(programs / "sqlmap"), "-l", str(listed), "--batch", "--proxy", target.proxy,
        "--drop-set-cookie", "--param-exclude=csrfmiddlewaretoken",
        "--dbms=PostgreSQL", "--timeout=20",
        "--time-limit", str(target.seconds), "--output-dir", str(target.folder / "out"),
        f"--results-file={target.folder / 'results-all.csv'}", "--flush-session",
        "--disable-coloring",
    ]  # fmt: skip


def _schemathesis(target: Target, programs: Path) -> list[str]:
    return [
        str(programs / "schemathesis"), "run", str(target.folder / "openapi.json"),
        "--url", target.origin, "--proxy", target.proxy, "--checks", CHECKS,
        "--phases", "examples,coverage,fuzzing", "--max-time", str(target.seconds),
        "--workers", "2", "--continue-on-failure", "--request-timeout", "30",
        "--suppress-health-check", "all", "--generation-database", "none", "--no-color",
        "--report", "ndjson", "--report-ndjson-path", str(target.folder / "events.ndjson"),
        "-H", f"Cookie:{target.cookie}", "-H", f"X-CSRFToken:{target.csrf}",
    ]  # fmt: skip


def kept(method: str, url: str, body: str, cookie: str) -> str:
    """One request in the form of a proxy's log."""
    parts = urlsplit(url)
    query = f"?{parts.query}" if parts.query else ""
    bar, length = "=" * 54, f"Content-Length: {len(body)}\n" if body else ""
    return (
        f"{bar}\n{method} {parts.path}{query} HTTP/1.1\nHost: {parts.netloc}\nCookie: {cookie}\n"
        f"Content-Type: application/x-www-form-urlencoded\n{length}\n{body}\n{bar}\n"
    )


def distinct(urls: Iterable[str]) -> list[str]:
    """One for each path and set of parameters."""
    found: dict[tuple[str, tuple[str, ...]], str] = {}
    for url in sorted(urls):
        parts = urlsplit(url)
        names = tuple(sorted({name for name, _ in parse_qsl(parts.query, keep_blank_values=True)}))
        found.setdefault((parts.path, names), url)
    return list(found.values())[:QUERIES_MAX]
