"""Cover: the visits of a rep who is away for a day, shared out among those who work."""
