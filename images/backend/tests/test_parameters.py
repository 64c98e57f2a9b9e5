"""From parameters to variables: all or none, and a name in every failure, never a value."""

from typing import Any

import pytest
from conftest import Serve
from fake_parameter_store import FakeParameterStore, error, parameter

from start_up.configuration import Configuration, read_configuration
from start_up.failure import StartUpError
from start_up.parameters import connect, load

PATH = "/kairos/test"
SETTINGS = [
    parameter(f"{PATH}/settings/MAIL_PORT", "2525"),
    parameter(f"{PATH}/settings/ENVIRONMENT", "staging"),
]
SECRETS = [
    parameter(f"{PATH}/secrets/SECRET_KEY", "the-secret-key", "SecureString"),
    parameter(f"{PATH}/secrets/MONGO_PASSWORD", "the-password", "SecureString"),
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


def test_sets_every_parameter_as_a_variable(serve: Serve) -> None:
    environment = environment_for(serve(SETTINGS, SECRETS))
    loaded = load(configuration("SECRET_KEY", "MAIL_PORT"), environment)
    assert environment["MAIL_PORT"] == "2525"
    assert environment["SECRET_KEY"] == "the-secret-key"
    assert (loaded.read, loaded.calls) == (4, 2)


def test_remembers_only_secrets_as_secrets(serve: Serve) -> None:
    loaded = load(configuration(), environment_for(serve(SETTINGS, SECRETS)))
    assert loaded.secrets == {"SECRET_KEY": "the-secret-key", "MONGO_PASSWORD": "the-password"}


def test_leaves_a_variable_that_is_set_already(serve: Serve) -> None:
    environment = environment_for(serve(SETTINGS), MAIL_PORT="25")
    load(configuration("MAIL_PORT"), environment)
    assert environment["MAIL_PORT"] == "25"


def test_takes_a_set_variable_for_a_missing_parameter(serve: Serve) -> None:
    environment = environment_for(serve(SETTINGS), SECRET_KEY="given")
    load(configuration("SECRET_KEY"), environment)
    assert environment["SECRET_KEY"] == "given"


def test_names_every_parameter_that_is_missing(serve: Serve) -> None:
    fake = serve(SETTINGS, SECRETS)
    message = failure(fake, environment_for(fake), "SECRET_KEY", "MONGO_HOST", "RESEND_API_KEY")
    assert "no parameter for MONGO_HOST, RESEND_API_KEY" in message
    assert "SECRET_KEY" not in message


def test_names_a_secret_that_was_never_set(serve: Serve) -> None:
    fake = serve([parameter(f"{PATH}/secrets/SECRET_KEY", "unset", "SecureString")])
    message = failure(fake, environment_for(fake), "SECRET_KEY")
    assert "SECRET_KEY was never set; run: kairos secrets set test" in message


def test_does_not_mind_a_placeholder_that_a_variable_overrides(serve: Serve) -> None:
    fake = serve([parameter(f"{PATH}/secrets/SECRET_KEY", "unset", "SecureString")])
    load(configuration("SECRET_KEY"), environment_for(fake, SECRET_KEY="given"))


def test_tells_missing_and_unset_at_once(serve: Serve) -> None:
    fake = serve([parameter(f"{PATH}/secrets/SECRET_KEY", "unset", "SecureString")])
    message = failure(fake, environment_for(fake), "SECRET_KEY", "MONGO_HOST")
    assert "SECRET_KEY was never set" in message
    assert "no parameter for MONGO_HOST" in message


def test_takes_an_empty_answer_for_what_it_is(serve: Serve) -> None:
    fake = serve([])
    assert "no parameter for SECRET_KEY" in failure(fake, environment_for(fake), "SECRET_KEY")


def test_refuses_two_parameters_for_one_variable(serve: Serve) -> None:
    fake = serve(SETTINGS, [parameter(f"{PATH}/secrets/MAIL_PORT", "1", "SecureString")])
    message = failure(fake, environment_for(fake))
    assert "more than one parameter is named MAIL_PORT" in message


def test_names_the_secrets_when_the_key_is_denied(serve: Serve) -> None:
    fake = serve(SETTINGS, SECRETS, steps=[error(400, "AccessDeniedException")])
    message = failure(fake, environment_for(fake), "SECRET_KEY", "MAIL_PORT")
    assert "cannot be decrypted (AccessDeniedException): MONGO_PASSWORD, SECRET_KEY" in message
    assert "kms:Decrypt" in message
    assert fake.requests[1]["WithDecryption"] is False


def test_names_what_is_required_when_the_path_is_denied(serve: Serve) -> None:
    fake = serve(SETTINGS, SECRETS, steps=[error(400, "AccessDeniedException")] * 2)
    message = failure(fake, environment_for(fake), "SECRET_KEY", "MAIL_PORT")
    assert "cannot be read (AccessDeniedException): SECRET_KEY, MAIL_PORT" in message
    assert "ssm:GetParametersByPath" in message


@pytest.mark.parametrize("absent", ["AWS_REGION", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"])
def test_says_which_variable_of_the_runtime_is_not_set(serve: Serve, absent: str) -> None:
    fake = serve(SETTINGS)
    environment = environment_for(fake)
    del environment[absent]
    assert absent in failure(fake, environment)


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
def test_asks_where_the_environment_says(given: dict[str, str], host: str) -> None:
    environment: dict[str, Any] = {
        "AWS_REGION": "eu-west-2",
        "AWS_ACCESS_KEY_ID": "AKID",
        "AWS_SECRET_ACCESS_KEY": "x",
    }
    assert connect(environment | given)._host == host


def test_proves_who_asks(serve: Serve) -> None:
    fake = serve(SETTINGS)
    load(configuration(), environment_for(fake, AWS_SESSION_TOKEN="the-token"))
    headers = {name.lower(): value for name, value in fake.headers[0].items()}
    assert headers["authorization"].startswith("AWS4-HMAC-SHA256 Credential=AKID/")
    assert headers["x-amz-security-token"] == "the-token"
