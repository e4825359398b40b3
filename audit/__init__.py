"""The proof: reads the bytes of the ledger, believes nothing else, and names each defect once, where it is."""
