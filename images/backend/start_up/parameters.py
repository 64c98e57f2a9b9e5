"""Turns the secrets that this version requires into variables, all or none."""

import os
from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass, field

from start_up.configuration import Configuration
from start_up.deadline import within
from start_up.failure import StartUpError
from start_up.parameter_store import Pages, ParameterStore, Refused
from start_up.signing import Credentials

PLACEHOLDER = "unset"
"""What a secret's parameter holds until somebody has set it."""


DENIED = {"AccessDeniedException", "AccessDenied"}
# https://docs.aws.amazon.com/systems-manager/latest/APIReference/CommonErrors.html
CREDENTIALS = {
    "ExpiredTokenException": "the credentials of the function's role have expired",
    "ExpiredToken": "the credentials of the function's role have expired",
    "RequestExpired": "the request is older than AWS takes: see the clock of this machine",
    "InvalidSignatureException": "the signature is wrong: see AWS_SECRET_ACCESS_KEY and the clock",
    "SignatureDoesNotMatch": "the signature is wrong: see AWS_SECRET_ACCESS_KEY and the clock",
    "UnrecognizedClientException": "AWS does not know the access key or its session token",
    "InvalidClientTokenId": "AWS does not know the access key or its session token",
    "MissingAuthenticationTokenException": "the credentials of the function's role are not complete",
    "IncompleteSignatureException": "the credentials of the function's role are not complete",
}
WORDS = "see the meaning of this code at https://docs.aws.amazon.com/systems-manager/latest/APIReference/"


@dataclass(frozen=True)
class Loaded:
    calls: int
    """How many calls it took to read the secrets."""
    secrets: Mapping[str, str] = field(repr=False)
    """The secrets that were read, by name."""


def load(configuration: Configuration, environment: MutableMapping[str, str]) -> Loaded:
    """Sets each secret that this version requires as a variable; what else is below the path stays there.

    Raises StartUpError, with the environment untouched, when one is missing, was never set, cannot be read or
    cannot be a variable.
    """
    required = configuration.required
    if not required:
        return Loaded(calls=0, secrets={})
    if taken := [name for name in required if name in environment]:
        raise StartUpError(
            f"{', '.join(taken)} is both a secret of this version and a variable of the function; "
            "remove the variable, or the name from KAIROS_REQUIRED_PARAMETERS"
        )
    store = connect(environment)
    path = configuration.parameter_path
    try:
        pages = within(store.remaining, lambda: _read(store, configuration))
    except TimeoutError:
        raise StartUpError(store.silence) from None
    found = {parameter.name: parameter.value for parameter in pages.parameters}
    if faults := _faults(configuration, found):
        raise StartUpError(f"the secrets below {path} are not complete: {'; '.join(faults)}")
    secrets = {name: found[name] for name in required}
    environment.update(secrets)
    return Loaded(calls=pages.calls, secrets=secrets)


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


def _faults(configuration: Configuration, found: Mapping[str, str]) -> list[str]:
    """What keeps the required secrets from becoming variables, without a value."""
    environment = configuration.parameter_path.split("/")[-2]
    required = configuration.required
    faults = []
    if missing := [name for name in required if name not in found]:
        faults.append(f"there is no parameter for {', '.join(missing)}; deploy the foundation first")
    if unset := [name for name in required if found.get(name) == PLACEHOLDER]:
        faults.append(f"{', '.join(unset)} was never set; type: npx kairos secrets set {environment}")
    if strange := [name for name in required if not _can_be_a_variable(found.get(name, ""))]:
        faults.append(
            f"{', '.join(strange)} has a character that no variable can hold; set it again: "
            f"npx kairos secrets set {environment}"
        )
    return faults


def _can_be_a_variable(value: str) -> bool:
    try:
        return b"\0" not in os.fsencode(value)
    except UnicodeEncodeError:
        return False


def _read(store: ParameterStore, configuration: Configuration) -> Pages:
    try:
        return store.read(configuration.parameter_path)
    except Refused as refusal:
        raise StartUpError(_explain(refusal, store, configuration)) from None


def _explain(refusal: Refused, store: ParameterStore, configuration: Configuration) -> str:
    """Says which secrets cannot be read, and what is wrong: one unusable key spoils the whole answer."""
    code, path = refusal.code, configuration.parameter_path
    names = ", ".join(configuration.required)
    if code in CREDENTIALS:
        return (
            f"the secrets below {path} cannot be read ({code}): {names}; {CREDENTIALS[code]}, "
            "which is no matter of the role's rights"
        )
    try:
        listed = store.read(path, decrypt=False).parameters
    except Refused:
        reason = "the function's role needs ssm:GetParametersByPath there" if code in DENIED else WORDS
        return f"the secrets below {path} cannot be read ({code}): {names}; {reason}"
    there = {parameter.name for parameter in listed}
    names = ", ".join(name for name in configuration.required if name in there)
    key = refusal.key or "that they are encrypted with"
    reason = (
        f"the function's role needs kms:Decrypt with the key {key}"
        if code in DENIED
        else f"see whether the key {key} is there and enabled"
    )
    # Nothing tells which parameter the key belongs to: the role may not describe them.
    if others := ", ".join(sorted(there - set(configuration.required))):
        reason += f"; it may be that of {others}, not required but below the same path, where one stops all"
    return f"secrets below {path} cannot be decrypted ({code}): {names}; {reason}"
