"""IAM: conditions on the transport.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-securetransport
"""

from __future__ import annotations

from types import ModuleType

from emulator.settings import Settings


def install(app: ModuleType, settings: Settings) -> None:
    count_loopback_as_secure(app)


def count_loopback_as_secure(app: ModuleType) -> None:
    """`aws:SecureTransport` is true over loopback: nobody can listen in, and the TLS-only policy of a bucket
    would otherwise deny everything."""
    pin = app.pin_request_origin

    def pin_as_secure(source_ip: str, secure_transport: bool) -> None:
        pin(source_ip, True)

    app.pin_request_origin = pin_as_secure
