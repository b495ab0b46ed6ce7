"""Two groups back to back: own copies of the model, signed results, reconciled by the chair."""
