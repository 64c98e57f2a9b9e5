"""Every place where MiniStack answers otherwise than AWS and the project notices, one file a service."""

from __future__ import annotations

from types import ModuleType

from emulator import wire
from emulator.corrections import (
    apigateway,
    appautoscaling,
    cloudfront,
    cloudwatch,
    ecr,
    iam,
    kms,
    lambda_,
    logs,
    ssm,
    wafv2,
)
from emulator.settings import Settings

_CORRECTIONS = (
    iam,
    kms,
    ssm,
    ecr,
    lambda_,
    apigateway,
    cloudwatch,
    logs,
    wafv2,
    cloudfront,
    appautoscaling,
)


def install(app: ModuleType, settings: Settings) -> None:
    """Install every correction into `ministack.app`."""
    wire.register_stores(app)
    for correction in _CORRECTIONS:
        correction.install(app, settings)
