"""The emulator, held against the facts of the API that it models."""
