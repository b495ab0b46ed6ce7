"""Pure rules of payments: entries, offsets, calendars, prepayment; no database, no clock."""
