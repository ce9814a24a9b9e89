"""Every page of the product: a world that fills them, the pinned list, and what is asked of each."""
