"""Route 53: what a zone holds, and what lies outside it."""

from __future__ import annotations

from xml.etree import ElementTree

from emulator.refusals.row import Asked, Facts, Row


def _outside(asked: Asked) -> Facts | None:
    from ministack.services import route53

    zone = route53._zones.get(asked.labels["Id"])
    try:
        batch = ElementTree.fromstring(asked.request.body)
    except ElementTree.ParseError:
        return None
    for record in batch.iterfind(".//{*}ResourceRecordSet/{*}Name") if zone else ():
        name = f"{(record.text or '').rstrip('.').lower()}."
        if not f".{name}".endswith(f".{zone['name']}"):
            return {"name": name, "zone": zone["name"]}
    return None


_CHANGE = "https://docs.aws.amazon.com/Route53/latest/APIReference/API_ChangeResourceRecordSets.html"

ROWS = (
    Row(
        name="record-outside-the-zone",
        service="route53",
        actions=("ChangeResourceRecordSets",),
        when="the name does not end with the zone's",
        code="InvalidChangeBatch",
        message="[RRSet with DNS name {name} is not permitted in zone {zone}]",
        source="https://github.com/meltwater/terraform-aws-asg-dns-handler/issues/38",
        refuses=_outside,
    ),
    Row(
        name="record-exists",
        service="route53",
        actions=("ChangeResourceRecordSets",),
        when="a record that is created exists",
        code="InvalidChangeBatch",
        message="[Tried to create resource record set [name='{name}', type='{kind}'] but it already exists]",
        source=_CHANGE,
    ),
    Row(
        name="record-other-than-named",
        service="route53",
        actions=("ChangeResourceRecordSets",),
        when="a record that is deleted has other values",
        code="InvalidChangeBatch",
        message="[Tried to delete resource record set [name='{name}', type='{kind}'] but the values provided do not "
        "match the current values]",
        source="https://github.com/kubernetes-sigs/external-dns/issues/732",
    ),
    Row(
        name="zone-with-records",
        service="route53",
        actions=("DeleteHostedZone",),
        when="the zone has records besides its SOA and NS",
        code="HostedZoneNotEmpty",
        message="The specified hosted zone contains non-required resource record sets and so cannot be deleted.",
        source="https://docs.aws.amazon.com/Route53/latest/APIReference/API_DeleteHostedZone.html",
    ),
)
