"""Who changed what: the audit log, page by page, and whether its chain holds."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from planner.database import reading
from planner.services.installation import audit
from planner.services.installation import audit_log as log_service
from planner.web.admin.blueprint import admin


@admin.get("/audit")
def audit_log() -> ResponseReturnValue:
    kind, actor_id = request.args.get("kind", ""), request.args.get("actor", type=int)
    subject_id = request.args.get("subject", type=int)
    page = request.args.get("page", 1, type=int)
    return render_template(
        "admin/audit.html",
        log=log_service.page(reading(), page, kind, actor_id, subject_id),
        chain=audit.verify(reading()),
        kinds=log_service.kinds(reading()),
        actors=log_service.actors(reading()),
        kind=kind,
        actor_id=actor_id,
        subject_id=subject_id,
    )
