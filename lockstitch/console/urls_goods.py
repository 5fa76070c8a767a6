from django.urls import path

from lockstitch.console.views import (
    feeds,
    goods,
    imports,
    pictures,
    preparing,
    sets,
    size_tables,
    tree,
)

urlpatterns = [
    path("products/", goods.listing, name="console_products"),
    path("sets/", sets.listing, name="console_sets"),
    path("sets/new/", sets.edit, name="console_set_new"),
    path("sets/<int:number>/", sets.edit, name="console_set"),
    path("goods/new/", goods.create, name="console_new_product"),
    path("goods/categories/", tree.edit, name="console_categories"),
    path("goods/sizes/", size_tables.listing, name="console_size_tables"),
    path("goods/sizes/new/", size_tables.edit, name="console_size_table_new"),
    path("goods/sizes/<uuid:table_id>/", size_tables.edit, name="console_size_table"),
    path("goods/preparing/", preparing.show, name="console_preparing"),
    path("goods/feeds/", feeds.show, name="console_feeds"),
    path("goods/imports/", imports.listing, name="console_imports"),
    path("goods/imports/export/", imports.export, name="console_goods_export"),
    path("goods/imports/<uuid:run_id>/", imports.show, name="console_import"),
    path("products/<str:product>/", goods.edit, name="console_product"),
    path("products/<str:product>/copy/", goods.copy, name="console_copy"),
    path("products/<str:product>/undo/", goods.undo, name="console_undo"),
    path("products/<str:product>/preview/", goods.preview, name="console_preview"),
    path("products/<str:product>/pictures/", pictures.of_product, name="console_pictures"),
    path("products/<str:product>/pictures/order/", pictures.order, name="console_pictures_order"),
    path("files/", pictures.listing, name="console_files"),
    path("files/<uuid:upload_id>/", pictures.verdict, name="console_file"),
]
