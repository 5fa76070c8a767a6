"""What the HTTP server runs; `SURFACE` says whether it is the shop or the desk."""

import os

from lockstitch.cli.barring import bar_this

bar_this()

from django.conf import settings  # noqa: E402 - nothing of it runs unbarred
from django.core.wsgi import get_wsgi_application  # noqa: E402
from granian.utils.proxies import wrap_wsgi_with_proxy_headers  # noqa: E402

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lockstitch.settings")
application = get_wsgi_application()

from lockstitch.sealed.signals import start_beating  # noqa: E402 - Django is set up by now

if settings.SURFACE == "shop":
    from lockstitch.storefront.front import front

    application = front(application)  # type: ignore[assignment]
if settings.EDGE:  # else nobody is believed, and the address is whoever connects
    application = wrap_wsgi_with_proxy_headers(application, settings.EDGE)
start_beating()
