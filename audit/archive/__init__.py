"""Archives: what a tax inspector receives and proves without us (`archive-format`, version 1)."""
