"""What can go wrong on the roads. Each error has a stable ``code`` and ``values`` for its sentence.

The edge (web, command line) turns code and values into a translated sentence; the English one
given by ``str()`` is for logs and the command line.
"""

from __future__ import annotations


class RoutingError(Exception):
    """Base of all routing errors. ``code`` names the sentence, ``values`` fill its gaps."""

    code = "routing"
    sentence = "Something went wrong on the roads."

    def __init__(self, **values: object) -> None:
        self.values = values
        super().__init__(self.sentence.format(**values))


class NetworkUnreadable(RoutingError):
    """A stored network that is truncated, altered, or no network at all."""

    code = "network_unreadable"
    sentence = "The road network {path} cannot be used: {why}."


class NetworkFormat(NetworkUnreadable):
    """A stored network of a format version this program does not know."""

    code = "network_format"
    sentence = "The road network {path} has format {found}; this program reads format {wanted}."


class NetworkUnknown(RoutingError):
    code = "network_unknown"
    sentence = "There is no road network named {name}."


class NetworkName(RoutingError):
    """A network name that cannot be a folder's name."""

    code = "network_name"
    sentence = "{name} cannot name a road network: use small letters, digits, hyphens and underscores."


class NoRoads(RoutingError):
    """A map file or area without a single drivable road."""

    code = "no_roads"
    sentence = "{source} holds no roads one can drive on."


class MapFileUnreadable(RoutingError):
    code = "map_file_unreadable"
    sentence = "{path} cannot be read as an OpenStreetMap file: {why}."


class BadPoint(RoutingError):
    """Coordinates that are not a place: NaN, out of range, or 0/0."""

    code = "bad_point"
    sentence = "{label}: longitude {lon}, latitude {lat} is not a place."


class OffRoad(RoutingError):
    """A place further from any road than the snapping limit."""

    code = "off_road"
    sentence = "{label} is {metres} m from the nearest road; the limit is {limit} m."


class SwappedPoint(OffRoad):
    """Off the roads as given, on them with longitude and latitude exchanged."""

    code = "swapped_point"
    sentence = "{label} is {metres} m from the nearest road; longitude and latitude look exchanged."


class BadArea(RoutingError):
    """An area on the command line that is none."""

    code = "bad_area"
    sentence = "This is no area: {why}."


class AreaTooLarge(BadArea):
    """More than a public map service should be asked for."""

    code = "area_too_large"
    sentence = (
        "{area} covers {km2} km²; the map service is asked for at most {most}. Take a smaller area, or import"
        " a map file (.osm.pbf) with `flask roads import`."
    )


class AreaUnavailable(RoutingError):
    """The map service did not answer, or does not know the area."""

    code = "area_unavailable"
    sentence = "The roads of {area} could not be fetched: {why}."


class Unreachable(RoutingError):
    code = "unreachable"
    sentence = "There is no way by road from {origin} to {destination}."


class EngineUnfit(RoutingError):
    """The fast engine cannot hold this network; the reference takes over."""

    code = "engine_unfit"
    sentence = "The fast travel engine cannot be used: {why}."


class EngineDisagrees(RoutingError):
    """The start-up self-check found the fast engine and the reference apart."""

    code = "engine_disagrees"
    sentence = "The fast travel engine gave {fast} where the reference gave {reference}; using the reference."


class OsrmError(RoutingError):
    """Base of what can go wrong with an OSRM server."""

    code = "osrm"
    sentence = "The travel engine OSRM at {url} cannot be used."


class OsrmDown(OsrmError):
    code = "osrm_down"
    sentence = "The travel engine OSRM at {url} does not answer: {why}."


class OsrmRefused(OsrmError):
    """It answers and says no, for a reason of its own."""

    code = "osrm_refused"
    sentence = "The travel engine OSRM at {url} refuses: {why}."


class OsrmTooBig(OsrmRefused):
    code = "osrm_too_big"
    sentence = (
        "The travel engine OSRM at {url} refuses tables of {size} places: start osrm-routed with"
        " --max-table-size {size}, or enter the size it was started with."
    )


class OsrmNoData(OsrmError):
    """Its roads end far from a place that lies on ours."""

    code = "osrm_no_data"
    sentence = "The travel engine OSRM at {url} knows no road near {place}: it was made from another map."


class OsrmNonsense(OsrmError):
    code = "osrm_nonsense"
    sentence = "What answers at {url} is no OSRM server one can use: {why}."


class AddressesMissing(RoutingError):
    """No address file lies beside a road network."""

    code = "addresses_missing"
    sentence = "There is no address list for the roads {name} yet."


class AddressesUnreadable(RoutingError):
    """An address file that is truncated, altered, or none at all."""

    code = "addresses_unreadable"
    sentence = "The address list {path} cannot be used: {why}."


class AddressesFormat(AddressesUnreadable):
    """An address file of a format version this program does not know."""

    code = "addresses_format"
    sentence = "The address list {path} has format {found}; this program reads format {wanted}."


class NothingToFind(RoutingError):
    """Map data without a single named street, place or address."""

    code = "nothing_to_find"
    sentence = "{source} holds no named street, no place and no address."


class BadProblem(RoutingError):
    """A day or rotation that contradicts itself (negative service, matrix of the wrong shape)."""

    code = "bad_problem"
    sentence = "This cannot be planned: {why}."
