from fastapi import APIRouter, HTTPException

from kairos.dependencies import CurrentUser, StoreDep
from kairos.models import Journey, Marker
from kairos.store import Store, new_id

router = APIRouter(prefix="/journeys", tags=["journeys"])


def _find(store: Store, journey_id: str) -> Journey:
    if journey_id not in store.journeys:
        raise HTTPException(status_code=404, detail="Journey not found")
    return store.journeys[journey_id]


@router.post("/")
async def create_journey(store: StoreDep, user: CurrentUser, journey: Journey) -> Journey:
    journey.id, journey.user_id = new_id(), user.id
    store.journeys[journey.id] = journey
    return journey


@router.get("/{journey_id}")
async def get_journey(store: StoreDep, _: CurrentUser, journey_id: str) -> Journey:
    return _find(store, journey_id)


@router.put("/{journey_id}")
async def update_journey(store: StoreDep, _: CurrentUser, journey_id: str, journey: Journey) -> Journey:
    known = _find(store, journey_id)
    known.name, known.description = journey.name, journey.description
    return known


@router.patch("/{journey_id}")
async def complete_journey(store: StoreDep, _: CurrentUser, journey_id: str) -> None:
    journey = _find(store, journey_id)
    journey.active, journey.completed = False, True


@router.delete("/{journey_id}")
async def delete_journey(store: StoreDep, _: CurrentUser, journey_id: str) -> None:
    store.journeys.pop(journey_id, None)


@router.patch("/{journey_id}/active")
async def toggle_active_journey(store: StoreDep, _: CurrentUser, journey_id: str) -> None:
    journey = _find(store, journey_id)
    journey.active = not journey.active


@router.post("/{journey_id}/markers")
async def add_marker(store: StoreDep, _: CurrentUser, journey_id: str, marker: Marker) -> Marker:
    _find(store, journey_id)
    marker.id, marker.journey_id = new_id(), journey_id
    store.markers[marker.id] = marker
    return marker


@router.get("/{journey_id}/markers")
async def get_markers(store: StoreDep, _: CurrentUser, journey_id: str) -> list[Marker]:
    _find(store, journey_id)
    return store.markers_of(journey_id)


@router.delete("/{journey_id}/markers/{marker_id}")
async def delete_marker(store: StoreDep, _: CurrentUser, journey_id: str, marker_id: str) -> None:
    store.markers.pop(marker_id, None)


@router.get("/{journey_id}/journeys/nearby")
async def get_nearby_journeys(store: StoreDep, _: CurrentUser, journey_id: str) -> list[Journey]:
    """Journeys with a marker within one degree of a marker of this one."""
    _find(store, journey_id)
    own = [marker.coordinates for marker in store.markers_of(journey_id)]
    near = {
        marker.journey_id
        for marker in store.markers.values()
        if any(marker.coordinates.is_near(coordinates) for coordinates in own)
    }
    return [journey for journey in store.journeys.values() if journey.id in near and journey.id != journey_id]
