"""Coordinates, stories, pages and looks, under /s/<site>/."""

from django.urls import path

from lockstitch.console.views import (
    authors,
    coordinates,
    documents,
    inquiries,
    issues,
    library,
    looks,
    stories,
    styling,
)

urlpatterns = [
    path("coordinates/", coordinates.listing, name="console_coordinates"),
    path("coordinates/new/", coordinates.begin, name="console_coordinate_new"),
    path("coordinates/post/", styling.post, name="console_post"),
    path("coordinates/item/", styling.item, name="console_item"),
    path("coordinates/<int:number>/", coordinates.edit, name="console_coordinate"),
    path("coordinates/<int:number>/do/", coordinates.do, name="console_coordinate_do"),
    path("coordinates/<int:number>/place/", coordinates.place, name="console_coordinate_place"),
    path("coordinates/<int:number>/decide/", coordinates.decide, name="console_coordinate_decide"),
    path(
        "coordinates/<int:number>/pictures/",
        coordinates.pictures,
        name="console_coordinate_pictures",
    ),
    path("content/", stories.overview, name="console_content"),
    path("content/approval/", stories.approval, name="console_approval"),
    path("content/<str:kind>/", stories.listing, name="console_stories"),
    path("content/<str:kind>/new/", stories.begin, name="console_story_new"),
    path("content/<str:kind>/<str:name>/", documents.edit, name="console_document"),
    path("content/<str:kind>/<str:name>/publish/", documents.publish, name="console_publish"),
    path("content/<str:kind>/<str:name>/restore/", documents.restore, name="console_restore"),
    path("pages/new-page/", stories.page, name="console_page_new"),
    path("pages/<slug:page>/", stories.page, name="console_page"),
    path("theme/", looks.theme, name="console_theme"),
    path("law/", looks.law, name="console_law"),
    path("opening/", looks.opening, name="console_opening"),
    path("library/", library.listing, name="console_library"),
    path("library/<uuid:medium_id>/", library.edit, name="console_medium"),
    path("inquiries/", inquiries.listing, name="console_inquiries"),
    path("inquiries/<uuid:inquiry_id>/", inquiries.show, name="console_inquiry"),
    path("issues/", issues.listing, name="console_issues"),
    path("issues/new/", issues.edit, name="console_issue_new"),
    path("issues/<uuid:issue_id>/", issues.edit, name="console_issue"),
    path("authors/", authors.listing, name="console_authors"),
    path("authors/new/", authors.edit, name="console_author_new"),
    path("authors/<slug:author>/", authors.edit, name="console_author"),
]
