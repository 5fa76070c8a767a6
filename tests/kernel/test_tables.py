"""What a CSV may be, and what is refused before anybody looks at a row."""

import pytest

from lockstitch.kernel.errors import Refused
from lockstitch.kernel.tables import BYTES_MAX, decoded, table


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
def test_what_japanese_programs_write(encoding: str) -> None:
    data = '品番,名前\r\n"A,1","二\n行"\r\n'.encode(encoding)
    assert table(data, rows_max=1) == [["品番", "名前"], ["A,1", "二\n行"]]


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"a,b\n1\0,2\n", "no text"), ("a\n1\n".encode("utf-16"), "no text"),
        (b"\x81 ", "neither"), (b"x" * (BYTES_MAX + 1), "too large"),
        (b"a\n1\n2\n3\n", "too many rows"), (b"," * 200 + b"\n", "too many columns"),
        (b"a\n" + b"x" * 4001 + b"\n", "too long"), (b'a\n"' + b"x" * 200_000, "damaged"),
        (b"PK\x03\x04\0\0", "no text"),
    ],
)  # fmt: skip
def test_what_is_refused(data: bytes, why: str) -> None:
    with pytest.raises(Refused, match=why):
        table(data, rows_max=2)


def test_nothing_is_an_empty_table() -> None:
    assert table(b"", rows_max=1) == []
    assert decoded(b"") == ""
