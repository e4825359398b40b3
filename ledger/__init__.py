"""The only floor that appends: PostgreSQL, the chain, the vault, the use cases. Its life of an entry: README.md."""
