from django.urls import include, path

from lockstitch.looks.views import language, media
from lockstitch.storefront.views import (
    account,
    cart,
    checkout,
    goods,
    lists,
    orders,
    pages,
    paying,
    returns,
)

urlpatterns = [
    path("", goods.home, name="home"),
    path("items/", lists.items, name="items"),
    path("items/c/<slug:category>/", lists.category, name="category"),
    path("new/", lists.new, name="new"),
    path("ranking/", lists.ranking, name="ranking"),
    path("sale/", lists.sale, name="sale"),
    path("preorder/", lists.preorder, name="preorder"),
    path("brands/<str:brand>/", lists.brand, name="brand"),
    path("seasons/<str:season>/", lists.season, name="season"),
    path("suggest/", lists.suggest, name="suggest"),
    path("items/<str:slug>/", goods.product, name="product"),
    path("items/<str:slug>/<str:colour>/", goods.product, name="product_colour"),
    path("media/<path:key>", media, name="media"),
    path("cart/", cart.show, name="cart"),
    path("cart/add/", cart.add, name="cart_add"),
    path("cart/set/", cart.set_quantity, name="cart_set"),
    path("cart/save/", cart.save, name="cart_save"),
    path("checkout/", checkout.begin, name="checkout_begin"),
    path("checkout/<uuid:checkout_id>/", checkout.delivery, name="checkout"),
    path(
        "checkout/<uuid:checkout_id>/drop/<int:no>/", checkout.drop_recipient, name="checkout_drop"
    ),
    path("checkout/<uuid:checkout_id>/confirm/", checkout.confirm, name="checkout_confirm"),
    path("pay/<uuid:checkout_id>/", paying.pay, name="pay"),
    path("pay/<uuid:checkout_id>/back/", paying.back, name="pay_back"),
    path("pay/<uuid:checkout_id>/other/", paying.other, name="pay_other"),
    path("orders/<uuid:checkout_id>/", orders.show, name="order"),
    path("orders/<uuid:checkout_id>/cancel/", orders.cancel, name="order_cancel"),
    path("orders/<uuid:checkout_id>/return/", returns.ask, name="order_return"),
    path(
        "orders/<uuid:checkout_id>/return/<uuid:return_id>/withdraw/",
        returns.withdraw,
        name="return_withdraw",
    ),
    path("", include("lockstitch.storefront.urls_account")),
    path("account/", account.show, name="account"),
    path("session/", account.begin_session, name="session"),
    path("sign-out/", account.sign_out, name="sign_out"),
    path("language/", language, name="language"),
    path("pages/<slug:slug>/", pages.page, name="page"),
    path("notices/<uuid:case_id>/", pages.notice, name="notice"),
]
