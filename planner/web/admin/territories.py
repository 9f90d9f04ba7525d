"""Territories: the tree, making one, changing one, and who is in it."""

from __future__ import annotations

from dataclasses import asdict

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from planner import clock
from planner.database import reading, transaction
from planner.domain.errors import Invalid
from planner.services.company import memberships
from planner.services.company import territories as territories_service
from planner.web.admin.blueprint import admin, today
from planner.web.forms.territory import TerritoryForm
from planner.web.forms.trouble import tell
from planner.web.installed import networks_folder
from planner.web.signin import actor
from routing.network import list_networks


@admin.get("/territories")
def territories() -> ResponseReturnValue:
    return render_template("admin/territories.html", tree=territories_service.tree(reading(), today()))


@admin.route("/territories/new", methods=["GET", "POST"])
def new_territory() -> ResponseReturnValue:
    form = _form(None)
    if form.validate_on_submit():
        who = actor()
        try:
            with transaction() as session:
                territories_service.create(session, who, clock.now(), form.territory)
            return redirect(url_for("admin.territories"))
        except Invalid as error:
            tell(form, error)
    return render_template("admin/territory.html", form=form, territory_id=None)


@admin.route("/territories/<int:territory_id>", methods=["GET", "POST"])
def territory(territory_id: int) -> ResponseReturnValue:
    form = _form(territory_id)
    if form.validate_on_submit():
        who = actor()
        try:
            with transaction() as session:
                territories_service.change(session, who, clock.now(), territory_id, form.territory)
            flash(gettext("Saved."), "good")
            return redirect(url_for("admin.territory", territory_id=territory_id))
        except Invalid as error:
            tell(form, error)
    return render_template(
        "admin/territory.html",
        form=form,
        territory_id=territory_id,
        memberships=memberships.lines(reading(), territory_id=territory_id),
        today=today(),
    )


def _form(territory_id: int | None) -> TerritoryForm:
    tree = territories_service.tree(reading(), today())
    names = [network.name for network in list_networks(networks_folder())]
    values = {}
    if territory_id is not None:
        values = asdict(territories_service.read(reading(), territory_id))
        names = sorted({*names, values["network_name"]})
    elif tree:
        values = {**asdict(tree[0].data), "name": "", "parent_id": tree[0].territory_id}
    parents = [
        (line.territory_id, "  " * line.depth + line.data.name)
        for line in tree
        if line.territory_id != territory_id
    ]
    return TerritoryForm(parents, names, **values)
