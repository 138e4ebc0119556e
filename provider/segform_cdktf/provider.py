"""`SegmentProvider`: which workspace a stack speaks to, and how careful it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal

import jsii
from constructs import Construct

from segform.resources import protected

from .framework import (
    Annotations,
    TerraformProvider,
    TerraformProviderGeneratorMetadata,
    TerraformStack,
)
from .official import seen
from .plugin import Plugin, source_address, version
from .render import is_token

# What the official provider takes; all else is ours.
_OFFICIAL: Final = frozenset({"token", "url"})


class SegmentProvider(TerraformProvider):
    """The Segment provider of a stack. It comes before the stack's other constructs.

    At synth it links the installed provider into the stack's output folder and writes its entry
    into the stack's lock file, so that `cdktf deploy` needs no configuration and no download.

    Arguments:
        token: API token. Normally left out: the provider reads SEGMENT_API_TOKEN,
            SEGMENT_API_TOKEN_FILE or PUBLIC_API_TOKEN. A literal is an error at synth.
        url: Address of the API, where it is neither region's (an emulator).
        region: `us` or `eu`.
        workspace: Slug or id of the workspace that the token must belong to.
        read_only: Refuse everything but reads.
        requests_per_minute: Share of the API's limit that this run may use.
        protect: Kinds whose objects are not deleted and not replaced. Left out: sources,
            tracking plans, warehouses and functions. An empty list guards nothing.
        protect_except: Objects that may be deleted nevertheless, as `kind:key` or ids:
            `["source:web"]`.
        strict_secrets: Refuse secrets in `settings`, which the state keeps; else they are told.
        catalog_in_state: How much of the catalogue's entries the state keeps.
        alias: Name of a second provider of the same stack.
        provider_source: Address of another provider with the same resources, such as the official
            `segmentio/segment`. Nothing is linked for it.
        provider_version: Version constraint for such another provider.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        token: str | None = None,
        url: str | None = None,
        region: Literal["us", "eu"] | None = None,
        workspace: str | None = None,
        read_only: bool | None = None,
        requests_per_minute: int | None = None,
        protect: Sequence[str] | None = None,
        protect_except: Sequence[str] | None = None,
        strict_secrets: bool | None = None,
        catalog_in_state: Literal["light", "full", "none"] | None = None,
        alias: str | None = None,
        provider_source: str | None = None,
        provider_version: str | None = None,
    ) -> None:
        self.is_ours = provider_source is None or provider_source == source_address()
        # Read by the framework while it makes the construct.
        self._alias = alias
        super().__init__(
            scope,
            id_,
            terraform_resource_type="segment",
            terraform_generator_metadata=TerraformProviderGeneratorMetadata(
                provider_name="segment",
                provider_version_constraint=version() if self.is_ours else provider_version,
            ),
            terraform_provider_source=source_address() if self.is_ours else provider_source,
        )
        given = {
            "token": token,
            "url": url,
            "region": region,
            "workspace": workspace,
            "read_only": read_only,
            "requests_per_minute": requests_per_minute,
            "protect": None if protect is None else sorted(protect),
            "protect_except": None if protect_except is None else sorted(protect_except),
            "strict_secrets": strict_secrets,
            "catalog_in_state": catalog_in_state,
        }
        self._values = {name: value for name, value in given.items() if value is not None}
        if self.is_ours:
            self._values.setdefault("protect", list(protected()))
            if not self._has_sister():
                self.node.add_validation(Plugin(self))
        else:
            seen(str(provider_source))
            self._check_official()
        if token is not None and not is_token(token):
            Annotations.of(self).add_error(
                "token is written in the code. Leave it out and set SEGMENT_API_TOKEN, or use "
                'secret(self, "segment_api_token").'
            )

    def _has_sister(self) -> bool:
        """Whether the stack has another provider of ours, which does the linking."""
        children = TerraformStack.of(self).node.children
        ours = [child for child in children if isinstance(child, SegmentProvider)]
        return any(child.is_ours for child in ours if child is not self)

    def _check_official(self) -> None:
        foreign = sorted(set(self._values) - _OFFICIAL)
        if foreign:
            raise ValueError(
                f"{', '.join(foreign)}: only segform's own provider has these arguments. Leave "
                "them out, or leave provider_source out."
            )

    @property
    @jsii.member(jsii_name="alias")
    def alias(self) -> str | None:
        """Name of a second provider of the same stack."""
        return self._alias

    @alias.setter
    def alias(self, value: str | None) -> None:
        self._alias = value

    @jsii.member(jsii_name="synthesizeAttributes")
    def _synthesize_attributes(self) -> Mapping[str, Any]:
        return self._values
