"""Pure rules of fulfilment: progress, limits, thresholds, volumes of later years."""
