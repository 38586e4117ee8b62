"""Stores larger than memory: on disk, loaded in bulk and swapped in whole."""
