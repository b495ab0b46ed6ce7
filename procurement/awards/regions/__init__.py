"""Choice of regions (选区): winners choose in turn, each under a clock."""
