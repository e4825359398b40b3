"""The rules, pure: no clock, no SQL, no environment, no French sentence but the law's own words."""
