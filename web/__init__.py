"""The French face and the composition root: Flask screens, accounts, command line. It decides nothing."""
