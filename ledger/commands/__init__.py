"""Use cases by subject: each takes the pen, decides through the domain, records; its answer holds no personal data."""
