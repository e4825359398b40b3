"""Three companies that do not exist, with eighteen months of business: training ledgers, filled like a person would."""
