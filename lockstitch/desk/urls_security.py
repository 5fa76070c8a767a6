"""One's own ways in, at the console's desk and at each shop's, under /security/."""

from django.urls import path

from lockstitch.desk.views import security

urlpatterns = [
    path("", security.show, name="security"),
    path("options/", security.options, name="proof_options"),
    path("passkeys/", security.add, name="passkey_add"),
    path("passkeys/<uuid:passkey_id>/remove/", security.remove, name="passkey_remove"),
    path("password/", security.password, name="password_change"),
    path("sessions/end/", security.end, name="sessions_end"),
]
