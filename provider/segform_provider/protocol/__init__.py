"""Terraform's plugin protocol 6: messages, values on the wire, and the process that serves them."""
