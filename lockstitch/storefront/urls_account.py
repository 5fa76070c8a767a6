"""A member's pages in the shop, favourites of anyone, and the way out of letters."""

from django.urls import path

from lockstitch.storefront.views import fit, letters, mine, voices, waits

urlpatterns = [
    path("account/points/", mine.points, name="my_points"),
    path("account/sizes/", mine.sizes, name="my_sizes"),
    path("account/letters/", mine.preferences, name="my_letters"),
    path("favourites/", mine.favourites, name="favourites"),
    path("favourites/set/", mine.set_favourite, name="favourite_set"),
    path("favourites/keep/", mine.set_interest, name="interest_set"),
    path("unsubscribe/<str:purpose>/<uuid:key>/", letters.unsubscribe, name="unsubscribe"),
    path("back/<uuid:reminder_id>/", letters.back_to_cart, name="back_to_cart"),
    path("fit/<str:slug>/", fit.show, name="fit"),
    path("orders/<uuid:checkout_id>/keep/<uuid:sku_id>/", fit.keep, name="keep_size"),
    path("voices/<str:slug>/", voices.show, name="voices"),
    path("voices/<str:slug>/ask/", voices.ask, name="voices_ask"),
    path("orders/<uuid:checkout_id>/review/<uuid:sku_id>/", voices.write, name="review"),
    path(
        "orders/<uuid:checkout_id>/review/<uuid:sku_id>/pictures/",
        voices.pictures,
        name="review_pictures",
    ),
    path("waits/", waits.begin, name="wait"),
    path("waits/<uuid:key>/", waits.answer, name="wait_answer"),
    path("goodbye/", letters.goodbye, name="goodbye"),
]
