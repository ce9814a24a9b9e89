"""The store: listings, search, the API of both, and the pages of a version on its way there."""
