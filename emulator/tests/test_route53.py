from __future__ import annotations

from typing import Any

from emulator.tests.cloud import Cloud

ASKED: dict[str, Any] = {
    "Type": "HTTPS",
    "FullyQualifiedDomainName": "api.findkairos.com",
    "Port": 443,
    "ResourcePath": "/edge-health",
    "RequestInterval": 30,
    "FailureThreshold": 3,
    "EnableSNI": True,
    "MeasureLatency": False,
    "Regions": ["ap-southeast-1", "eu-west-1", "us-east-1"],
}


def test_a_health_check_is_returned_as_it_was_created(cloud: Cloud) -> None:
    route53 = cloud.client("route53")
    made = route53.create_health_check(CallerReference="one", HealthCheckConfig=ASKED)["HealthCheck"]
    found = route53.get_health_check(HealthCheckId=made["Id"])["HealthCheck"]
    assert found["HealthCheckConfig"] == made["HealthCheckConfig"] == ASKED


def test_a_health_check_is_returned_as_it_was_changed(cloud: Cloud) -> None:
    route53 = cloud.client("route53")
    made = route53.create_health_check(CallerReference="two", HealthCheckConfig=ASKED)["HealthCheck"]
    changes = {"EnableSNI": False, "Regions": ["eu-west-1", "us-west-1", "us-west-2"]}
    route53.update_health_check(HealthCheckId=made["Id"], **changes)
    found = route53.get_health_check(HealthCheckId=made["Id"])["HealthCheck"]
    assert found["HealthCheckConfig"] == {**ASKED, **changes}
