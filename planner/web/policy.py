"""Who may open which endpoint: one entry each, deny by default, enforced before the request.

A role here opens the door only; whose rows are behind it is decided by ``planner.services.scope``.
"""

from __future__ import annotations

from planner.domain.access import Role

PUBLIC: frozenset[Role] | None = None
"""No sign-in needed."""

EVERYONE = frozenset(Role)
REPS = frozenset({Role.REP})
MANAGERS = frozenset({Role.MANAGER, Role.ADMIN})
PLANNERS = frozenset({Role.REP, Role.MANAGER, Role.ADMIN})
ADMINS = frozenset({Role.ADMIN})

POLICY: dict[str, frozenset[Role] | None] = {
    "static": PUBLIC,
    "vendor.file": PUBLIC,
    "health.alive": PUBLIC,
    "home.index": EVERYONE,
    "auth.login": PUBLIC,
    "auth.logout": EVERYONE,
    "auth.invitation": PUBLIC,
    "auth.first_admin": PUBLIC,
    "profile.index": EVERYONE,
    "profile.password": EVERYONE,
    "profile.sign_out_device": EVERYONE,
    "admin.index": ADMINS,
    "admin.people": ADMINS,
    "admin.new_person": ADMINS,
    "admin.person": ADMINS,
    "admin.invite": ADMINS,
    "admin.deactivate": ADMINS,
    "admin.activate": ADMINS,
    "admin.add_membership": ADMINS,
    "admin.end_membership": ADMINS,
    "admin.road_side": ADMINS,
    "admin.home_map_script": ADMINS,
    "admin.add_absence": ADMINS,
    "admin.remove_absence": ADMINS,
    "admin.territories": ADMINS,
    "admin.new_territory": ADMINS,
    "admin.territory": ADMINS,
    "admin.roads": ADMINS,
    "admin.settings": ADMINS,
    "admin.audit_log": ADMINS,
    "team.today": MANAGERS,
    "team.day": MANAGERS,
    "team.coverage": MANAGERS,
    "team.notes": MANAGERS,
    "review.index": EVERYONE,
    "ledger.index": EVERYONE,
    "schedule.index": PLANNERS,
    "schedule.day": PLANNERS,
    "schedule.due": PLANNERS,
    "schedule.plan": PLANNERS,
    "schedule.run": PLANNERS,
    "schedule.run_state": PLANNERS,
    "schedule.cancel_run": PLANNERS,
    "schedule.version": PLANNERS,
    "schedule.publish": PLANNERS,
    "schedule.undo": PLANNERS,
    "schedule.agree": PLANNERS,
    "schedule.pin": PLANNERS,
    "schedule.move": PLANNERS,
    "schedule.call_off": PLANNERS,
    "rules.index": EVERYONE,
    "imports.index": EVERYONE,
    "accounts.index": EVERYONE,
    "maps.streets": EVERYONE,
    "today.index": REPS,
    "today.day": REPS,
    "today.put_in_order": REPS,
    "today.add": REPS,
    "today.stop": REPS,
    "today.arrive": REPS,
    "today.report": REPS,
    "today.not_held": REPS,
    "today.undo": REPS,
    "today.map_page": REPS,
    "today.map_script": REPS,
    "today.close": REPS,
}
