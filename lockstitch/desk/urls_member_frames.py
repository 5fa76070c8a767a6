"""What the console shows of members, in frames of the desk, under /s/<site>/members/."""

from django.urls import path

from lockstitch.desk.views import member_file

urlpatterns = [
    path("search/", member_file.search, name="frame_member_search"),
    path("<uuid:member_id>/reveal/", member_file.reveal, name="frame_member"),
    path("<uuid:member_id>/notes/", member_file.notes, name="frame_member_notes"),
    path("letters/<str:name>/<str:language>/", member_file.test_letter, name="frame_test_letter"),
]
