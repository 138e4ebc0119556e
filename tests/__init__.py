"""Tests, in folders that mirror the packages; what runs other programs is in folders of its own.

* `protocol`: ring A. A driver that plays Terraform core calls the provider in this process, over an
  emulator in this process: all kinds, all checks, all faults.
* `terraform`, `cdktf`, `release`: ring B. The real terraform, the real command lines, the archive.
* `chaos`: kills and rivals. `peers`: Segment's SDK and schemathesis. `bench`: figures, no tests.
* `house`: what the project asks of itself. `examples`: the README, the guides and the examples.

`shop.py` of a folder is the workspace that its tests are about, `conftest.py` has its fixtures, and
other modules without `test_` are what several tests share.
"""
