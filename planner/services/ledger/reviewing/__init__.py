"""The work on a claim under review: what to look at, questions and answers, holds, days in full."""
