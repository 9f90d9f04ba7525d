"""The settings of the installation."""

from __future__ import annotations

from dataclasses import asdict

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from planner import clock
from planner.database import reading, transaction
from planner.domain.errors import Invalid
from planner.services.installation import demo_guard
from planner.services.installation import settings as settings_service
from planner.web.admin.blueprint import admin
from planner.web.forms.settings import SettingsForm
from planner.web.forms.trouble import tell
from planner.web.signin import actor


@admin.route("/settings", methods=["GET", "POST"])
def settings() -> ResponseReturnValue:
    form = SettingsForm(**asdict(settings_service.read(reading())))
    if form.validate_on_submit():
        who = actor()
        try:
            with transaction() as session:
                settings_service.change(session, who, clock.now(), form.wanted)
            flash(gettext("Saved."), "good")
            return redirect(url_for("admin.settings"))
        except Invalid as error:
            tell(form, error)
    return render_template("admin/settings.html", form=form, is_demo=demo_guard.is_demo(reading()))
