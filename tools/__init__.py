"""Keeps the house, no part of the product: what `make` runs to bring in the files of others."""
