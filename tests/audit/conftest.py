"""What pytest does not read: a program of `make soak`, which needs its arguments."""

collect_ignore = ["fuzzing.py"]
