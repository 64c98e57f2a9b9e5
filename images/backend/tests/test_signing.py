"""The signature equals that of AWS's own library."""

import datetime
from collections.abc import Iterator
from unittest.mock import patch

import botocore.auth
import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials as TheirCredentials

from start_up.signing import Credentials, sign

NOW = 1_763_942_400.0


@pytest.fixture(autouse=True)
def _fixed_time() -> Iterator[None]:
    now = datetime.datetime.fromtimestamp(NOW, datetime.UTC)
    with patch.object(botocore.auth, "get_current_datetime", lambda: now):
        yield


@pytest.mark.parametrize("token", [None, "a/session+token=="])
@pytest.mark.parametrize("path", ["/", "/behind/a/path"])
@pytest.mark.parametrize("host", ["ssm.eu-west-2.amazonaws.com", "127.0.0.1:4566"])
@pytest.mark.parametrize("body", [b"{}", b'{"Path": "/kairos/test", "NextToken": "\xc3\xa9"}'])
def test_equals_botocore(token: str | None, path: str, host: str, body: bytes) -> None:
    headers = {"content-type": "application/x-amz-json-1.1", "x-amz-target": "AmazonSSM.GetParametersByPath"}
    theirs = AWSRequest("POST", f"https://{host}{path}", headers=headers, data=body)
    SigV4Auth(TheirCredentials("AKID", "secret", token), "ssm", "eu-west-2").add_auth(theirs)
    ours = sign(
        headers,
        host=host,
        path=path,
        body=body,
        region="eu-west-2",
        service="ssm",
        credentials=Credentials("AKID", "secret", token),
        now=NOW,
    )
    assert ours["authorization"] == theirs.headers["Authorization"]
    assert ours["x-amz-date"] == theirs.headers["X-Amz-Date"]
    assert ours.get("x-amz-security-token") == token
