"""The settings in the function's variables, and which of them are refused."""

import pytest

from start_up.configuration import Configuration, read_configuration
from start_up.failure import StartUpError

LEAST = {"KAIROS_PARAMETER_PATH": "/kairos/test/secrets/", "KAIROS_HANDLER": "kairos.main.handler"}


def test_has_a_default_for_everything_except_the_path_and_the_handler() -> None:
    assert read_configuration(LEAST) == Configuration(
        parameter_path="/kairos/test/secrets",
        handler="kairos.main.handler",
        required=(),
        lifespan="environment",
        start_limit=5,
        pause_limit=240,
        digest=None,
        origin_header=None,
    )


def test_uses_the_given_values() -> None:
    given = {
        "KAIROS_REQUIRED_PARAMETERS": "B, A,,B",
        "KAIROS_LIFESPAN": "invocation",
        "KAIROS_LIFESPAN_START_LIMIT": "0.5",
        "KAIROS_LIFESPAN_PAUSE_LIMIT": "60",
        "KAIROS_IMAGE_DIGEST": "sha256:0",
        "KAIROS_ORIGIN_HEADER": "x-origin-verify",
    }
    assert read_configuration(LEAST | given) == Configuration(
        parameter_path="/kairos/test/secrets",
        handler="kairos.main.handler",
        required=("B", "A"),
        lifespan="invocation",
        start_limit=0.5,
        pause_limit=60,
        digest="sha256:0",
        origin_header="x-origin-verify",
    )


def test_treats_an_empty_variable_as_unset() -> None:
    empty = dict.fromkeys(
        (
            "KAIROS_REQUIRED_PARAMETERS",
            "KAIROS_LIFESPAN",
            "KAIROS_LIFESPAN_START_LIMIT",
            "KAIROS_LIFESPAN_PAUSE_LIMIT",
            "KAIROS_ORIGIN_HEADER",
        ),
        "",
    )
    assert read_configuration(LEAST | empty) == read_configuration(LEAST)


@pytest.mark.parametrize(
    ("name", "values", "words"),
    [
        (
            "KAIROS_PARAMETER_PATH",
            ["", "/", "kairos/test/", "/kairos/test", "/kairos//", "/é/"],
            "not a path such as /kairos/dev/secrets/",
        ),
        (
            "KAIROS_HANDLER",
            ["", "handler", "kairos.main.", ".handler", "kairos.main-handler", "kairos/main.handler"],
            "not a name such as kairos.main.handler",
        ),
        ("KAIROS_LIFESPAN", ["request", "ENVIRONMENT"], "not one of environment, invocation"),
        *(
            (
                f"KAIROS_LIFESPAN_{limit}_LIMIT",
                ["0", "-1", "five", "inf", "nan"],
                "not a number of seconds above 0",
            )
            for limit in ("START", "PAUSE")
        ),
    ],
)
def test_says_what_would_be_right(name: str, values: list[str], words: str) -> None:
    for value in values:
        with pytest.raises(StartUpError) as failed:
            read_configuration(LEAST | {name: value})
        assert str(failed.value) == f"{name} is {value!r}, {words}"


def test_names_each_secret_whose_name_no_variable_can_have() -> None:
    with pytest.raises(StartUpError) as failed:
        read_configuration(LEAST | {"KAIROS_REQUIRED_PARAMETERS": "GOOD,lower,1ST,WITH-DASH,NAMÉ"})
    assert str(failed.value) == (
        "KAIROS_REQUIRED_PARAMETERS has '1ST', 'WITH-DASH', 'NAMÉ', which no variable can be named"
    )


def test_names_all_faults_at_once() -> None:
    with pytest.raises(StartUpError) as failed:
        read_configuration({"KAIROS_LIFESPAN": "request"})
    assert [fault.split(", not ")[0] for fault in str(failed.value).split("; ")] == [
        "KAIROS_PARAMETER_PATH is ''",
        "KAIROS_HANDLER is ''",
        "KAIROS_LIFESPAN is 'request'",
    ]
