"""What the HTTP server runs; `SURFACE` says whether it is the shop or the desk."""

import os

from lockstitch.cli.barring import bar_this

bar_this()

from django.core.wsgi import get_wsgi_application  # noqa: E402 - nothing of it runs unbarred

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lockstitch.settings")
application = get_wsgi_application()

from lockstitch.sealed.signals import start_beating  # noqa: E402 - Django is set up by now

start_beating()
