"""People, reps, territories and memberships; signing in and the devices signed in."""
