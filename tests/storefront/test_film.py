"""A product's video on its page: played, or only linked to; and what search engines hear of it."""

import json
import re

import pytest

from lockstitch.catalogue.models import Product
from tests import world

pytestmark = pytest.mark.usefixtures("database")


def test_a_file_of_the_shop_is_played(site, client_of) -> None:
    world.new_product()
    Product.objects.update(
        video="/films/a.mp4", video_title={"en": "In <motion>"}, video_captions="/films/a.vtt"
    )
    answer = client_of(site).get("/items/shirt/")
    page = answer.content.decode()
    [film] = re.findall(r"<video.*?</video>", page, re.S)
    assert 'src="/films/a.mp4" type="video/mp4"' in film
    assert '<track kind="captions" src="/films/a.vtt"' in film
    assert " controls" in film
    assert 'preload="none"' in film
    assert "autoplay" not in film
    assert 'aria-label="In &lt;motion&gt;"' in film
    assert "media-src 'self'" in answer["Content-Security-Policy"]
    text = re.search(r'<script type="application/ld\+json"[^>]*>(.*?)</script>', page, re.S)[1]
    told = next(one for one in json.loads(text) if one["@type"] == "VideoObject")
    assert told["name"] == "In <motion>"
    assert told["contentUrl"].endswith("/films/a.mp4")
    assert told["uploadDate"]


def test_a_providers_page_is_a_link_and_nothing_of_it_is_loaded(site, client_of) -> None:
    world.new_product()
    Product.objects.update(video="https://youtu.be/x", video_title={"en": "In motion"})
    page = client_of(site).get("/items/shirt/").content.decode()
    assert "<video" not in page
    assert "<iframe" not in page
    assert 'href="https://youtu.be/x" rel="noreferrer noopener"' in page
    assert "opens YouTube" in page
