"""Properties are tried without a time limit (the machine is shared), and a failure prints how to try it again."""

from hypothesis import settings

settings.register_profile("domain", deadline=None, print_blob=True)
settings.load_profile("domain")
