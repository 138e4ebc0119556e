"""A secret store as a Terraform provider, which stands in for Vault's in the tests."""
