"""A member's own pages at the desk, under /account/."""

from django.urls import path

from lockstitch.desk.views import addresses, leaving, own_data

urlpatterns = [
    path("addresses/", addresses.listing, name="desk_addresses"),
    path("addresses/new/", addresses.edit, name="desk_address_new"),
    path("addresses/<uuid:record_id>/", addresses.edit, name="desk_address"),
    path("addresses/<uuid:record_id>/forget/", addresses.forget, name="desk_address_forget"),
    path("data/", own_data.show, name="desk_data"),
    path("data/<str:form>/", own_data.download, name="desk_data_download"),
    path("leave/", leaving.leave, name="desk_leave"),
]
