"""What pages and interface show of payments: lists and sums; it only reads."""
