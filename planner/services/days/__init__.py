"""A rep's day: its facts and route, what the phone shows, and what happens at a visit."""
