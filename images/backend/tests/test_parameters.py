"""Parameters become variables: all or none. Every error contains a name, and never a value."""

import socket
import threading
import time
from typing import Any

import pytest
from conftest import Serve
from fake_parameter_store import FakeParameterStore, error, parameter
from silent_servers import (
    body_in_drips,
    denied_then_silent,
    endless_continue,
    endless_pages,
    headers_in_drips,
    serving_one_after_another,
)

from start_up import parameter_store
from start_up.configuration import Configuration, read_configuration
from start_up.failure import StartUpError
from start_up.parameters import begin_loading, connect, load
from start_up.signing import Credentials

PATH = "/kairos/test/secrets"
SECRETS = [
    parameter(f"{PATH}/SECRET_KEY", "the-secret-key", "SecureString"),
    parameter(f"{PATH}/MONGO_PASSWORD", "the-password", "SecureString"),
]


def environment_for(fake: FakeParameterStore, **more: str) -> dict[str, str]:
    return {
        "AWS_REGION": "eu-west-2",
        "AWS_ACCESS_KEY_ID": "AKID",
        "AWS_SECRET_ACCESS_KEY": "secret",
        "AWS_ENDPOINT_URL_SSM": fake.endpoint,
    } | more


def configuration(*required: str) -> Configuration:
    return read_configuration(
        {
            "KAIROS_PARAMETER_PATH": f"{PATH}/",
            "KAIROS_HANDLER": "kairos.main.handler",
            "KAIROS_REQUIRED_PARAMETERS": ",".join(required),
        }
    )


def failure(fake: FakeParameterStore, environment: dict[str, str], *required: str) -> str:
    before = dict(environment)
    with pytest.raises(StartUpError) as failed:
        load(configuration(*required), environment)
    assert environment == before, "a failure must leave the environment as it was"
    message = str(failed.value)
    values = {found["Value"] for page in fake.pages for found in page} - {"unset"}
    assert not any(value in message for value in values)
    return message


def test_sets_each_required_secret_as_a_variable(serve: Serve) -> None:
    environment = environment_for(serve(SECRETS))
    loaded = load(configuration("SECRET_KEY", "MONGO_PASSWORD"), environment)
    assert environment["SECRET_KEY"] == "the-secret-key"
    assert environment["MONGO_PASSWORD"] == "the-password"
    assert loaded.calls == 1
    assert loaded.secrets == {"SECRET_KEY": "the-secret-key", "MONGO_PASSWORD": "the-password"}


def test_one_call_is_enough_for_a_page(serve: Serve) -> None:
    fake = serve(SECRETS)
    load(configuration("SECRET_KEY"), environment_for(fake))
    assert [request["Path"] for request in fake.requests] == [PATH]


def test_reads_nothing_if_nothing_is_required(serve: Serve) -> None:
    fake = serve(SECRETS)
    environment = environment_for(fake)
    before = dict(environment)
    assert load(configuration(), environment).calls == 0
    assert (environment, fake.requests) == (before, [])


OTHERS = {
    "the key of an API client, not set yet": ("API_KEY_PARTNER", "unset"),
    "the key of an API client": ("API_KEY_PARTNER", "a-key-of-the-edge"),
    "a secret of a newer version, not set yet": ("PAYMENT_KEY", "unset"),
    "a value that no variable can hold": ("OTHER", "a\0b"),
    "a name that the runtime has taken": ("AWS_REGION", "elsewhere"),
    "a name that is no variable's": ("a=b", "c"),
}


@pytest.mark.parametrize("other", OTHERS.values(), ids=OTHERS.keys())
def test_ignores_parameters_that_this_version_does_not_require(serve: Serve, other: tuple[str, str]) -> None:
    environment = environment_for(serve([parameter(f"{PATH}/{other[0]}", other[1], "SecureString")], SECRETS))
    before = dict(environment)
    load(configuration("SECRET_KEY"), environment)
    assert environment == before | {"SECRET_KEY": "the-secret-key"}


@pytest.mark.parametrize("taken", ["SECRET_KEY", "AWS_SECRET_ACCESS_KEY"])
def test_refuses_a_secret_that_is_a_variable_already(serve: Serve, taken: str) -> None:
    fake = serve([parameter(f"{PATH}/{taken}", "the-secret-key", "SecureString")])
    message = failure(fake, environment_for(fake, SECRET_KEY="given"), taken)
    assert f"{taken} is both a secret of this version and a variable of the function" in message
    assert "given" not in message
    assert fake.requests == []


