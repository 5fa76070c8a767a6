from django.urls import include, path

from lockstitch.console.views import (
    amending,
    goods,
    orders,
    payments,
    remitting,
    returns,
    session,
)
from lockstitch.looks.views import language, media

urlpatterns = [
    path("", session.today, name="today"),
    path("session/", session.begin, name="console_session"),
    path("sign-out/", session.end, name="console_sign_out"),
    path("language/", language, name="language"),
    path("s/<slug:slug>/orders/", orders.listing, name="console_orders"),
    path("s/<slug:slug>/orders/export/", orders.export, name="console_export"),
    path("s/<slug:slug>/orders/search/", orders.search, name="console_search"),
    path("s/<slug:slug>/orders/<str:number>/", orders.show, name="console_order"),
    path("s/<slug:slug>/orders/<str:number>/ship/", orders.ship, name="console_ship"),
    path("s/<slug:slug>/orders/<str:number>/paid/", orders.paid_now, name="console_paid"),
    path("s/<slug:slug>/orders/<str:number>/cancel/", orders.cancel, name="console_cancel"),
    path("s/<slug:slug>/orders/<str:number>/edit/", amending.edit, name="console_edit"),
    path("s/<slug:slug>/orders/<str:number>/hold/", amending.hold, name="console_hold"),
    path("s/<slug:slug>/orders/<str:number>/delivery/", amending.delivery, name="console_delivery"),
    path("s/<slug:slug>/orders/<str:number>/give-up/", amending.give_up, name="console_give_up"),
    path("s/<slug:slug>/returns/", returns.listing, name="console_returns"),
    path("s/<slug:slug>/returns/<uuid:return_id>/", returns.show, name="console_return"),
    path(
        "s/<slug:slug>/returns/<uuid:return_id>/decide/",
        returns.decide,
        name="console_return_decide",
    ),
    path(
        "s/<slug:slug>/returns/<uuid:return_id>/inspect/",
        returns.inspect,
        name="console_return_inspect",
    ),
    path("s/<slug:slug>/payments/", payments.show, name="console_payments"),
    path("s/<slug:slug>/payments/close/", payments.close, name="console_alarm_close"),
    path("s/<slug:slug>/payments/seen/", payments.dismiss, name="console_mark_seen"),
    path("s/<slug:slug>/payments/again/", payments.again, name="console_call_again"),
    path("s/<slug:slug>/payments/transfer/", payments.matched, name="console_transfer"),
    path("s/<slug:slug>/payments/refunded/", payments.refunded, name="console_refunded"),
    path("s/<slug:slug>/payments/files/", remitting.draft, name="console_batch_draft"),
    path(
        "s/<slug:slug>/payments/files/<uuid:batch_id>/approve/",
        remitting.approve,
        name="console_batch_approve",
    ),
    path(
        "s/<slug:slug>/payments/files/<uuid:batch_id>/drop/",
        remitting.drop,
        name="console_batch_drop",
    ),
    path(
        "s/<slug:slug>/payments/files/<uuid:batch_id>/sent/",
        remitting.sent,
        name="console_batch_sent",
    ),
    path("s/<slug:slug>/products/", goods.listing, name="console_products"),
    path("s/<slug:slug>/products/<str:product>/", goods.grid, name="console_product"),
    path("s/<slug:slug>/", include("lockstitch.console.urls_stock")),
    path("s/<slug:slug>/", include("lockstitch.console.urls_members")),
    path("media/<path:key>", media, name="media"),
]
