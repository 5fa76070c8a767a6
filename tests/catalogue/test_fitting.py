"""Size advice says which size is nearest, where it is tight and by how much."""

from lockstitch.catalogue.fitting import advise

SIZES = [
    ("S", {"chest": 500, "length": 660, "sleeve": 580}),
    ("M", {"chest": 530, "length": 680, "sleeve": 600}),
    ("L", {"chest": 560, "length": 700, "sleeve": 620}),
]


def test_the_nearest_size_and_each_part_of_it() -> None:
    fitted, best = advise({"chest": 53.5, "length": 66.0}, SIZES)
    assert best == "M"
    middle = fitted[1]
    assert [(p.point, p.diff_cm, p.word) for p in middle.parts] == [
        ("chest", "-0.5", "same"), ("length", "+2.0", "same"),
    ]  # fmt: skip
    assert [p.word for p in fitted[0].parts] == ["tight", "same"]


def test_too_tight_is_worse_than_too_loose() -> None:
    _fitted, best = advise({"chest": 51.5}, SIZES)  # half way between S and M
    assert best == "M"


def test_far_apart_is_said() -> None:
    fitted, _best = advise({"chest": 40.0, "length": 80.0}, SIZES[:1])
    assert [p.word for p in fitted[0].parts] == ["too_loose", "too_tight"]


def test_nothing_to_compare() -> None:
    assert advise({"hip": 95.0}, SIZES) == ([], "")
    assert advise({}, SIZES) == ([], "")
    assert advise({"foot": 24.0}, [("24", {"insole": 242})])[1] == "24"