@pytest.mark.parametrize("value", ["a\0b", "\ud800"])
def test_refuses_a_value_that_no_variable_can_hold(serve: Serve, value: str) -> None:
    fake = serve([*SECRETS, parameter(f"{PATH}/STRANGE", value, "SecureString")])
    message = failure(fake, environment_for(fake), "SECRET_KEY", "STRANGE")
    assert "STRANGE has a character that no variable can hold" in message


def test_names_every_parameter_that_is_missing(serve: Serve) -> None:
    fake = serve(SECRETS)
    message = failure(fake, environment_for(fake), "SECRET_KEY", "MONGO_HOST", "RESEND_API_KEY")
    assert "no parameter for MONGO_HOST, RESEND_API_KEY" in message
    assert "SECRET_KEY" not in message


def test_names_a_secret_that_was_never_set(serve: Serve) -> None:
    fake = serve([parameter(f"{PATH}/SECRET_KEY", "unset", "SecureString")])
    message = failure(fake, environment_for(fake), "SECRET_KEY")
    assert "SECRET_KEY was never set; type: npx kairos secrets set test" in message


def test_reports_missing_and_unset_secrets_together(serve: Serve) -> None:
    fake = serve([parameter(f"{PATH}/SECRET_KEY", "unset", "SecureString")])
    message = failure(fake, environment_for(fake), "SECRET_KEY", "MONGO_HOST")
    assert "SECRET_KEY was never set" in message
    assert "no parameter for MONGO_HOST" in message


def test_names_all_wrong_secrets_in_one_sentence_each(serve: Serve) -> None:
    never = [
        parameter(f"{PATH}/{name}", "unset", "SecureString") for name in ("SECRET_KEY", "MONGO_PASSWORD")
    ]
    strange = [parameter(f"{PATH}/{name}", "a\0b", "SecureString") for name in ("MAIL_KEY", "JWT_KEY")]
    fake = serve([*never, *strange])
    message = failure(fake, environment_for(fake), "SECRET_KEY", "MONGO_PASSWORD", "MAIL_KEY", "JWT_KEY")
    assert message == (
        f"the secrets below {PATH} are not complete: SECRET_KEY, MONGO_PASSWORD was never set; "
        "type: npx kairos secrets set test; MAIL_KEY, JWT_KEY has a character that no variable can hold; "
        "set it again: npx kairos secrets set test"
    )


def test_names_all_secrets_that_are_variables_already(serve: Serve) -> None:
    fake = serve(SECRETS)
    taken = environment_for(fake, SECRET_KEY="mine", MONGO_PASSWORD="mine")
    assert failure(fake, taken, "SECRET_KEY", "MONGO_PASSWORD").startswith(
        "SECRET_KEY, MONGO_PASSWORD is both"
    )


def test_says_how_long_the_reading_took(serve: Serve) -> None:
    loading = begin_loading(configuration("SECRET_KEY"), environment_for(serve(SECRETS)))
    loading.finish()
    assert 0 < loading.seconds < 60


def test_treats_an_empty_response_as_empty(serve: Serve) -> None:
    fake = serve([])
    assert "no parameter for SECRET_KEY" in failure(fake, environment_for(fake), "SECRET_KEY")


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("ExpiredTokenException", "have expired"),
        ("UnrecognizedClientException", "AWS does not know the access key"),
        ("InvalidSignatureException", "the signature is wrong"),
    ],
)
def test_refused_credentials_are_not_a_missing_permission(serve: Serve, code: str, said: str) -> None:
    fake = serve(SECRETS, steps=[error(400, code)])
    message = failure(fake, environment_for(fake), "SECRET_KEY")
    assert f"cannot be read ({code}): SECRET_KEY" in message
    assert said in message
    assert "needs" not in message
    assert len(fake.requests) == 1


@pytest.mark.parametrize("code", ["InvalidKeyId", "KMSInvalidStateException", "DisabledException"])
def test_an_unusable_key_is_not_a_missing_permission(serve: Serve, code: str) -> None:
    fake = serve(SECRETS, steps=[error(400, code)])
    message = failure(fake, environment_for(fake), "SECRET_KEY")
    assert f"cannot be decrypted ({code}): SECRET_KEY" in message
    assert "see whether the key that they are encrypted with is there and enabled" in message
    assert "needs" not in message


def test_another_error_is_not_a_missing_permission(serve: Serve) -> None:
    fake = serve(SECRETS, steps=[error(400, "ValidationException")] * 2)
    message = failure(fake, environment_for(fake), "SECRET_KEY")
    assert "cannot be read (ValidationException): SECRET_KEY" in message
    assert "needs" not in message


