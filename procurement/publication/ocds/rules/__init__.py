"""Pure functions: from facts of a round to releases, records and packages."""
