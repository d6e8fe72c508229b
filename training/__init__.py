"""Trains and calibrates the reader; imports qa, never the reverse."""
