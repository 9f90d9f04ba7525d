"""People: the list, a person, letting in and shutting out, the link to choose a password."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from planner import clock
from planner.database import reading, transaction
from planner.domain.errors import Invalid
from planner.services.company import memberships, territories, tokens
from planner.services.company import people as people_service
from planner.web.admin.blueprint import admin, today
from planner.web.forms.people import MembershipForm, PersonForm
from planner.web.forms.trouble import tell
from planner.web.own_data import archive_of
from planner.web.signin import actor


@admin.get("/people")
def people() -> ResponseReturnValue:
    return render_template("admin/people.html", people=people_service.lines(reading(), today()))


@admin.route("/people/new", methods=["GET", "POST"])
def new_person() -> ResponseReturnValue:
    form = PersonForm()
    if form.validate_on_submit():
        who = actor()
        try:
            with transaction() as session:
                person_id = people_service.create(session, who, clock.now(), form.person)
            return redirect(url_for("admin.person", person_id=person_id))
        except Invalid as error:
            tell(form, error)
    return render_template("admin/person_new.html", form=form)


@admin.route("/people/<int:person_id>", methods=["GET", "POST"])
def person(person_id: int) -> ResponseReturnValue:
    found = people_service.detail(reading(), person_id, today())
    form = PersonForm(obj=found.data)
    if form.validate_on_submit():
        who = actor()
        try:
            with transaction() as session:
                people_service.change(session, who, clock.now(), person_id, form.person)
            flash(gettext("Saved."), "good")
            return redirect(url_for("admin.person", person_id=person_id))
        except Invalid as error:
            tell(form, error)
    return _person_page(person_id, form)


@admin.get("/people/<int:person_id>/data")
def data(person_id: int) -> ResponseReturnValue:
    return archive_of(person_id)


@admin.post("/people/<int:person_id>/invitation")
def invite(person_id: int) -> ResponseReturnValue:
    who = actor()
    with transaction() as session:
        token = tokens.invite(session, who, clock.now(), person_id)
    link = url_for("auth.invitation", token=token, _external=True)
    found = people_service.detail(reading(), person_id, today())
    return render_template("admin/invitation.html", person=found, link=link)


@admin.post("/people/<int:person_id>/deactivate")
def deactivate(person_id: int) -> ResponseReturnValue:
    return _set_active(person_id, False, gettext("Shut out, on every device."))


@admin.post("/people/<int:person_id>/activate")
def activate(person_id: int) -> ResponseReturnValue:
    return _set_active(person_id, True, gettext("May sign in again."))


@admin.post("/people/<int:person_id>/memberships")
def add_membership(person_id: int) -> ResponseReturnValue:
    form, who = MembershipForm(_territory_choices()), actor()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                memberships.add(
                    session,
                    who,
                    clock.now(),
                    person_id,
                    form.territory_id.data,
                    form.from_on.data,
                    form.until_on.data,
                )
            return redirect(url_for("admin.person", person_id=person_id))
        except Invalid as error:
            tell(form, error)
    found = people_service.detail(reading(), person_id, today())
    return _person_page(person_id, PersonForm(formdata=None, obj=found.data), form)


@admin.post("/memberships/<int:membership_id>/end")
def end_membership(membership_id: int) -> ResponseReturnValue:
    who, on = actor(), today()
    with transaction() as session:
        person_id = memberships.end(session, who, clock.now(), membership_id, on)
    flash(gettext("The membership ends today."), "good")
    return redirect(url_for("admin.person", person_id=person_id))


def _set_active(person_id: int, is_active: bool, text: str) -> ResponseReturnValue:
    who = actor()
    with transaction() as session:
        people_service.set_active(session, who, clock.now(), person_id, is_active)
    flash(text, "good")
    return redirect(url_for("admin.person", person_id=person_id))


def _person_page(
    person_id: int, form: PersonForm, membership_form: MembershipForm | None = None
) -> ResponseReturnValue:
    return render_template(
        "admin/person.html",
        person=people_service.detail(reading(), person_id, today()),
        form=form,
        memberships=memberships.lines(reading(), person_id=person_id),
        membership_form=membership_form
        or MembershipForm(_territory_choices(), formdata=None, from_on=today()),
        today=today(),
    )


def _territory_choices() -> list[tuple[int, str]]:
    return [
        (line.territory_id, "  " * line.depth + line.data.name)
        for line in territories.tree(reading(), today())
    ]
