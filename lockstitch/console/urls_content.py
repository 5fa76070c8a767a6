"""Coordinates, stories, pages and looks, under /s/<site>/."""

from django.urls import path

from lockstitch.console.views import authors, coordinates

urlpatterns = [
    path("coordinates/", coordinates.listing, name="console_coordinates"),
    path("coordinates/new/", coordinates.begin, name="console_coordinate_new"),
    path("coordinates/post/", coordinates.post, name="console_post"),
    path("coordinates/<int:number>/", coordinates.edit, name="console_coordinate"),
    path("coordinates/<int:number>/do/", coordinates.do, name="console_coordinate_do"),
    path("coordinates/<int:number>/place/", coordinates.place, name="console_coordinate_place"),
    path("coordinates/<int:number>/decide/", coordinates.decide, name="console_coordinate_decide"),
    path(
        "coordinates/<int:number>/pictures/",
        coordinates.pictures,
        name="console_coordinate_pictures",
    ),
    path("authors/", authors.listing, name="console_authors"),
    path("authors/new/", authors.edit, name="console_author_new"),
    path("authors/<slug:author>/", authors.edit, name="console_author"),
]
