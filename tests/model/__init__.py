"""Whole histories against a second, plain bookkeeping that knows nothing of the first."""
