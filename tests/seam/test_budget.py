"""A batch of labels beyond what an operator may look at: the desk asks for a fresh code, and gives
the file out for it."""

import csv
import io
import re
import time
from concurrent.futures import ThreadPoolExecutor

import pyotp
import pytest

from tests.seam.conftest import Seeded

pytestmark = pytest.mark.slow

ORDERS, SHOPPERS = 31, 4


def test_more_labels_than_the_budget_want_a_code(seeded: Seeded) -> None:
    with ThreadPoolExecutor(SHOPPERS) as crowd:
        list(crowd.map(lambda _number: seeded.shopper().buy("shirt"), range(ORDERS)))
    operator = seeded.operator()
    operator.keep_sender()
    page = operator.get(f"{operator.shop}/s/north/shipping/")
    numbers = sorted(set(re.findall(r'name="order" value="([0-9A-Z-]+)"', page.text)))
    assert len(numbers) == ORDERS
    batch = operator.submit(page.form("/plan/"), order=numbers, carrier="yamato")
    desk = operator.get(f"{operator.desk}/s/north/batches/{batch.url.split('/')[-2]}/labels/")
    asked = operator.submit(desk.form("/labels/"))
    assert asked.status == 403
    wrong = operator.submit(asked.form(having="proof"), proof="000000")
    assert wrong.status == 403
    assert "That code is wrong" in wrong.text
    code = pyotp.TOTP(seeded.world["totp"]).at(int(time.time()) + 30)
    file = operator.submit(wrong.form(having="proof"), proof=code)
    assert file.status == 200
    assert len(list(csv.DictReader(io.StringIO(file.text)))) == ORDERS
