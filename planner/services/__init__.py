"""Use cases, a package per topic: load rows, ask the rules or the roads, write rows.

They flush and never commit.

The actor and the time are arguments. Whose rows an actor may see stands in ``scope`` alone.
"""
