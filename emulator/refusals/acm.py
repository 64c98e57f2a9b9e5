"""Certificates: one that is in use cannot be deleted."""

from __future__ import annotations

import json

from emulator.refusals.row import Asked, Facts, Row


def _in_use(asked: Asked) -> Facts | None:
    from ministack.services import apigateway_v1, cloudfront

    arn = asked.members["CertificateArn"]
    held = [one["config_xml"] for one in cloudfront._distributions.values()]
    held += [json.dumps(domain) for domain in apigateway_v1._domain_names.values()]
    return {"arn": arn, "account": asked.account} if any(arn in holder for holder in held) else None


ROWS = (
    Row(
        name="certificate-in-use",
        service="acm",
        actions=("DeleteCertificate",),
        when="a distribution or a domain name of an API uses the certificate",
        code="ResourceInUseException",
        message="Certificate {arn} in account {account} is in use.",
        source="https://docs.aws.amazon.com/acm/latest/APIReference/API_DeleteCertificate.html",
        refuses=_in_use,
    ),
)
