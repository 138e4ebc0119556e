#!/bin/sh
# Starts the segform provider with the Python of the environment that it was linked from.
# These bytes are the same on every machine, so one lock file holds for all of them; which Python
# it is stands in the file `python` above the package folder, outside of what the lock hashes.
here=$(CDPATH='' cd -P -- "${0%/*}" && pwd -P) || exit 1
# Terraform's plugin cache keeps the first link that it ever saw; the one in the working folder is
# the one that is meant.
near="terraform.d/plugins/segform.internal/${here##*/segform.internal/}"
if [ -d "$near" ]; then
  here=$(CDPATH='' cd -P -- "$near" && pwd -P) || exit 1
fi
note=${here%/segform.internal/*}/python
if ! IFS= read -r python 2>/dev/null <"$note" || [ ! -x "$python" ]; then
  # Terraform shows what a provider prints here.
  echo "segform: the Python environment of this provider is gone (or its folder was copied" \
    "instead of linked). Run: segform provider link DIR (or: segform provider install)"
  exit 1
fi
exec "$python" -I -X utf8 -m segform_provider "$@"
