"""HTML that operators write: cleaned when it is written, for every place that takes it."""

import pytest

from lockstitch.catalogue.actions import NewColour, NewProduct, NewSku, keep_products
from lockstitch.catalogue.queries import find_product
from lockstitch.content.actions import keep_page
from lockstitch.content.queries import find_page
from lockstitch.mailing.rules import clean
from lockstitch.tenancy.queries import Site

HOSTILE = [
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<svg onload=alert(1)></svg>",
    "<a href='javascript:alert(1)'>x</a>", "<iframe src='https://e.example'></iframe>",
    "<form action='https://e.example'><input name=password></form>",
    "<p style='position:fixed;inset:0'>x</p>", "<style>@import 'https://e.example'</style>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>", "<base href='//e.example'>",
    "<object data='x.swf'></object>", "<a href='data:text/html,<script>1</script>'>x</a>",
    "<meta http-equiv=refresh content='0;url=//e.example'>",
    "<link rel=stylesheet href='//e.example'>",
]  # fmt: skip
BAD = ("<script", "onerror", "onload", "<svg", "javascript:", "<iframe", "<form", "<input", "style",
       "<math", "<base", "<object", "data:", "<meta", "<link")  # fmt: skip


@pytest.mark.parametrize("html", HOSTILE)
def test_nothing_of_it_is_kept(site: Site, html: str) -> None:
    written = f"<p>縫い代</p>{html}<b>ok</b>"
    keep_page(slug="law", title={"ja": "表記"}, body={"ja": written})
    page = find_page("law")
    keep_products(
        [
            NewProduct(
                slug="a", item_number="A", name={"ja": "あ"}, description={"ja": written},
                colours=[NewColour("w", {"ja": "白"})], sizes=[("S", "S")],
                skus=[NewSku("w", "S", "A-W-S", 100)],
            )
        ]
    )  # fmt: skip
    product = find_product("a", drafts=True)
    assert page is not None
    assert product is not None
    for kept in (page.body["ja"], product.product.description["ja"], clean(written)):
        assert "<p>縫い代</p>" in kept
        assert [bad for bad in BAD if bad in kept.lower()] == []