@pytest.mark.parametrize(
    "answer", [body_in_drips, headers_in_drips, endless_continue, endless_pages, denied_then_silent]
)
def test_one_deadline_ends_every_hanging_call(
    answer: Any, serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parameter_store, "BUDGET", 0.4)
    with serving_one_after_another(answer) as endpoint:
        environment = environment_for(serve(SECRETS), AWS_ENDPOINT_URL_SSM=endpoint)
        before, began = dict(environment), time.monotonic()
        with pytest.raises(StartUpError, match=r"gave no answer in 0\.4 s"):
            load(configuration("SECRET_KEY"), environment)
    assert environment == before
    assert time.monotonic() - began < 5, "ten times what it may take, for a busy machine"


def test_one_deadline_ends_the_resolution_of_a_name(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    resolved = threading.Event()
    monkeypatch.setattr(parameter_store, "BUDGET", 0.2)
    monkeypatch.setattr(socket, "getaddrinfo", lambda *arguments, **more: resolved.wait(30) and [])
    fake = serve(SECRETS)
    try:
        message = failure(fake, environment_for(fake), "SECRET_KEY")
    finally:
        resolved.set()
    assert "gave no answer in 0.2 s; at last: no answer" in message


def test_the_deadline_leaves_half_of_the_start_to_the_backend() -> None:
    assert parameter_store.BUDGET <= 5


def test_names_the_secrets_if_the_key_is_denied(serve: Serve) -> None:
    fake = serve(SECRETS, steps=[error(400, "AccessDeniedException")])
    message = failure(fake, environment_for(fake), "SECRET_KEY", "MONGO_HOST")
    assert "cannot be decrypted (AccessDeniedException): SECRET_KEY; " in message
    assert "kms:Decrypt" in message
    assert fake.requests[1]["WithDecryption"] is False


def test_reports_only_the_key_of_a_message(serve: Serve) -> None:
    key = "arn:aws:kms:eu-west-2:992382417038:key/0b6a-1"
    denial = f"User: somebody is not authorized to perform: kms:Decrypt on resource: {key} because of that"
    fake = serve(SECRETS, steps=[error(400, "AccessDeniedException", denial)])
    message = failure(fake, environment_for(fake), "SECRET_KEY")
    assert f"needs kms:Decrypt with the key {key}" in message
    assert "somebody" not in message


def test_names_the_required_secrets_if_the_path_is_denied(serve: Serve) -> None:
    fake = serve(SECRETS, steps=[error(400, "AccessDeniedException")] * 2)
    message = failure(fake, environment_for(fake), "SECRET_KEY", "MONGO_HOST")
    assert "cannot be read (AccessDeniedException): SECRET_KEY, MONGO_HOST" in message
    assert [request["Path"] for request in fake.requests] == [PATH, PATH]
    assert "ssm:GetParametersByPath" in message


@pytest.mark.parametrize("absent", ["AWS_REGION", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"])
def test_names_the_unset_variable_of_the_runtime(serve: Serve, absent: str) -> None:
    fake = serve(SECRETS)
    environment = environment_for(fake)
    del environment[absent]
    assert absent in failure(fake, environment, "SECRET_KEY")


@pytest.mark.parametrize(
    ("given", "host"),
    [
        ({}, "ssm.eu-west-2.amazonaws.com"),
        ({"AWS_ENDPOINT_URL": "http://127.0.0.1:1"}, "127.0.0.1:1"),
        (
            {"AWS_ENDPOINT_URL": "http://127.0.0.1:1", "AWS_ENDPOINT_URL_SSM": "http://127.0.0.1:2"},
            "127.0.0.1:2",
        ),
    ],
)
def test_uses_the_endpoint_of_the_environment(given: dict[str, str], host: str) -> None:
    environment: dict[str, Any] = {
        "AWS_REGION": "eu-west-2",
        "AWS_ACCESS_KEY_ID": "AKID",
        "AWS_SECRET_ACCESS_KEY": "x",
    }
    assert connect(environment | given)._host == host


@pytest.mark.parametrize("name", ["AWS_REGION", "AWS_DEFAULT_REGION"])
def test_signs_for_the_region_with_the_key_of_the_role(name: str) -> None:
    store = connect({name: "eu-west-2", "AWS_ACCESS_KEY_ID": "AKID", "AWS_SECRET_ACCESS_KEY": "key"})
    assert (store._region, store._credentials) == ("eu-west-2", Credentials("AKID", "key"))


def test_sends_the_session_token(serve: Serve) -> None:
    fake = serve(SECRETS)
    load(configuration("SECRET_KEY"), environment_for(fake, AWS_SESSION_TOKEN="the-token"))
    headers = {name.lower(): value for name, value in fake.headers[0].items()}
    assert headers["authorization"].startswith("AWS4-HMAC-SHA256 Credential=AKID/")
    assert headers["x-amz-security-token"] == "the-token"
