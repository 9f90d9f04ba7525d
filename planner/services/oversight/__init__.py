"""What managers look at: the team's day, coverage and cadence, new notes."""
