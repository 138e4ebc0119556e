"""Other people's programs against the emulator: what they send, and what they make of answers."""
