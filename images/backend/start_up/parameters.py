"""Turns the parameters of an environment into variables, all or none."""

from collections import Counter
from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass

from start_up.configuration import Configuration
from start_up.failure import StartUpError
from start_up.parameter_store import Parameter, ParameterStore, Refused
from start_up.signing import Credentials

PLACEHOLDER = "unset"
"""What a secret's parameter holds until somebody has set it."""


@dataclass(frozen=True)
class Loaded:
    read: int
    """How many parameters there were."""
    calls: int
    """How many calls it took to read them."""
    secrets: Mapping[str, str]
    """The secrets that were read, by name, so that no failure prints one of them."""


def load(configuration: Configuration, environment: MutableMapping[str, str]) -> Loaded:
    """Sets every parameter below the configured path as a variable. One that is set already wins.

    Raises StartUpError, with the environment untouched, when a required name is missing, cannot be read or
    was never set.
    """
    store = connect(environment)
    try:
        pages = store.read(configuration.parameter_path)
    except Refused as refusal:
        raise StartUpError(_explain(refusal, store, configuration)) from None
    values = {
        parameter.name: parameter.value for parameter in pages.parameters if parameter.name not in environment
    }
    _refuse_incomplete(configuration, pages.parameters, values, environment)
    environment.update(values)
    secrets = {parameter.name: parameter.value for parameter in pages.parameters if parameter.secret}
    return Loaded(read=len(pages.parameters), calls=pages.calls, secrets=secrets)


def connect(environment: Mapping[str, str]) -> ParameterStore:
    """The parameter store that the runtime's own variables lead to."""
    region = environment.get("AWS_REGION") or environment.get("AWS_DEFAULT_REGION")
    if not region:
        raise StartUpError("AWS_REGION is not set, so there is no parameter store to ask")
    # https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html
    endpoint = (
        environment.get("AWS_ENDPOINT_URL_SSM")
        or environment.get("AWS_ENDPOINT_URL")
        or f"https://ssm.{region}.amazonaws.com"
    )
    missing = [name for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY") if not environment.get(name)]
    if missing:
        raise StartUpError(
            f"{' and '.join(missing)} not set; the runtime gives a function its role's credentials"
        )
    credentials = Credentials(
        environment["AWS_ACCESS_KEY_ID"],
        environment["AWS_SECRET_ACCESS_KEY"],
        environment.get("AWS_SESSION_TOKEN"),
    )
    return ParameterStore(endpoint, region, credentials)


def _refuse_incomplete(
    configuration: Configuration,
    parameters: list[Parameter],
    values: Mapping[str, str],
    environment: Mapping[str, str],
) -> None:
    path = configuration.parameter_path
    faults = []
    counts = Counter(parameter.name for parameter in parameters)
    if twice := sorted(name for name, count in counts.items() if count > 1):
        faults.append(f"more than one parameter is named {', '.join(twice)}; remove all but one")
    if missing := [name for name in configuration.required if name not in values and name not in environment]:
        faults.append(f"there is no parameter for {', '.join(missing)}; deploy the environment first")
    if unset := sorted(name for name, value in values.items() if value == PLACEHOLDER):
        faults.append(f"{', '.join(unset)} was never set; run: kairos secrets set {path.rpartition('/')[2]}")
    if faults:
        raise StartUpError(f"the parameters below {path} are not complete: {'; '.join(faults)}")


def _explain(refusal: Refused, store: ParameterStore, configuration: Configuration) -> str:
    """Says which parameters cannot be read: a key that may not be used spoils the whole page."""
    path = configuration.parameter_path
    try:
        listed = store.read(path, decrypt=False).parameters
    except StartUpError:
        names = ", ".join(configuration.required) or "all of them"
        return (
            f"the parameters below {path} cannot be read ({refusal.code}): {names}; "
            "the function's role needs ssm:GetParametersByPath there"
        )
    names = ", ".join(sorted(parameter.name for parameter in listed if parameter.secret))
    return (
        f"secrets below {path} cannot be decrypted ({refusal.code}): {names}; "
        "the function's role needs kms:Decrypt with the key that they are encrypted with"
    )
