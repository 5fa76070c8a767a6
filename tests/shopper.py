"""A browser without a screen or scripts: follows links, fills in forms, keeps cookies a host."""

from typing import Any
from urllib.parse import urljoin

import httpx

from lockstitch.cli.drill.visitor import Form as Form
from lockstitch.cli.drill.visitor import Page as Page

PERSON = {
    "family_name": "山田", "given_name": "花子", "family_kana": "ヤマダ", "given_kana": "ハナコ",
    "email": "hanako@example.jp", "phone": "09012345678", "postal_code": "1500001",
    "prefecture": "東京都", "city": "渋谷区", "street": "神宮前1-2-3", "building": "", "note": "",
}  # fmt: skip


class Loopback(httpx.BaseTransport):
    """Every host is this machine, as a browser takes `*.localhost` to be."""

    def __init__(self) -> None:
        self._inner = httpx.HTTPTransport(verify=False)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        request.url = request.url.copy_with(host="127.0.0.1")
        return self._inner.handle_request(request)

    def close(self) -> None:
        self._inner.close()


class Browser:
    """One visitor. `address` is only a header of ours; the server sees loopback."""

    def __init__(self, *, language: str = "en") -> None:
        self._jars: dict[str, httpx.Cookies] = {}
        self._http = httpx.Client(transport=Loopback(), timeout=60)
        self._language = language

    def close(self) -> None:
        self._http.close()

    def get(self, url: str) -> Page:
        return self._go("GET", url, {})

    def submit(
        self, form: Form, button: tuple[str, str] | None = None,
        files: dict[str, tuple[str, bytes]] | None = None, **values: Any,
    ) -> Page:  # fmt: skip
        data = {**form.values, **values, **(dict([button]) if button else {})}
        return self._go(form.method.upper(), form.action, data, files)

    def _go(
        self, method: str, url: str, data: dict[str, Any],
        files: dict[str, tuple[str, bytes]] | None = None,
    ) -> Page:  # fmt: skip
        for _hop in range(8):
            answer = self._once(method, url, data, files)
            if not answer.is_redirect:
                return Page(url, answer.status_code, answer.text)
            url = urljoin(url, answer.headers["Location"])
            method, data, files = "GET", {}, None
        raise AssertionError(f"too many redirects at {url}")

    def _once(
        self, method: str, url: str, data: dict[str, Any],
        files: dict[str, tuple[str, bytes]] | None = None,
    ) -> httpx.Response:  # fmt: skip
        """Cookies are kept a host, for every port of it, as browsers do."""
        host = httpx.URL(url).host
        jar = self._jars.setdefault(host, httpx.Cookies())
        how: dict[str, Any] = {"data": data} if method == "POST" else {"params": data or None}
        if files:
            how["files"] = files
        headers = {
            "Accept-Language": self._language, "Cookie": _cookie(jar), "User-Agent": "test",
            **({"Origin": url.split("/", 3)[0] + "//" + url.split("/", 3)[2]} if data else {}),
        }  # fmt: skip
        answer = self._http.request(method, url, headers=headers, follow_redirects=False, **how)
        for line in answer.headers.get_list("set-cookie"):
            name, _, rest = line.partition("=")
            value = rest.partition(";")[0]
            if "Max-Age=0" in line or not value:
                jar.delete(name) if name in jar else None
            else:
                jar.set(name, value)
        self._http.cookies.clear()
        return answer


def _cookie(jar: httpx.Cookies) -> str:
    return "; ".join(f"{name}={value}" for name, value in jar.items())


class Shopper(Browser):
    """Knows the way from a shop's first page to a placed order."""

    def __init__(self, shop: str, **how: str) -> None:
        super().__init__(**how)
        self.shop = shop

    def into_cart(self, slug: str, *, quantity: int = 1, which: int = 0) -> Page:
        form = self.get(f"{self.shop}/items/{slug}/").form("/cart/add/")
        return self.submit(form, sku=form.choices["sku"][which], quantity=str(quantity))

    def to_desk(self, cart: Page | None = None) -> Page:
        """From the cart to the contact page, at the desk."""
        cart = cart or self.get(f"{self.shop}/cart/")
        return self.submit(cart.form("/checkout/"))

    def give_contact(self, desk: Page, person: dict[str, str] | None = None) -> Page:
        return self.submit(desk.form(having="family_name"), **(person or PERSON))

    def choose(self, delivery: Page, *, method: str = "cod") -> Page:
        return self.submit(delivery.form(having="delivery_slot"), method=method)

    def place(self, confirm: Page) -> Page:
        return self.submit(confirm.form(having="total"))

    def buy(
        self, slug: str, *, person: dict[str, str] | None = None, method: str = "cod",
        quantity: int = 1, which: int = 0,
    ) -> Page:  # fmt: skip
        """The page of the placed order."""
        desk = self.to_desk(self.into_cart(slug, quantity=quantity, which=which))
        page = self.place(self.choose(self.give_contact(desk, person), method=method))
        if page.status != 200 or "/orders/" not in page.url:
            raise AssertionError(f"not placed: {page.status} {page.url}")
        return page
