"""Our provider, telling at its end what it used: calls, processor time, memory."""
