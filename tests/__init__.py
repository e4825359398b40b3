"""What must stay true, said in sentences: a mirror of the folders, and the house itself (test_house.py)."""
