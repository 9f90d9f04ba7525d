"""What expenses are judged and reckoned by, for admins: policy, exchange rates, per diems."""

from __future__ import annotations

from planner.web.terms import exchange, per_diem, policy
from planner.web.terms.blueprint import terms

__all__ = ["exchange", "per_diem", "policy", "terms"]
