"""Product files: what goes out comes in again the same, in every form; only what a file names is
changed; every fault has its row and column."""

import io
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from lockstitch.catalogue import sheet
from lockstitch.catalogue.columns import COLUMNS
from lockstitch.catalogue.editing import save
from lockstitch.catalogue.files import Unreadable, csv_lines, rows_of, write_excel
from lockstitch.catalogue.importing import Import, Report, resolve
from lockstitch.catalogue.models import Product, Revision, Sku
from lockstitch.catalogue.reading import batches, find_whole
from lockstitch.catalogue.whole import NewProduct, changes, state_of
from lockstitch.inventory.intake import first_stock
from lockstitch.inventory.models import Stock
from lockstitch.inventory.runs import begin, confirm, find_run, form_of, givens, out, revoke, work
from lockstitch.kernel.errors import Refused
from lockstitch.tenancy.queries import Site
from lockstitch.tenancy.scope import scope
from tests import world
from tests.catalogue.test_editing import BY, full

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
REAL = sorted(path.name for path in SHARED.glob("*.csv"))
FORMS = ("utf8", "cp932", "japanese", "xlsx", "shopify")


def written(form: str) -> bytes:
    language = "ja" if form in ("japanese", "cp932") else "en"
    rows = out("shopify" if form == "shopify" else "sheet", language=language)
    if form == "xlsx":
        book = io.BytesIO()
        write_excel(rows, book)
        return book.getvalue()
    return b"".join(csv_lines(rows, cp932=form == "cp932"))


def taken(data: bytes, *, rate: int = 1, dry: bool = False) -> Report:
    way = Import(by=BY)
    found = givens(io.BytesIO(data), form_of(data[:4_000]), Decimal(rate), way.report)
    for _count in way.look(found) if dry else way.apply(found, first_stock):
        pass
    return way.report


def everything() -> list[NewProduct]:
    return [kept.new for batch in batches() for kept in batch]


def stocks() -> dict[str, int]:
    return dict(Stock.objects.filter(on_hand__gt=0).values_list("sku__code", "on_hand"))


def same(form: str, before: list[NewProduct], after: list[NewProduct]) -> list[object]:
    """What differs. A Shopify file knows only whether a product is shown, not since when."""
    if form == "shopify":
        for new in (*before, *after):
            new.published = None
    return [
        (old.slug, changes(state_of(old), state_of(new)))
        for old, new in zip(before, after, strict=True)
        if state_of(old) != state_of(new)
    ]


@pytest.mark.skipif(not REAL, reason="the sample files are not on this machine")
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", REAL)
def test_real_files_go_out_and_come_in_the_same(site: Site, name: str, form: str) -> None:
    report = taken((SHARED / name).read_bytes(), rate=150)
    assert (report.refused, report.changed) == (0, 0)
    assert report.new == Product.objects.count() >= 20
    before, pieces, file = everything(), stocks(), written(form)
    again = taken(file)
    assert (again.unchanged, again.new + again.changed + again.refused) == (report.new, 0)
    with scope(world.new_site().id):
        there = taken(file)
        assert (there.new, there.refused) == (report.new, 0)
        assert same(form, before, everything()) == []
        assert stocks() == pieces


@pytest.mark.parametrize("form", [form for form in FORMS if form != "shopify"])
def test_every_field_goes_out_and_comes_in_the_same(site: Site, form: str) -> None:
    new = full()
    new.name = {"ja": "𠮷野の=コート🧥 −10℃", "en": "=1+1"}
    new.description = {"ja": "<p>能ソ表 ①髙&amp;#x;</p>\n<p>二</p>"}
    new.brand, new.tags = "'@maker", ["＠", "~〜"]
    save(new, product_id=None, version=0, by=BY)
    before, file = everything(), written(form)
    assert taken(file).unchanged == 1
    with scope(world.new_site().id):
        assert taken(file).new == 1
        assert same(form, before, everything()) == []


def test_a_shopify_file_of_our_own_goods_changes_nothing(site: Site) -> None:
    """It has no colour codes and no item numbers: what is there is found by its SKUs."""
    new = full()
    for sku in new.skus:
        sku.active, sku.list_price_yen = True, None
    save(new, product_id=None, version=0, by=BY)
    file = written("shopify")
    assert taken(file).unchanged == 1
    assert taken(file.replace(b",4400,", b",4500,")).changed == 1
    assert {sku.price_yen for sku in everything()[0].skus} == {4_500}
    assert [colour.code for colour in everything()[0].colours] == ["01", "58"]


