"""Monthly surveys: asking, answering, reminding, reading files."""
