from django.urls import path

from lockstitch.console.views import demand, parcels, shipping, stock, voices, waiting

urlpatterns = [
    path("voices/", voices.listing, name="console_voices"),
    path("voices/<uuid:key>/", voices.decide, name="console_voice"),
    path("demand/", demand.listing, name="console_demand"),
    path("stock/", stock.listing, name="console_stock"),
    path("stock/waiting/", waiting.listing, name="console_waiting"),
    path("stock/waiting/<str:code>/", waiting.of_sku, name="console_waiting_sku"),
    path("stock/file/", stock.download, name="console_stock_file"),
    path("stock/file/in/", stock.upload, name="console_stock_upload"),
    path("stock/places/", stock.places, name="console_places"),
    path("stock/sheets/", stock.papers, name="console_sheets"),
    path("stock/sheets/<str:number>/", stock.sheet, name="console_sheet"),
    path("stock/sheets/<str:number>/step/", stock.work, name="console_sheet_work"),
    path("stock/sku/<str:code>/", stock.sku, name="console_stock_sku"),
    path("stock/sku/<str:code>/adjust/", stock.adjust, name="console_stock_adjust"),
    path("shipping/", shipping.listing, name="console_shipping"),
    path("shipping/plan/", shipping.plan, name="console_plan"),
    path("shipping/numbers/", shipping.numbers, name="console_numbers"),
    path("shipping/states/", shipping.states, name="console_parcel_states"),
    path("shipping/pickups/ready/", shipping.ready, name="console_pickup_ready"),
    path("shipping/pickups/hand-over/", shipping.hand_over, name="console_hand_over"),
    path("shipping/terms/", shipping.terms, name="console_dispatch_terms"),
    path("shipping/check/", shipping.check, name="console_check"),
    path("shipping/orders/<str:number>/", parcels.of_order, name="console_parcels"),
    path("shipping/<uuid:batch_id>/", shipping.batch, name="console_batch"),
    path("shipping/<uuid:batch_id>/picking/", shipping.picking, name="console_picking"),
    path("shipping/<uuid:batch_id>/hemming/", shipping.hem_batch, name="console_hem_batch"),
    path("shipping/orders/<str:number>/hemming/", shipping.hem_order, name="console_hem_order"),
    path("shipping/parcels/<uuid:parcel_id>/drop/", shipping.drop, name="console_parcel_drop"),
]
