"""Route 53: the regions and the booleans of a health check, which MiniStack loses.

https://docs.aws.amazon.com/Route53/latest/APIReference/API_HealthCheckConfig.html
"""

from __future__ import annotations

from types import ModuleType
from typing import Any
from xml.etree.ElementTree import Element

from emulator.settings import Settings


def install(app: ModuleType, settings: Settings) -> None:
    from ministack.services import route53

    parse, build = route53._parse_health_check_config, route53._build_health_check_el

    def parse_with_regions(element: Element) -> dict[str, Any]:
        """Each `Region` is a name. MiniStack searches for another `Region` inside it."""
        config: dict[str, Any] = parse(element)
        if (regions := element.find("{*}Regions")) is not None:
            config["Regions"] = [region.text or "" for region in regions]
        return config

    def build_with_switches(parent: Element, check: dict[str, Any]) -> None:
        """XML's booleans are `true` and `false`, not `True`."""
        config = {
            name: str(value).lower() if isinstance(value, bool) else value
            for name, value in check["config"].items()
        }
        build(parent, {**check, "config": config})

    route53._parse_health_check_config = parse_with_regions
    route53._build_health_check_el = build_with_switches
