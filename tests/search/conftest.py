"""A visitor of one site, through all the shop's middleware, in this process."""

from collections.abc import Callable, Iterator

import pytest
from django.conf import settings
from django.test import Client, override_settings

PLAIN = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}


@pytest.fixture
def client_of() -> Iterator[Callable[..., Client]]:
    with override_settings(STORAGES={**settings.STORAGES, "staticfiles": PLAIN}):
        yield lambda site: Client(headers={"host": site.hosts[0], "accept-language": "en"})
