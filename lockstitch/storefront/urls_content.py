"""Coordinates, and what a shop has to tell."""

from django.urls import path

from lockstitch.storefront.views import (
    coordinates,
    following,
    home,
    previews,
    sets,
    stories,
    tour,
)

urlpatterns = [
    path("coordinates/", coordinates.listing, name="coordinates"),
    path("coordinates/<int:number>/", coordinates.show, name="coordinate"),
    path("coordinates/<int:number>/cart/", coordinates.add_look, name="coordinate_cart"),
    path("coordinates/<int:number>/seen/", coordinates.seen, name="coordinate_seen"),
    path("lookbook/<path:season>/", coordinates.lookbook, name="lookbook"),
    path("magazine/", coordinates.magazines, name="magazines"),
    path("magazine/<path:issue>/", coordinates.magazine, name="magazine"),
    path("sets/", sets.listing, name="sets"),
    path("sets/<int:number>/", sets.show, name="set"),
    path("sets/<int:number>/cart/", sets.add, name="set_cart"),
    path("cart/sets/", sets.change, name="cart_sets"),
    path("features/", stories.listing, {"kind": "feature"}, name="features"),
    path("features/<str:slug>/", stories.show, {"kind": "feature"}, name="feature"),
    path("news/", stories.listing, {"kind": "news"}, name="news_list"),
    path("news/<str:slug>/", stories.show, {"kind": "news"}, name="news"),
    path("faq/", stories.faq, name="faq"),
    path("theme/<str:name>.css", home.own_css, name="own_css"),
    path("preview/<str:token>/", previews.preview, name="preview"),
    path("preview/<str:token>/at/", tour.tour, name="tour"),
    path("preview/<str:token>/at/<path:path>", tour.tour, name="tour_at"),
    path("staff/", following.listing, name="authors"),
    path("staff/<slug:slug>/", following.show, name="author"),
    path("staff/<slug:slug>/follow/", following.follow, name="author_follow"),
]
