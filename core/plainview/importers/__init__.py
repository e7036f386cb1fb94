"""Importers: one file a foreign format, each giving the frame that `publish` takes."""
