"""Settings."""

from __future__ import annotations

import pytest

from api.config import cache_megabytes, request_seconds


@pytest.mark.parametrize(("setting", "megabytes"), [(0, 0), (64, 64), (1 << 20, 1 << 20)])
def test_a_whole_number_of_megabytes_is_a_valid_cache_size(setting: object, megabytes: int) -> None:
    assert cache_megabytes(setting) == megabytes


@pytest.mark.parametrize("setting", ["many", -1, 1.5, None, True, (1 << 20) + 1])
def test_other_cache_sizes_are_refused(setting: object) -> None:
    with pytest.raises(ValueError, match="CLAIMBASE_CACHE_MB must be a whole number of megabytes"):
        cache_megabytes(setting)


@pytest.mark.parametrize("setting", [10, 0.5, 3600])
def test_a_number_of_seconds_is_a_valid_deadline(setting: object) -> None:
    assert request_seconds(setting) == setting


@pytest.mark.parametrize("setting", ["many", 0, -1, None, True, 3601, float("nan"), float("inf")])
def test_other_deadlines_are_refused(setting: object) -> None:
    with pytest.raises(ValueError, match="CLAIMBASE_REQUEST_SECONDS must be seconds above 0"):
        request_seconds(setting)
