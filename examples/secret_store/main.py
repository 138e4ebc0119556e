"""A source whose write key goes into a secret store, where the code that sends events takes it.

The write key is known once the source is there, so that no person sees it: Segment's provider gives
it, Vault's takes it. Two providers in one stack need one thing more than one does: Vault's lock
entry, committed beside this file (see README.md).

export SEGMENT_API_TOKEN=... VAULT_ADDR=... VAULT_TOKEN=...
cdktf deploy
"""

from __future__ import annotations

from cdktf import (
    App,
    Fn,
    TerraformProvider,
    TerraformProviderGeneratorMetadata,
    TerraformResource,
    TerraformStack,
)
from constructs import Construct

from segform_cdktf import SegmentProvider, Source

VAULT = "hashicorp/vault"


class Keys(TerraformStack):
    """A source, and its write key in Vault's key-value store."""

    def __init__(self, scope: Construct, id_: str) -> None:
        super().__init__(scope, id_)
        SegmentProvider(self, "segment")
        # Address and token come from VAULT_ADDR and VAULT_TOKEN.
        TerraformProvider(
            self,
            "vault",
            terraform_resource_type="vault",
            terraform_provider_source=VAULT,
            terraform_generator_metadata=TerraformProviderGeneratorMetadata(
                provider_name="vault", provider_version_constraint="~> 5.0"
            ),
        )
        web = Source(
            self,
            "web",
            slug="web",
            name="Website",
            enabled=True,
            metadata_id="IqDTy1TpoU",  # Javascript
            settings={"websiteUrl": "https://shop.example"},
        )
        # No bindings of the other provider are needed; with `cdktf get` it would be a typed class.
        key = TerraformResource(self, "web_key", terraform_resource_type="vault_kv_secret_v2")
        key.add_override("mount", "secret")
        key.add_override("name", "segment/web")
        secret = {"write_key": Fn.element(web.write_keys, 0), "source": web.slug}
        key.add_override("data_json", Fn.jsonencode(secret))


if __name__ == "__main__":
    app = App()
    Keys(app, "keys")
    app.synth()
