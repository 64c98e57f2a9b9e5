from __future__ import annotations

from typing import Any

import pytest

from emulator.tests.cloud import Cloud

SECURITY = {"ContentTypeOptions": {"Override": True}}
BLOCKS = {
    "CustomHeadersConfig": {
        "Quantity": 1,
        "Items": [{"Header": "x-kairos", "Value": "1", "Override": True}],
    },
    "RemoveHeadersConfig": {"Quantity": 1, "Items": [{"Header": "server"}]},
}


def _config(cloud: Cloud, **blocks: Any) -> dict[str, Any]:
    client = cloud.client("cloudfront")
    made = client.create_response_headers_policy(
        ResponseHeadersPolicyConfig={"Name": "kairos", "SecurityHeadersConfig": SECURITY, **blocks}
    )["ResponseHeadersPolicy"]
    read = client.get_response_headers_policy(Id=made["Id"])["ResponseHeadersPolicy"]
    assert read["ResponseHeadersPolicyConfig"] == made["ResponseHeadersPolicyConfig"]
    return read["ResponseHeadersPolicyConfig"]


@pytest.mark.parametrize("block", BLOCKS)
def test_a_policy_has_no_block_that_was_not_set(cloud: Cloud, block: str) -> None:
    assert block not in _config(cloud)


@pytest.mark.parametrize("block", BLOCKS)
def test_a_policy_keeps_a_block_with_headers(cloud: Cloud, block: str) -> None:
    assert _config(cloud, **{block: BLOCKS[block]})[block] == BLOCKS[block]


def test_the_rest_of_a_policy_is_kept(cloud: Cloud) -> None:
    assert _config(cloud)["SecurityHeadersConfig"] == SECURITY
