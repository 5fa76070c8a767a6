import pytest
from django.db import connection
from tests import world
pytestmark = pytest.mark.usefixtures("database")
def test_a(site):
    skus = world.new_product()
    with connection.cursor() as c:
        c.execute("select place, facets, few, lexemes::text, price_yen, published_from from search_goods")
        for r in c.fetchall(): print(r)
        c.execute("update inventory_stock set on_hand=2")
        c.execute("select facets, few from search_goods"); print(c.fetchall())
