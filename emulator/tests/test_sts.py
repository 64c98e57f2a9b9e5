from __future__ import annotations

import base64
import hashlib
import json
import random
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from emulator.corrections.sts import _SHA256
from emulator.tests.cloud import ACCOUNT, OTHER_ACCOUNT, OTHER_KEYS, Cloud, policy

ISSUER = "token.actions.githubusercontent.com"
PLAIN = "repo:findkairos/kairos-infrastructure:environment:prod"
WITH_IDS = "repo:findkairos@11/kairos-infrastructure@22:environment:prod"
EXPONENT = 65537
LENGTH = 128


def _prime(bits: int, chance: random.Random) -> int:
    """A probable prime by Fermat's test, which is good enough for a key that only tests use."""
    while True:
        found = chance.getrandbits(bits) | 1 | 3 << (bits - 2)
        if all(pow(base, found - 1, found) == 1 for base in (2, 3, 5, 7)) and (found - 1) % EXPONENT:
            return found


class Issuer:
    """An issuer of tokens, with a key that is generated for one test run."""

    def __init__(self, seed: int) -> None:
        chance = random.Random(seed)
        one, other = _prime(LENGTH * 4, chance), _prime(LENGTH * 4, chance)
        self.modulus = one * other
        self._private = pow(EXPONENT, -1, (one - 1) * (other - 1))

    def publish(self, home: Path) -> None:
        key = {"kty": "RSA", "n": _encoded(self.modulus.to_bytes(LENGTH, "big")), "e": "AQAB"}
        folder = home / "issuers"
        folder.mkdir(exist_ok=True)
        (folder / f"{ISSUER}.json").write_text(json.dumps({"keys": [key]}))

    def token(self, algorithm: str = "RS256", **changed: Any) -> str:
        claims = {
            "iss": f"https://{ISSUER}",
            "aud": "sts.amazonaws.com",
            "sub": PLAIN,
            "repository_id": "22",
            "exp": int(time.time()) + 300,
            **changed,
        }
        said = {name: value for name, value in claims.items() if value is not None}
        parts = [{"alg": algorithm, "typ": "JWT"}, said]
        head = ".".join(_encoded(json.dumps(part).encode()) for part in parts)
        tail = b"\x00" + _SHA256 + hashlib.sha256(head.encode()).digest()
        padded = b"\x00\x01" + b"\xff" * (LENGTH - len(tail) - 2) + tail
        signed = pow(int.from_bytes(padded, "big"), self._private, self.modulus)
        return f"{head}.{_encoded(signed.to_bytes(LENGTH, 'big'))}"


def _encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


GITHUB, STRANGER = Issuer(1), Issuer(2)
Enter = Callable[[str], Any]


@pytest.fixture
def enter(cloud: Cloud, home: Path) -> Enter:
    """Assume a deploy role with a token. The role has the trust policy of the foundation."""
    return _door(cloud, home, cloud.client("iam"))


def _door(cloud: Cloud, home: Path, iam: Any) -> Enter:
    GITHUB.publish(home)
    provider = iam.create_open_id_connect_provider(
        Url=f"https://{ISSUER}", ClientIDList=["sts.amazonaws.com"]
    )
    trust = {
        "Effect": "Allow",
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Principal": {"Federated": provider["OpenIDConnectProviderArn"]},
        "Condition": {
            "StringEquals": {
                f"{ISSUER}:aud": ["sts.amazonaws.com"],
                f"{ISSUER}:sub": [PLAIN, WITH_IDS],
                f"{ISSUER}:repository_id": ["22"],
            }
        },
    }
    role = iam.create_role(RoleName="kairos-prod-deploy", AssumeRolePolicyDocument=policy(trust))["Role"]
    sts = cloud.client("sts")
    return lambda token: sts.assume_role_with_web_identity(
        RoleArn=role["Arn"], RoleSessionName="a-job", WebIdentityToken=token
    )


