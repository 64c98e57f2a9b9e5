"""Reading from the parameter store over TLS, as on AWS: which certificates are trusted, and which are not."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import trustme
from fake_parameter_store import FakeParameterStore, parameter, serving

from start_up import parameter_store
from start_up.parameter_store import Pages, Parameter, ParameterStore
from start_up.signing import Credentials

PATH = "/kairos/test/secrets"
HOST = "127.0.0.1"
"""The host in every address of the fake."""


@pytest.fixture
def authority(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> trustme.CA:
    """A certificate authority that only this process trusts.

    https://docs.openssl.org/master/man3/SSL_CTX_load_verify_locations/
    """
    trusted = trustme.CA()
    file = tmp_path / "authority.pem"
    trusted.cert_pem.write_to_path(str(file))
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    return trusted


@contextmanager
def answering_as(host: str, authority: trustme.CA) -> Iterator[FakeParameterStore]:
    """A fake with one parameter, and a certificate for a host."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(host).configure_cert(context)
    with serving(FakeParameterStore([[parameter(f"{PATH}/A", "1")]]), context) as fake:
        yield fake


def read_from(fake: FakeParameterStore) -> Pages:
    return ParameterStore(fake.endpoint, "eu-west-2", Credentials("AKIDEXAMPLE", "wJalrXUtnFEMI")).read(PATH)


def test_reads_from_a_host_whose_certificate_is_trusted(authority: trustme.CA) -> None:
    with answering_as(HOST, authority) as fake:
        assert read_from(fake) == Pages([Parameter("A", "1")], 1)


def test_sends_nothing_to_a_host_with_an_untrusted_certificate(
    authority: trustme.CA, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parameter_store, "BUDGET", 0.3)
    with answering_as(HOST, trustme.CA()) as fake:
        with pytest.raises(TimeoutError):
            read_from(fake)
        assert fake.requests == []


def test_sends_nothing_to_a_host_with_the_certificate_of_another_host(
    authority: trustme.CA, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parameter_store, "BUDGET", 0.3)
    with answering_as("ssm.eu-west-2.amazonaws.com", authority) as fake:
        with pytest.raises(TimeoutError):
            read_from(fake)
        assert fake.requests == []
