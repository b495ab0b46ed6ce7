"""Money: the ledger, prepayment, direct settlement of fund and company, instructions to pay.

Nothing is paid by this system: it keeps what is owed, writes instructions for the bank, and posts
what the bank reports back.
"""
