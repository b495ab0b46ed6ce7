"""Money and the economics of prices: pure functions, no web, no database, no clock."""