def test_a_job_may_assume_the_role(cloud: Cloud, home: Path) -> None:
    enter = _door(cloud, home, cloud.client("iam", keys=OTHER_KEYS))
    found = enter(GITHUB.token())
    assert found["AssumedRoleUser"]["Arn"].split(":")[4] == OTHER_ACCOUNT
    keys = {
        "aws_access_key_id": found["Credentials"]["AccessKeyId"],
        "aws_secret_access_key": found["Credentials"]["SecretAccessKey"],
        "aws_session_token": found["Credentials"]["SessionToken"],
    }
    assert cloud.client("sts", keys=keys).get_caller_identity()["Account"] == OTHER_ACCOUNT
    with pytest.raises(ClientError, match="AccessDenied"):
        enter(GITHUB.token(sub=f"{PLAIN}-not"))


@pytest.mark.parametrize("subject", [PLAIN, WITH_IDS])
def test_both_formats_of_the_subject_are_accepted(enter: Enter, cloud: Cloud, subject: str) -> None:
    found = enter(GITHUB.token(sub=subject))["Credentials"]
    keys = {
        "aws_access_key_id": found["AccessKeyId"],
        "aws_secret_access_key": found["SecretAccessKey"],
        "aws_session_token": found["SessionToken"],
    }
    caller = cloud.client("sts", keys=keys).get_caller_identity()
    assert caller["Arn"] == f"arn:aws:sts::{ACCOUNT}:assumed-role/kairos-prod-deploy/a-job"


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"sub": "repo:findkairos/kairos-infrastructure:environment:dev"}, "AccessDenied"),
        ({"sub": "repo:findkairos/kairos-infrastructure:pull_request"}, "AccessDenied"),
        ({"sub": "repo:somebody/kairos-infrastructure:environment:prod"}, "AccessDenied"),
        ({"sub": f"{PLAIN}-2"}, "AccessDenied"),
        ({"repository_id": "23"}, "AccessDenied"),
        ({"aud": "https://github.com/findkairos"}, "InvalidIdentityToken"),
        ({"iss": "https://token.actions.example"}, "InvalidIdentityToken"),
        ({"exp": 1}, "ExpiredTokenException"),
        ({"algorithm": "none"}, "InvalidIdentityToken"),
    ],
)
def test_one_wrong_claim_is_refused(enter: Enter, changed: dict[str, Any], code: str) -> None:
    with pytest.raises(ClientError) as refusal:
        enter(GITHUB.token(**changed))
    assert refusal.value.response["Error"]["Code"] == code


def test_a_token_without_a_repository_is_refused(enter: Enter) -> None:
    with pytest.raises(ClientError, match="AccessDenied"):
        enter(GITHUB.token(repository_id=None))


def test_a_token_of_another_key_is_refused(enter: Enter) -> None:
    with pytest.raises(ClientError, match="InvalidIdentityToken"):
        enter(STRANGER.token())


def test_a_token_that_was_changed_after_it_was_signed_is_refused(enter: Enter) -> None:
    head, _, signature = GITHUB.token().split(".")
    _, claims, _ = STRANGER.token(sub=WITH_IDS).split(".")
    with pytest.raises(ClientError, match="InvalidIdentityToken"):
        enter(f"{head}.{claims}.{signature}")


@pytest.mark.parametrize("token", ["none-at-all", "a.b.c", "a.bnVsbA.c"])
def test_an_invalid_token_is_refused(enter: Enter, token: str) -> None:
    with pytest.raises(ClientError, match="InvalidIdentityToken"):
        enter(token)


def test_the_tokens_of_an_issuer_that_publishes_no_key_are_refused(enter: Enter, home: Path) -> None:
    (home / "issuers" / f"{ISSUER}.json").unlink()
    with pytest.raises(ClientError, match="InvalidIdentityToken"):
        enter(GITHUB.token())
