"""The procurement document (采购文件), written from the rulebook and the round that also compute.

`content` writes a `Document` value from a `RoundPlan` and its rules; `word` and `pdf` print it;
`service`, `publish` and `amend` keep its versions, comments and acknowledgements.
"""