def test_what_cp932_lacks_is_told_and_comes_back() -> None:
    told: Counter[str] = Counter()
    row = ["𠮷🧥", "&#x41;", "能"]
    (line,) = csv_lines([row], cp932=True, told=told)
    assert b"&#x20BB7;&#x1F9E5;" in line
    assert dict(told) == {"𠮷": 1, "🧥": 1}
    assert list(rows_of(io.BytesIO(line))) == [row]


def test_excel_opens_what_is_written_as_text(site: Site) -> None:
    save(full(), product_id=None, version=0, by=BY)
    book = load_workbook(io.BytesIO(written("xlsx")), read_only=True)
    head, first, *_rest = book.worksheets[0].iter_rows(values_only=True)
    assert head == tuple(column.name for column in COLUMNS)
    assert first[head.index("colour_code")] == "01"  # no number: its zero is there


def test_a_file_that_excel_wrote(site: Site) -> None:
    """Numbers are numbers there, and a JAN is one."""
    world.new_product()
    book = Workbook()
    book.active.append(["SKU", "JAN", "販売価格"])
    book.active.append(["shirt-white-S", 4901234567894, 5500.0])
    data = io.BytesIO()
    book.save(data)
    assert taken(data.getvalue()).changed == 1
    sku = Sku.objects.get(code="shirt-white-S")
    assert (sku.gtin, sku.price_yen) == ("4901234567894", 5_500)


def test_only_named_columns_are_written(site: Site) -> None:
    save(full(), product_id=None, version=0, by=BY)
    before = everything()[0]
    assert taken(b"sku,price\ncoat-01-S,4500\n").changed == 1
    after = everything()[0]
    assert [(c.where, c.field, c.after) for c in changes(state_of(before), state_of(after))] == [
        ("sku coat-01-S", "price_yen", 4_500)
    ]
    assert taken(b"slug,brand,name_en\ncoat,New,\n").changed == 1
    assert everything()[0].brand == "New"
    assert everything()[0].name == {"ja": "コート"}
    assert Sku.objects.filter(active=True).count() == 2


def test_a_repeat_writes_nothing_and_a_first_stock_stays(site: Site) -> None:
    file = (
        b"slug,item_number,name_ja,colour_code,colour_name_ja,size_code,size_label,sku,price,"
        b"stock\n"
        b"a,A,x,01,w,S,S,A-1,100,5\na,A,,01,,M,M,A-2,100,7\n"
    )
    assert taken(file).new == 1
    assert stocks() == {"A-1": 5, "A-2": 7}
    versions = Revision.objects.count()
    report = taken(file.replace(b",5\n", b",9\n"))
    assert (report.unchanged, report.changed) == (1, 0)
    assert stocks() == {"A-1": 5, "A-2": 7}
    assert Revision.objects.count() == versions


HEAD = "slug,item_number,name_ja,colour_code,colour_name_ja,size_code,sku,price,jan,composition\n"


@pytest.mark.parametrize(("rows", "row", "column"), [
    ("a,A,x,01,w,S,A-1,free,,", 2, "price"), ("a,A,x,01,w,S,A-1,,,", 2, "price"),
    ("a,A,x,01,w,S,A-1,5,4901234567890,", 2, "jan"),
    ("a,A,x,01,w,S,A-1,5,,cotton", 2, "composition"),
    ("a,A,x,01,w,S,A-1,5,,cotton 99", 2, "composition"), ("a,A,,01,w,S,A-1,5,,", 2, "name_ja"),
    ("a,A,x,01,w,S,A-1,5,,\na,A,y,01,w,M,A-2,5,,", 3, "name"),
    ("a,A,x,01,w,S,A-1,5,,\na,A,,01,,M,a-1,5,,", 3, "sku"),
    ("a,A,x,01,w,S,A-1,5,,\nb,B,y,01,w,S,a-1,5,,", 3, "sku"),
    ("a,A,x,01,w,S,A-1,5,,\nb,B,y,01,w,S,B-1,5,,\na,A,,01,,M,A-2,5,,", 4, "slug"),
    ("a,A,x,01,w,,A-1,5,,", 2, "sku"), ("a,A,x,01,w,S,shirt-white-S,5,,", 2, "sku"),
])  # fmt: skip
@pytest.mark.parametrize("dry", [True, False])
def test_a_fault_has_its_row_and_column_and_leaves_its_product_out(
    site: Site, rows: str, row: int, column: str, dry: bool
) -> None:
    world.new_product()
    good = "z,Z,z,01,w,S,Z-1,5,,\n"
    report = taken((HEAD + rows + "\n" + good).encode(), dry=dry)
    assert (row, column) in [(fault.row, fault.column) for fault in report.faults]
    assert report.refused >= 1
    assert Product.objects.filter(slug="z").exists() != dry
    assert find_whole("shirt").new.name["ja"] == "シャツ"


