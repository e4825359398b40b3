"""The read models: what the screens ask, copied from the events of the ledger; each can be dropped and rebuilt."""
