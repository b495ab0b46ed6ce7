"""Orders (采购订单): ordering, confirming, delivering, accepting, returning; what was bought."""
