"""What the public sees of rounds, results and firms, and the evidence to check it with."""
