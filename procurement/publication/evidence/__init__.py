"""The evidence of a round: one bundle, and the evaluation repeated from it."""
