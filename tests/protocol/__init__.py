"""Ring A: the provider's calls, made in process by a driver that plays Terraform core."""
