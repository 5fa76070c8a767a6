"""What measures keeps up with what it measures."""

import json
import subprocess
import sys

import pytest

from lockstitch.cli.instance import ROOT


@pytest.mark.slow
def test_the_shop_window_is_measured_with_more_than_one_shop() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bench.storefront", "--products", "40", "--sites", "1,2",
         "--seconds", "0.2", "--json"],
        check=False, cwd=ROOT, capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    stages = json.loads(done.stdout)
    assert {stage["sites"] for stage in stages} == {1, 2}
    assert all(stage["per_s"] > 0 for stage in stages)
