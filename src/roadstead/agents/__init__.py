"""The programs on machines: who each is, what it is to do, and what it said. Knows no instance and no provider."""
