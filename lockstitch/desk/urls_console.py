from django.urls import include, path

from lockstitch.desk.views import (
    bankfile,
    frames,
    labels,
    operators,
    papers,
    phone,
    protect,
    providers,
    refunds,
    staff,
)
from lockstitch.looks.views import language, media

urlpatterns = [
    path("media/<path:key>", media, name="media"),
    path("language/", language, name="language"),
    path("sign-in/", operators.sign_in, name="operator_sign_in"),
    path("signed-out/", operators.signed_out, name="operator_signed_out"),
    path("enrol/<str:token>/", operators.enrol, name="enrol"),
    path("s/<slug:slug>/orders/<str:number>/reveal/", frames.reveal, name="frame_reveal"),
    path("s/<slug:slug>/orders/<str:number>/history/", frames.history, name="frame_history"),
    path("s/<slug:slug>/orders/<str:number>/papers/", papers.of_order, name="desk_papers"),
    path("s/<slug:slug>/batches/<uuid:batch_id>/labels/", labels.labels, name="desk_labels"),
    path("s/<slug:slug>/batches/<uuid:batch_id>/slips/", papers.slips, name="desk_slips"),
    path("s/<slug:slug>/phone/<uuid:checkout_id>/", phone.contact, name="desk_phone"),
    path("s/<slug:slug>/search/", frames.search, name="frame_search"),
    path("s/<slug:slug>/members/", include("lockstitch.desk.urls_member_frames")),
    path("s/<slug:slug>/protect/", protect.show, name="desk_protect"),
    path("s/<slug:slug>/providers/", providers.show, name="desk_providers"),
    path("s/<slug:slug>/refunds/<uuid:batch_id>/", refunds.download, name="desk_refund_file"),
    path("s/<slug:slug>/transfers/", bankfile.upload, name="desk_transfers"),
    path("staff/", staff.overview, name="staff"),
    path("staff/companies/", staff.add_company, name="staff_add_company"),
    path("staff/sites/", staff.add_site, name="staff_add_site"),
    path("staff/operators/", staff.add_operator, name="staff_add_operator"),
    path("staff/operators/disable/", staff.disable_operator, name="staff_disable_operator"),
    path("mailbox/", staff.mailbox, name="mailbox"),
]
