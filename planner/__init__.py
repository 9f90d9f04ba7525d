"""Rounds' own business: rules, tables, use cases, and their edges. See docs/architecture.md."""
