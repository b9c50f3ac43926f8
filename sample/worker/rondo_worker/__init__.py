"""Geocoding, travel times and the nightly report of Rondo."""

__version__ = "2.3.0"
