"""What the generated constructs stand on: one resource class, one data source class.

A generated class only says which arguments there are; how they become Terraform's configuration
is read from the kind's definition, here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, TypeAlias, TypedDict

import jsii
from constructs import Construct

from segform.resources import Attribute, data_sources, registry

from .framework import (
    Annotations,
    IResolvable,
    ITerraformDependable,
    ITerraformIterator,
    TerraformCount,
    TerraformDataSource,
    TerraformProvider,
    TerraformProviderGeneratorMetadata,
    TerraformResource,
    TerraformResourceLifecycle,
)
from .official import fitted, runs
from .render import literal_secrets, render

Flag: TypeAlias = bool | IResolvable
"""A boolean, or a token for one."""

Json: TypeAlias = Mapping[str, Any] | Sequence[Any] | str
"""JSON as Python values (which may hold tokens), or as text."""

TYPE_PREFIX = "segment_"
METADATA = TerraformProviderGeneratorMetadata(provider_name="segment")


class MetaArguments(TypedDict, total=False):
    """Terraform's own arguments, which every construct takes."""

    count: int | TerraformCount
    depends_on: Sequence[ITerraformDependable]
    for_each: ITerraformIterator
    lifecycle: TerraformResourceLifecycle
    provider: TerraformProvider


def _configuration(
    attributes: Mapping[str, Attribute], values: Mapping[str, Any], path: str
) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in values.items():
        item = attributes[name]
        rendered = render(item.type, value, f"{path}: {name}")
        if rendered is not None:
            found[name] = rendered
    return found


class SegmentResource(TerraformResource):
    """Base of the constructs of managed kinds."""

    kind: ClassVar[str]

    def __init__(
        self, scope: Construct, id_: str, values: Mapping[str, Any], meta: MetaArguments
    ) -> None:
        super().__init__(
            scope,
            id_,
            terraform_resource_type=TYPE_PREFIX + self.kind,
            terraform_generator_metadata=METADATA,
            **meta,
        )
        self._named_provider = meta.get("provider")
        attributes = registry()[self.kind].attributes
        self._values = _configuration(attributes, values, f"{type(self).__name__} {id_!r}")
        for name, value in values.items():
            for path in literal_secrets(attributes[name], value):
                Annotations.of(self).add_warning(
                    f"{path} looks like a secret and is written in the code. Use a variable: "
                    f"secret(self, {path.rpartition('.')[2].lower()!r})"
                )

    def _configured(self) -> Mapping[str, Any]:
        """The configuration of the object, for our provider."""
        return self._values

    @jsii.member(jsii_name="synthesizeAttributes")
    def _synthesize_attributes(self) -> Mapping[str, Any]:
        if runs(self, self._named_provider):
            where = f"{type(self).__name__} {self.node.id!r}"
            return fitted(registry()[self.kind], self._configured(), where)
        return self._configured()

    @jsii.member(jsii_name="synthesizeHclAttributes")
    def _synthesize_hcl_attributes(self) -> Mapping[str, Any]:
        raise NotImplementedError(_NO_HCL)


class SegmentDataSource(TerraformDataSource):
    """Base of the constructs of data sources."""

    kind: ClassVar[str]

    def __init__(
        self, scope: Construct, id_: str, values: Mapping[str, Any], meta: MetaArguments
    ) -> None:
        super().__init__(
            scope,
            id_,
            terraform_resource_type=TYPE_PREFIX + self.kind,
            terraform_generator_metadata=METADATA,
            **meta,
        )
        self._named_provider = meta.get("provider")
        attributes = data_sources()[self.kind].attributes
        self._values = _configuration(attributes, values, f"{type(self).__name__} {id_!r}")

    @jsii.member(jsii_name="synthesizeAttributes")
    def _synthesize_attributes(self) -> Mapping[str, Any]:
        if runs(self, self._named_provider):
            where = f"{type(self).__name__} {self.node.id!r}"
            return fitted(data_sources()[self.kind], self._values, where)
        return self._values

    @jsii.member(jsii_name="synthesizeHclAttributes")
    def _synthesize_hcl_attributes(self) -> Mapping[str, Any]:
        raise NotImplementedError(_NO_HCL)


_NO_HCL = "segform_cdktf writes Terraform's JSON configuration only; run without HCL output."
