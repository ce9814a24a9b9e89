"""The frame of every page: navigation, language, colour scheme, and the pages that say no."""
