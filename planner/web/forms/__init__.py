"""Forms by topic: what a page asks for, and the sentence at a field that is not right."""
