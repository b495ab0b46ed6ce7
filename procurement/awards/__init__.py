"""From the opened bids to the award (中选结果): evaluation, answers, notice, objections."""
