"""Somebody with a browser and an address of their own on loopback: 127.66.x.y and on."""

import http.client
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlencode, urljoin, urlsplit

TIMEOUT_S = 60.0
HOPS_MAX = 8


@dataclass
class Form:
    action: str
    method: str
    values: dict[str, str] = field(default_factory=dict)
    buttons: list[tuple[str, str]] = field(default_factory=list)
    choices: dict[str, list[str]] = field(default_factory=dict)  # of radios that can be chosen


class NoFormError(LookupError):
    """The page has no such form: it is another page than was thought."""


class Page(HTMLParser):
    """What a page without scripts offers."""

    def __init__(self, url: str, status: int, text: str) -> None:
        super().__init__()
        self.url, self.status, self.text = url, status, text
        self.forms: list[Form] = []
        self.links: list[str] = []
        self._area = self._select = ""
        self.feed(text)

    def form(self, ending: str = "", *, having: str = "") -> Form:
        """The form whose action ends so, or that has such a field. Raises NoFormError."""
        for form in self.forms:
            if form.action.endswith(ending) and (
                not having or having in form.values or having in form.choices
            ):
                return form
        raise NoFormError(f"no such form at {self.url} ({self.status}): {ending} {having}")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        had = {name: value or "" for name, value in attrs}
        if tag == "a":
            self.links.append(urljoin(self.url, had.get("href", "")))
        if tag == "form":
            action = urljoin(self.url, had.get("action", "") or self.url)
            self.forms.append(Form(action, had.get("method", "get").lower()))
        if not self.forms or "disabled" in had:
            return
        form, name = self.forms[-1], had.get("name", "")
        if tag == "input":
            self._input(form, name, had)
        elif tag == "button" and name:
            form.buttons.append((name, had.get("value", "")))
        elif tag == "select":
            self._select = name
        elif (
            tag == "option"
            and self._select
            and ("selected" in had or self._select not in form.values)
        ):
            form.values[self._select] = had.get("value", "")
        elif tag == "textarea":
            self._area = name
            form.values[name] = ""

    def _input(self, form: Form, name: str, had: dict[str, str]) -> None:
        kind = had.get("type", "text")
        if kind in ("radio", "checkbox"):
            form.choices.setdefault(name, []).append(had.get("value", "on"))
            if "checked" in had:
                form.values[name] = had.get("value", "on")
        elif name:
            form.values[name] = had.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = ""
        elif tag == "textarea":
            self._area = ""

    def handle_data(self, data: str) -> None:
        if self._area and self.forms:
            self.forms[-1].values[self._area] += data


@dataclass
class Visitor:
    """Follows links, fills in forms, keeps cookies a host. Every host is this machine."""

    address: str
    agent: str = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0.0.0"
    jars: dict[str, dict[str, str]] = field(default_factory=dict)

    def get(self, url: str) -> Page:
        return self._go("GET", url, {})

    def submit(self, form: Form, **values: str) -> Page:
        return self._go(form.method.upper(), form.action, {**form.values, **values})

    def ask(
        self, verb: str, url: str, *, body: bytes = b"", headers: dict[str, str] | None = None
    ) -> tuple[int, dict[str, str], bytes]:
        """One request, no redirect followed: status, headers in lower case, body."""
        parts = urlsplit(url)
        wire = http.client.HTTPConnection(
            "127.0.0.1", parts.port or 80, timeout=TIMEOUT_S, source_address=(self.address, 0)
        )
        try:
            target = parts.path + (f"?{parts.query}" if parts.query else "")
            wire.putrequest(verb, target or "/", skip_host=True, skip_accept_encoding=True)
            sent = {"Host": parts.netloc, "User-Agent": self.agent, "Accept-Language": "en"}
            for name, value in {**sent, **(headers or {})}.items():
                wire.putheader(name, value)
            if body or verb in ("POST", "PUT", "PATCH"):
                wire.putheader("Content-Length", str(len(body)))
            wire.endheaders(body)
            answer = wire.getresponse()
            found = answer.read()
            self._keep(parts.hostname or "", answer.headers.get_all("Set-Cookie") or [])
            return answer.status, {k.lower(): v for k, v in answer.getheaders()}, found
        finally:
            wire.close()

    def _go(self, verb: str, url: str, values: dict[str, str]) -> Page:
        for _hop in range(HOPS_MAX):
            parts = urlsplit(url)
            jar = self.jars.get(parts.hostname or "", {})
            headers = {"Cookie": "; ".join(f"{k}={v}" for k, v in jar.items())} if jar else {}
            body = b""
            if verb == "POST":
                body = urlencode(values).encode()
                headers |= {
                    "Content-Type": "application/x-www-form-urlencoded",
                    "Origin": f"{parts.scheme}://{parts.netloc}",
                }  # fmt: skip
            status, said, found = self.ask(verb, url, body=body, headers=headers)
            if status not in (301, 302, 303, 307, 308):
                return Page(url, status, found.decode(errors="replace"))
            url, verb, values = urljoin(url, said["location"]), "GET", {}
        raise NoFormError(f"too many redirects at {url}")

    def _keep(self, host: str, lines: list[str]) -> None:
        jar = self.jars.setdefault(host, {})
        for line in lines:
            name, _, rest = line.partition("=")
            value = rest.partition(";")[0]
            if "Max-Age=0" in line or not value.strip('"'):
                jar.pop(name, None)
            else:
                jar[name] = value
