"""The places where MiniStack differs from AWS in a way that affects this project, one file per service."""

from __future__ import annotations

from types import ModuleType

from emulator import trial, wire
from emulator.corrections import (
    alarm_evaluation,
    alarm_suppression,
    alias_weights,
    apigateway,
    authorization,
    budgets,
    cloudformation,
    cloudfront,
    cloudwatch,
    ecr,
    iam,
    insights,
    kms,
    lambda_,
    logs,
    metric_filters,
    replication,
    route53,
    s3,
    shared_images,
    ssm,
    sts,
    wafv2,
)
from emulator.settings import Settings

_CORRECTIONS = (
    iam,
    authorization,
    sts,
    kms,
    ssm,
    s3,
    ecr,
    replication,
    shared_images,
    lambda_,
    alias_weights,
    apigateway,
    cloudwatch,
    alarm_evaluation,
    alarm_suppression,
    budgets,
    logs,
    metric_filters,
    insights,
    wafv2,
    cloudfront,
    route53,
    cloudformation,
)


def install(app: ModuleType, settings: Settings) -> None:
    """Install every correction in `ministack.app`."""
    wire.register_stores(app)
    for correction in _CORRECTIONS:
        if not trial.leaves_out(correction.__name__.rpartition(".")[2]):
            correction.install(app, settings)
