"""Route 53: the content of a zone, and names outside of it."""

from __future__ import annotations

from xml.etree import ElementTree

from emulator.refusals.row import Asked, Facts, Row


def _named(text: str) -> str:
    return f"{text.rstrip('.').lower()}."


def _conflict(asked: Asked, *, of_a_cname: bool) -> Facts | None:
    """A name with a CNAME has no other record. The changes of a batch are applied in order."""
    from ministack.services import route53

    zone = route53._zones.get(asked.labels["Id"])
    try:
        batch = ElementTree.fromstring(asked.request.body)
    except ElementTree.ParseError:
        return None
    there = {(_named(one["Name"]), one["Type"]) for one in route53._records.get(asked.labels["Id"]) or []}
    for change in batch.iterfind(".//{*}Change") if zone else ():
        name, kind = (
            change.findtext(f"{{*}}ResourceRecordSet/{{*}}{part}", default="") for part in ("Name", "Type")
        )
        record = (_named(name), kind)
        if change.findtext("{*}Action") == "DELETE":
            there.discard(record)
            continue
        beside = {other for named, other in there if named == record[0]} - {kind}
        if (kind == "CNAME") is of_a_cname and (beside if of_a_cname else "CNAME" in beside):
            return {"kind": kind, "name": record[0], "zone": zone["name"]}
        there.add(record)
    return None


def _beside_a_cname(asked: Asked) -> Facts | None:
    return _conflict(asked, of_a_cname=False)


def _cname_beside_others(asked: Asked) -> Facts | None:
    return _conflict(asked, of_a_cname=True)


def _outside(asked: Asked) -> Facts | None:
    from ministack.services import route53

    zone = route53._zones.get(asked.labels["Id"])
    try:
        batch = ElementTree.fromstring(asked.request.body)
    except ElementTree.ParseError:
        return None
    for record in batch.iterfind(".//{*}ResourceRecordSet/{*}Name") if zone else ():
        name = _named(record.text or "")
        if not f".{name}".endswith(f".{zone['name']}"):
            return {"name": name, "zone": zone["name"]}
    return None


_CHANGE = "https://docs.aws.amazon.com/Route53/latest/APIReference/API_ChangeResourceRecordSets.html"

ROWS = (
    Row(
        name="record-outside-the-zone",
        service="route53",
        actions=("ChangeResourceRecordSets",),
        when="the name does not end with the name of the zone",
        code="InvalidChangeBatch",
        message="[RRSet with DNS name {name} is not permitted in zone {zone}]",
        source="https://github.com/meltwater/terraform-aws-asg-dns-handler/issues/38",
        refuses=_outside,
    ),
    Row(
        name="record-beside-a-cname",
        service="route53",
        actions=("ChangeResourceRecordSets",),
        when="the name has a CNAME record",
        code="InvalidChangeBatch",
        message="[RRSet of type {kind} with DNS name {name} is not permitted because a conflicting RRSet of type CNAME "
        "with the same DNS name already exists in zone {zone}]",
        source="https://github.com/RJPearson94/terraform-aws-open-next/issues/24",
        refuses=_beside_a_cname,
    ),
    Row(
        name="cname-beside-a-record",
        service="route53",
        actions=("ChangeResourceRecordSets",),
        when="the record is a CNAME, and the name has another record",
        code="InvalidChangeBatch",
        message="[RRSet of type CNAME with DNS name {name} is not permitted as it conflicts with other records with the "
        "same DNS name in zone {zone}]",
        source="https://github.com/ansible-collections/amazon.aws/issues/2694",
        refuses=_cname_beside_others,
    ),
    Row(
        name="record-exists",
        service="route53",
        actions=("ChangeResourceRecordSets",),
        when="a record to create exists already",
        code="InvalidChangeBatch",
        message="[Tried to create resource record set [name='{name}', type='{kind}'] but it already exists]",
        source=_CHANGE,
    ),
    Row(
        name="record-other-than-named",
        service="route53",
        actions=("ChangeResourceRecordSets",),
        when="a record to delete has other values",
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
