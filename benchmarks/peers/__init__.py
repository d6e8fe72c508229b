"""News QA beside Haystack and txtai and the libraries it stands on, each in a process of its own."""
