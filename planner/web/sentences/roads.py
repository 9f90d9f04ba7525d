"""Sentences about road networks, places, addresses and travel engines."""

from __future__ import annotations

from flask_babel import LazyString, lazy_gettext

SENTENCES: dict[str, LazyString | str] = {
    "osrm_url_bad": lazy_gettext(
        "“%(url)s” is no address of a server. Write one such as http://127.0.0.1:5001, without a name, a "
        "password or a question mark."
    ),
    "osrm_url_missing": lazy_gettext("Enter the address of the OSRM server, such as http://127.0.0.1:5001."),
    "snap_order": lazy_gettext("Warning must not begin later than refusing."),
    "bad_box": lazy_gettext("This is no part of a map."),
    "network_unreadable": lazy_gettext("The road network %(path)s cannot be used: %(why)s."),
    "network_format": lazy_gettext(
        "The road network %(path)s has format %(found)s; this program reads %(wanted)s."
    ),
    "network_unknown": lazy_gettext("There is no road network named %(name)s."),
    "network_name": lazy_gettext(
        "%(name)s cannot name a road network: use small letters, digits, hyphens and underscores."
    ),
    "addresses_missing": lazy_gettext("There is no address list for the roads %(name)s yet."),
    "addresses_unreadable": lazy_gettext("The address list %(path)s cannot be used: %(why)s."),
    "addresses_format": lazy_gettext(
        "The address list %(path)s has format %(found)s; this program reads %(wanted)s. Build it again."
    ),
    "nothing_to_find": lazy_gettext("%(source)s holds no named street, no place and no address."),
    "online_busy": lazy_gettext("Several people are searching online just now. Try again in a moment."),
    "online_unavailable": lazy_gettext("%(host)s does not answer just now. The map can still be clicked."),
    "swapped_point": lazy_gettext(
        "%(label)s is %(metres)s m from the nearest road; longitude and latitude look exchanged."
    ),
    "bad_area": lazy_gettext("This is no area: %(why)s."),
    "area_too_large": lazy_gettext(
        "%(area)s covers %(km2)s km²; the map service is asked for at most %(most)s. Take a smaller area, or"
        " import a map file."
    ),
    "area_unavailable": lazy_gettext("The roads of %(area)s could not be fetched: %(why)s."),
    "engine_unfit": lazy_gettext("The fast travel engine cannot be used: %(why)s."),
    "engine_disagrees": lazy_gettext(
        "The fast travel engine gave %(fast)s where the reference gave %(reference)s; using the reference."
    ),
    "no_roads": lazy_gettext("%(source)s holds no roads one can drive on."),
    "map_file_unreadable": lazy_gettext("%(path)s cannot be read as an OpenStreetMap file: %(why)s."),
    "bad_point": lazy_gettext("%(label)s: longitude %(lon)s, latitude %(lat)s is not a place."),
    "off_road": lazy_gettext("%(label)s is %(metres)s m from the nearest road; the limit is %(limit)s m."),
    "unreachable": lazy_gettext("There is no way by road from %(origin)s to %(destination)s."),
    "osrm": lazy_gettext("The travel engine OSRM at %(url)s cannot be used."),
    "osrm_down": lazy_gettext(
        "The travel engine OSRM at %(url)s does not answer: %(why)s. Nothing was planned with other times: "
        "start it again, or let an admin choose our own engine under Settings."
    ),
    "osrm_refused": lazy_gettext("The travel engine OSRM at %(url)s refuses: %(why)s."),
    "osrm_too_big": lazy_gettext(
        "The travel engine OSRM at %(url)s refuses tables of %(size)s places: start osrm-routed with "
        "--max-table-size %(size)s, or enter under Settings the size it was started with."
    ),
    "osrm_no_data": lazy_gettext(
        "The travel engine OSRM at %(url)s knows no road near %(place)s: it was made from another map."
    ),
    "osrm_nonsense": lazy_gettext("What answers at %(url)s is no OSRM server one can use: %(why)s."),
    "bad_problem": lazy_gettext("This cannot be planned: %(why)s."),
}
