"""Members, offers and letters, under /s/<site>/."""

from django.urls import path

from lockstitch.console.views import mail, members, promotions, segments, site_terms

urlpatterns = [
    path("members/", members.listing, name="console_members"),
    path("members/rules/", members.rules, name="console_member_rules"),
    path("members/segments/", segments.listing, name="console_segments"),
    path("members/segments/new/", segments.edit, name="console_segment_new"),
    path("members/segments/<uuid:segment_id>/", segments.edit, name="console_segment"),
    path("members/<uuid:member_id>/", members.show, name="console_member"),
    path("members/<uuid:member_id>/points/", members.adjust, name="console_member_points"),
    path("offers/", promotions.listing, name="console_offers"),
    path("offers/new/", promotions.edit, name="console_offer_new"),
    path("offers/try/", promotions.try_on, name="console_offers_try"),
    path("offers/gates/", site_terms.gates, name="console_gates"),
    path("offers/<uuid:offer_id>/", promotions.edit, name="console_offer"),
    path("offers/<uuid:offer_id>/codes/", promotions.add_code, name="console_offer_code"),
    path("terms/", site_terms.terms, name="console_terms"),
    path("letters/", mail.listing, name="console_letters"),
    path("letters/<str:name>/<str:language>/", mail.letter, name="console_letter"),
    path("campaigns/", mail.campaigns, name="console_campaigns"),
    path("campaigns/new/", mail.campaign, name="console_campaign_new"),
    path("campaigns/<uuid:campaign_id>/", mail.campaign, name="console_campaign"),
    path("campaigns/<uuid:campaign_id>/move/", mail.move, name="console_campaign_move"),
]
