"""Choose the fewest pharmacies that cover every county, with a proof or with the gap."""
