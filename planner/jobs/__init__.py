"""Background work, run in child processes; the planning_run table is the truth."""
