"""What the HTTP server runs; `SURFACE` says whether it is the shop or the desk."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lockstitch.settings")
application = get_wsgi_application()

from lockstitch.sealed.signals import start_beating  # noqa: E402 - Django is set up by now

start_beating()
