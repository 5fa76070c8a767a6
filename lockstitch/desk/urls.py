from django.urls import include, path

from lockstitch.desk.views import (
    account,
    api,
    contact,
    hooks,
    inquiry,
    papers,
    refunds,
    restock,
    security,
    signing,
)  # fmt: skip
from lockstitch.looks.views import language, media

urlpatterns = [
    path("media/<path:key>", media, name="media"),
    path("language/", language, name="language"),
    path("contact/<uuid:checkout_id>/", contact.contact, name="contact"),
    path("contact/<uuid:checkout_id>/to/", contact.recipient, name="recipient"),
    path("inquiry/", inquiry.write, name="inquiry"),
    path("postcode/", contact.postcode, name="postcode"),
    path("order/<uuid:checkout_id>/", contact.order, name="desk_order"),
    path("order/<uuid:checkout_id>/papers/", papers.own, name="desk_own_papers"),
    path("refund/<uuid:checkout_id>/", refunds.account, name="refund_account"),
    path("restock/<uuid:sku_id>/", restock.begin, name="desk_restock"),
    path("api/v1/key/", api.key, name="api_key"),
    path("api/v1/people/", api.people, name="api_people"),
    path("hooks/<slug:provider>/", hooks.ring, name="hook"),
    path("sign-in/", signing.sign_in, name="sign_in"),
    path("sign-in/options/", security.sign_in_options, name="sign_in_options"),
    path("security/", include("lockstitch.desk.urls_security")),
    path("register/", signing.register, name="register"),
    path("register/confirm/", signing.confirm_registration, name="register_confirm"),
    path("reset/", signing.reset, name="reset"),
    path("reset/confirm/", signing.finish_reset, name="reset_confirm"),
    path("signed-out/", signing.signed_out, name="signed_out"),
    path("account/", include("lockstitch.desk.urls_members")),
    path("account/", account.profile, name="desk_account"),
    path("account/who-saw/", account.who_saw, name="desk_who_saw"),
]
