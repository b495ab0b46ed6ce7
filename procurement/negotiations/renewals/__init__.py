"""Ways to a payment standard without a session: renewal by the rules, bidding of many makers."""
