"""From the shares of a quorum to bids that everybody may read."""
