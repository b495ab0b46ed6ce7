"""Rules of monitoring: indices, gaps, lights, comparison; pure."""
