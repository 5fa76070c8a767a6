"""Searches a second and their p99 with few goods and with many, beside PostgreSQL's own.

python -m bench.search [--products 1000,10000,100000] [--sites 1,53] [--seconds 5] [--json]
"""

from bench.storefront import main

if __name__ == "__main__":
    main(only="search", text=__doc__)
