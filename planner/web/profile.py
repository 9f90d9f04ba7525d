"""A person's own page: name, language, unit, password, devices."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale, gettext

from planner import clock
from planner.database import reading, transaction
from planner.domain.errors import Invalid
from planner.services.company import logins, passwords
from planner.services.company import profile as profiles
from planner.services.company.profile import Profile
from planner.web.devices import in_words
from planner.web.errors import sentence
from planner.web.forms.login import ChangePasswordForm, ProfileForm
from planner.web.languages import locale
from planner.web.own_data import archive_of
from planner.web.signin import actor, signed_in

profile = Blueprint("profile", __name__, url_prefix="/profile")
profile.add_app_template_filter(in_words, "device")


@profile.route("", methods=["GET", "POST"])
def index() -> ResponseReturnValue:
    own = profiles.read(reading(), actor())
    form = ProfileForm(name=own.name, locale=own.locale, distance_unit=own.distance_unit)
    if form.validate_on_submit():
        wanted = Profile(own.email, form.name.data, form.locale.data or None, form.distance_unit.data)
        who = actor()
        with transaction() as session:
            profiles.change(session, who, clock.now(), wanted)
        # The next page speaks the language just chosen.
        with force_locale(wanted.locale or locale()):
            flash(gettext("Saved."), "good")
        return redirect(url_for("profile.index"))
    devices = logins.devices(reading(), actor(), signed_in().session_id, clock.now())
    return render_template("profile/index.html", form=form, devices=devices)


@profile.route("/password", methods=["GET", "POST"])
def password() -> ResponseReturnValue:
    form = ChangePasswordForm()
    if form.validate_on_submit():
        try:
            _change_password(form.current.data, form.password.data)
            flash(gettext("Your password is changed; your other devices are signed out."), "good")
            return redirect(url_for("profile.index"))
        except Invalid as error:
            form[error.field].errors = [sentence(error)]
    own = profiles.read(reading(), actor())
    return render_template("profile/password.html", form=form, email=own.email)


@profile.get("/data")
def data() -> ResponseReturnValue:
    return archive_of(signed_in().person_id)


@profile.post("/devices/<int:session_id>/sign-out")
def sign_out_device(session_id: int) -> ResponseReturnValue:
    who = actor()
    with transaction() as session:
        logins.revoke_device(session, who, clock.now(), session_id)
    flash(gettext("That device is signed out."), "good")
    return redirect(url_for("profile.index"))


def _change_password(current: str, wanted: str) -> None:
    who, session_id = actor(), signed_in().session_id
    logins.check_password(reading(), who, current)
    password_hash = passwords.hashed(wanted)
    with transaction() as session:
        logins.set_password(session, who, clock.now(), password_hash, session_id)
