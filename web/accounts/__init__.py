"""Who comes in, and into which company: users, memberships, sessions, sign-in, limits of attempts."""
