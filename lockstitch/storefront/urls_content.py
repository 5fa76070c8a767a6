"""Coordinates, and what a shop has to tell."""

from django.urls import path

from lockstitch.storefront.views import coordinates, following, previews

urlpatterns = [
    path("coordinates/", coordinates.listing, name="coordinates"),
    path("coordinates/<int:number>/", coordinates.show, name="coordinate"),
    path("coordinates/<int:number>/cart/", coordinates.add_look, name="coordinate_cart"),
    path("coordinates/<int:number>/seen/", coordinates.seen, name="coordinate_seen"),
    path("lookbook/<str:season>/", coordinates.lookbook, name="lookbook"),
    path("magazine/<str:issue>/", coordinates.magazine, name="magazine"),
    path("preview/<str:token>/", previews.preview, name="preview"),
    path("staff/", following.listing, name="authors"),
    path("staff/<slug:slug>/", following.show, name="author"),
    path("staff/<slug:slug>/follow/", following.follow, name="author_follow"),
]
