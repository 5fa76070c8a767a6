from django.urls import include, path

from lockstitch.looks.reports import take
from lockstitch.looks.views import health

urlpatterns = [
    path("healthz", health),
    path("reports/", take, name="reports"),
    path("", include("lockstitch.desk.urls_console")),
]
handler404 = "lockstitch.looks.errors.not_found"
handler500 = "lockstitch.looks.errors.failed"