@pytest.mark.parametrize("data", [
    b"name,price\nx,1\n", b"PK\x03\x04 no zip", b"slug\n\"x", "slug\n値".encode("utf-16"),
    b"slug,slug\na,b\n", b"",
])  # fmt: skip
def test_what_is_no_product_file(site: Site, data: bytes) -> None:
    with pytest.raises(Unreadable):
        taken(data)


def test_a_file_is_read_row_by_row() -> None:
    """The first product is given before the last row is read."""
    read: list[int] = []

    def rows() -> Iterator[list[str]]:
        yield ["slug", "sku", "colour_code", "size_code", "price"]
        for n in range(1000):
            read.append(n)
            yield [f"p{n}", f"S{n}", "01", "M", "100"]

    assert next(sheet.read(rows(), resolve)).slug == "p0"
    assert len(read) == 2


def test_a_run_is_looked_through_taken_in_and_undone(site: Site) -> None:
    world.new_product()
    run_id = begin(
        b"sku,price\nshirt-white-S,9900\nshirt-navy-S,x\nno-such,1\n", "prices.csv",
        rate=Decimal(1), by=BY,
    )  # fmt: skip
    with pytest.raises(Refused):
        confirm(run_id)  # nobody has looked at it
    work(run_id, second=False)
    run = find_run(run_id)
    assert (run.state, run.report["fault_count"]) == ("checked", 2)
    assert Sku.objects.get(code="shirt-white-S").price_yen == 4_400

    good = begin(b"sku,price\nshirt-white-S,9900\n", "prices.csv", rate=Decimal(1), by=BY)
    work(good, second=False)
    confirm(good)
    work(good, second=False)
    work(good, second=False)  # the worker may be told twice
    assert find_run(good).state == "done"
    assert Sku.objects.get(code="shirt-white-S").price_yen == 9_900
    revoke(good)
    work(good, second=False)
    assert find_run(good).state == "undone"
    assert Sku.objects.get(code="shirt-white-S").price_yen == 4_400
    with pytest.raises(Refused):
        revoke(good)


def test_an_undone_run_leaves_what_somebody_changed_since(site: Site) -> None:
    world.new_product()
    world.new_product(slug="coat")
    run_id = begin(
        b"sku,price\nshirt-white-S,9900\ncoat-white-S,9900\n", "a.csv", rate=Decimal(1), by=BY
    )
    for step in (None, confirm):
        if step:
            step(run_id)
        work(run_id, second=False)
    kept = find_whole("coat")
    kept.new.brand = "Since"
    save(kept.new, product_id=kept.id, version=kept.version, by=BY)
    revoke(run_id)
    work(run_id, second=False)
    assert find_run(run_id).report["stayed"] == ["coat"]
    assert Sku.objects.get(code="coat-white-S").price_yen == 9_900
    assert Sku.objects.get(code="shirt-white-S").price_yen == 4_400


def test_an_undone_run_takes_its_new_products_off_sale(site: Site) -> None:
    row = "a,A,x,2026-01-01,01,w,S,A-1,100\n"
    head = (
        "slug,item_number,name_ja,published_from,colour_code,colour_name_ja,size_code,sku,price\n"
    )
    run_id = begin((head + row).encode(), "new.csv", rate=Decimal(1), by=BY)
    work(run_id, second=False)
    confirm(run_id)
    work(run_id, second=False)
    assert find_whole("a").new.published is not None
    revoke(run_id)
    work(run_id, second=False)
    work(run_id, second=False)
    assert find_whole("a").new.published is None
    assert find_run(run_id).report["stayed"] == []


def test_a_killed_run_goes_on(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """Killed in the second batch: the first is there, and a second try makes the rest."""
    monkeypatch.setattr("lockstitch.catalogue.importing.BATCH", 2)
    rows = "".join(f"p{n},P{n},x,01,w,S,P{n}-1,100,,\n" for n in range(5))
    run_id = begin((HEAD + rows).encode(), "five.csv", rate=Decimal(1), by=BY)
    work(run_id, second=False)
    confirm(run_id)
    calls = iter([None, RuntimeError("killed")])

    def killed(*_args: object) -> None:
        if fault := next(calls, None):
            raise fault

    monkeypatch.setattr("lockstitch.inventory.runs.first_stock", killed)
    with pytest.raises(RuntimeError):
        work(run_id, second=False)
    assert Product.objects.count() == 2
    assert (find_run(run_id).state, find_run(run_id).done) == ("applying", 2)
    monkeypatch.undo()
    work(run_id, second=False)
    assert find_run(run_id).state == "done"
    assert Product.objects.count() == 5
    assert Revision.objects.count() == 5
