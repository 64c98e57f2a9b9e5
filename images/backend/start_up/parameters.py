"""Converts the secrets that this version requires into environment variables: all of them or none."""

import os
import time
from collections.abc import Mapping, MutableMapping
from typing import NamedTuple

from start_up.configuration import Configuration
from start_up.deadline import begin
from start_up.failure import StartUpError
from start_up.parameter_store import Pages, ParameterStore, Refused
from start_up.signing import Credentials

PLACEHOLDER = "unset"
"""The value of a secret's parameter until somebody has set it."""


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


class Loaded(NamedTuple):
    calls: int
    """The number of calls that reading the secrets took."""
    secrets: Mapping[str, str]
    """The secrets that were read, by name."""

    def __repr__(self) -> str:
        return f"Loaded(calls={self.calls})"


def load(configuration: Configuration, environment: MutableMapping[str, str]) -> Loaded:
    """Starts it and waits for its end."""
    return begin_loading(configuration, environment).finish()


def begin_loading(configuration: Configuration, environment: MutableMapping[str, str]) -> "Loading":
    """Starts to read the secrets that this version requires. Other parameters below the path are ignored.

    Raises StartUpError if it is known at once that this will fail.
    """
    required = configuration.required
    if taken := [name for name in required if name in environment]:
        raise StartUpError(
            f"{', '.join(taken)} is both a secret of this version and a variable of the function; "
            "remove the variable, or the name from KAIROS_REQUIRED_PARAMETERS"
        )
    return Loading(configuration, environment, connect(environment) if required else None)


class Loading:
    """Secrets that are being read. Nothing is set before the end."""

    def __init__(
        self,
        configuration: Configuration,
        environment: MutableMapping[str, str],
        store: ParameterStore | None,
    ) -> None:
        """`store` is None if nothing is required."""
        self._configuration = configuration
        self._environment = environment
        self._store = store
        self._began = self._ended = time.monotonic()
        self._pages = None if store is None else begin(lambda: self._read(store))

    @property
    def over(self) -> bool:
        """Whether there is nothing more to wait for."""
        return self._pages is None or self._pages.done()

    @property
    def failed(self) -> bool:
        """Whether it has failed, or has exceeded the deadline."""
        if self._pages is None:
            return False
        late = self._store is not None and self._store.remaining <= 0
        return self._pages.exception() is not None if self._pages.done() else late

    @property
    def seconds(self) -> float:
        """How long the reading took, when it is finished."""
        return self._ended - self._began

    def finish(self) -> Loaded:
        """Waits for the secrets, and sets each as a variable.

        Raises StartUpError, without a change of the environment, if one is missing, was never set, cannot be
        read or cannot be a variable.
        """
        if self._store is None or self._pages is None:
            return Loaded(calls=0, secrets={})
        try:
            pages = self._pages.result(self._store.remaining)
        except TimeoutError:
            raise StartUpError(self._store.silence) from None
        found = {parameter.name: parameter.value for parameter in pages.parameters}
        if faults := _faults(self._configuration, found):
            path = self._configuration.parameter_path
            raise StartUpError(f"the secrets below {path} are not complete: {'; '.join(faults)}")
        secrets = {name: found[name] for name in self._configuration.required}
        self._environment.update(secrets)
        return Loaded(calls=pages.calls, secrets=secrets)

    def _read(self, store: ParameterStore) -> Pages:
        try:
            return _read(store, self._configuration)
        finally:
            self._ended = time.monotonic()


def connect(environment: Mapping[str, str]) -> ParameterStore:
    """The parameter store at the endpoint that the runtime's variables name."""
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
    """What prevents the required secrets from becoming variables, without a value."""
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
    """Says which secrets cannot be read, and why: one unusable key makes the whole call fail."""
    code, path = refusal.code, configuration.parameter_path
    names = ", ".join(configuration.required)
    if code in CREDENTIALS:
        return (
            f"the secrets below {path} cannot be read ({code}): {names}; {CREDENTIALS[code]}, "
            "which does not depend on the role's permissions"
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
    # It is unknown to which parameter the key belongs, because the role may not describe parameters.
    if others := ", ".join(sorted(there - set(configuration.required))):
        reason += f"; it may be that of {others}, not required but below the same path, where one stops all"
    return f"secrets below {path} cannot be decrypted ({code}): {names}; {reason}"
