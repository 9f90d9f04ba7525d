"""The road side of a rep: home on the map, vehicle, working week, absences."""

from __future__ import annotations

from flask import Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from planner import clock
from planner.database import reading, transaction
from planner.domain.errors import Invalid
from planner.domain.working_week import AbsenceKind
from planner.services.company import homes, people, working_weeks
from planner.services.company.working_weeks import RoadSide
from planner.services.installation import settings
from planner.web import places
from planner.web.admin.blueprint import admin, today
from planner.web.forms.people import WEEKDAYS, AbsenceForm, RoadSideForm
from planner.web.forms.trouble import tell
from planner.web.installed import networks_folder
from planner.web.maps import ground
from planner.web.signin import actor, signed_in
from routing.maps import MapPage, PinInputs, pin_map
from routing.types import Place


@admin.route("/people/<int:person_id>/road", methods=["GET", "POST"])
def road_side(person_id: int) -> ResponseReturnValue:
    form = _form(person_id)
    if places.is_asked():
        places.take(form.home_lat, form.home_lon)
    elif form.validate_on_submit():
        who, on = actor(), today()
        try:
            _warn_off_road(person_id, form.road_side)
            with transaction() as session:
                working_weeks.change(session, who, clock.now(), on, person_id, form.road_side)
            flash(gettext("Saved. Plan again to bring the schedule in line."), "good")
            return redirect(url_for("admin.road_side", person_id=person_id))
        except Invalid as error:
            tell(form, error, HOME_FIELDS.get(error.field, ""))
    return _page(person_id, form)


@admin.get("/people/<int:person_id>/home-map.js")
def home_map_script(person_id: int) -> ResponseReturnValue:
    return Response(_map(person_id).script, mimetype="text/javascript")


@admin.post("/people/<int:person_id>/absences")
def add_absence(person_id: int) -> ResponseReturnValue:
    form, who = AbsenceForm(AbsenceKind), actor()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                working_weeks.add_absence(
                    session,
                    who,
                    clock.now(),
                    person_id,
                    form.from_on.data,
                    form.last_on.data,
                    AbsenceKind(form.kind.data),
                )
            return redirect(url_for("admin.road_side", person_id=person_id, _anchor="absences"))
        except Invalid as error:
            tell(form, error, "last_on" if error.field == "until_on" else "")
    return _page(person_id, _form(person_id), form)


@admin.post("/people/<int:person_id>/absences/<int:absence_id>/remove")
def remove_absence(person_id: int, absence_id: int) -> ResponseReturnValue:
    who = actor()
    with transaction() as session:
        working_weeks.remove_absence(session, who, clock.now(), person_id, absence_id)
    return redirect(url_for("admin.road_side", person_id=person_id, _anchor="absences"))


HOME_FIELDS = {"lat": "home_lat", "lon": "home_lon"}
"""``check_place`` speaks of a place's fields; here they are the home's."""


def _form(person_id: int) -> RoadSideForm:
    return RoadSideForm.of(working_weeks.read(reading(), person_id), signed_in().distance_unit)


def _page(person_id: int, form: RoadSideForm, absence_form: AbsenceForm | None = None) -> ResponseReturnValue:
    network = homes.network_name(reading(), today(), person_id)
    return render_template(
        "admin/road_side.html",
        person=people.detail(reading(), person_id, today()),
        form=form,
        weekdays=WEEKDAYS,
        unit=signed_in().distance_unit,
        map_html=_map(person_id).html,
        finder=places.finder(network, form.home_address.data or ""),
        absences=working_weeks.absences(reading(), person_id, today()),
        absence_form=absence_form or AbsenceForm(AbsenceKind, formdata=None),
    )


def _map(person_id: int) -> MapPage:
    side = working_weeks.read(reading(), person_id)
    name, box = homes.map_box(reading(), networks_folder(), today(), person_id)
    pin = None
    if side.home_lat is not None and side.home_lon is not None:
        pin = (side.home_lon, side.home_lat)
    corners = [pin] if pin else [(box[0], box[1]), (box[2], box[3])]
    beneath = ground(name, corners)
    return pin_map(f"home_{person_id}", pin, box, beneath, PinInputs("home_lon", "home_lat"))


def _warn_off_road(person_id: int, side: RoadSide) -> None:
    if side.home_lat is None or side.home_lon is None:
        return
    place = Place(side.home_lon, side.home_lat)
    metres = homes.metres_off_road(reading(), networks_folder(), today(), person_id, place)
    if metres is not None and metres > settings.read(reading()).snap_warn_metres:
        flash(
            gettext("The home is %(metres)s m from the nearest road. Is the pin right?", metres=metres),
            "warn",
        )
