"""Follow-on rounds (接续采购): they start from the agreements of the round before."""
