"""The CI templates: their steps are run, with a bare repository and a forge on loopback."""
