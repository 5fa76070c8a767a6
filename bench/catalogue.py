"""Products a second: a file of ten thousand products with eight SKUs each through `catalog import`
into an empty shop, then the same file again, beside the database copying the same rows.

  python -m bench.catalogue [--products 10000] [--json]
"""

import argparse
import csv
import json
import subprocess
import sys
import time
from pathlib import Path

import psycopg

from lockstitch.cli.instance import ROOT
from tests.instance import Running, folder, started

HEAD = (
    "slug", "item_number", "name_ja", "name_en", "brand", "category", "category_name_ja", "season",
    "gender", "composition", "care", "origin", "published_from", "colour_code", "colour_name_ja",
    "colour_family", "size_code", "size_label", "measures", "sku", "price", "list_price",
    "weight_g", "stock",
)  # fmt: skip
COLOURS = (("04", "エクリュ", "white"), ("58", "ネイビー", "navy"))
SIZES = ("S", "M", "L", "XL")
TABLES = ("catalogue_product", "catalogue_colour", "catalogue_size", "catalogue_sku",
          "catalogue_pricerecord", "catalogue_revision", "inventory_stock",
          "inventory_movement")  # fmt: skip


def write(path: Path, products: int) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(HEAD)
        for n in range(products):
            number = f"BN-{n:06d}"
            for colour, name, family in COLOURS:
                for m, size in enumerate(SIZES):
                    out.writerow([
                        number.lower(), number, f"試験用 シャツ {n}", f"Trial shirt {n}", "BENCH",
                        "shirts", "シャツ", "2026AW", "women", "cotton 60, nylon 40",
                        "140 200 300", "JP", "2026-01-01 10:00", colour, name, family, size, size,
                        f"length={68 + 2 * m}; chest={52 + 2 * m}", f"{number}-{colour}-{size}",
                        9900, 12900, 300, 5,
                    ])  # fmt: skip


def take_in(up: Running, file: Path) -> tuple[float, dict]:
    command = [
        sys.executable, "-m", "lockstitch.cli", "--data", str(up.data), "catalog", "import",
        str(file), "--site", "north", "--no-pictures", "--json",
    ]  # fmt: skip
    began = time.monotonic()
    said = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return time.monotonic() - began, json.loads(said)


def copy(up: Running) -> float:
    """The same rows into tables with the same keys and indexes, statement by statement."""
    with psycopg.connect(up.instance.cluster.superuser_url(), autocommit=True) as connection:
        began = time.monotonic()
        for table in TABLES:
            connection.execute(f"CREATE TABLE bench_{table} (LIKE {table} INCLUDING ALL)")
            connection.execute(f"INSERT INTO bench_{table} SELECT * FROM {table}")
        return time.monotonic() - began


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--products", type=int, default=10_000)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with folder() as data, started(data, "--demo") as up:
        file = data / "products.csv"
        write(file, options.products)
        first, report = take_in(up, file)
        again, repeat = take_in(up, file)
        assert report["new"] == options.products == repeat["unchanged"], (report, repeat)
        copied = copy(up)
    facts = {
        "products": options.products, "skus": report["variants"], "seconds": first,
        "products_per_s": options.products / first, "skus_per_s": report["variants"] / first,
        "again_seconds": again, "again_products_per_s": options.products / again,
        "copied_by_the_database_seconds": copied, "times_the_database": first / copied,
    }  # fmt: skip
    if options.json:
        print(json.dumps(facts))
        return
    for name, value in facts.items():
        print(f"{name:32} {value:,.1f}")


if __name__ == "__main__":
    main()
