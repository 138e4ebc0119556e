"""The construct of `segment_transformation`. Generated from its definition."""

# `python -m segform_cdktf.generate` writes this file.
from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, NotRequired, TypedDict, Unpack

from constructs import Construct

from segform_cdktf.base import Flag, MetaArguments, SegmentResource
from segform_cdktf.framework import IResolvable

from ._ids import SourceId


class TransformationPropertyRename(TypedDict):
    """An element of `property_renames`."""

    old_name: str
    """Path of the property."""
    new_name: str
    """Its new path."""


class TransformationPropertyValueTransformation(TypedDict):
    """An element of `property_value_transformations`."""

    property_paths: Sequence[str]
    """Paths that get the value, at most 10."""
    property_value: str
    """The value."""


class TransformationFqlDefinedProperty(TypedDict):
    """An element of `fql_defined_properties`."""

    fql: str
    """FQL that gives the value."""
    property_name: str
    """Property that gets it."""


class TransformationHashPropertiesConfiguration(TypedDict):
    """`hash_properties_configuration`."""

    algorithm: str
    """How values are hashed."""
    key: NotRequired[str]
    """Key of the hash."""
    encoding: NotRequired[str]
    """BASE16, BASE64, BASE64URL or HEX."""
    paths: Sequence[str]
    """Paths whose values are hashed."""


class Transformation(SegmentResource):
    """What is changed in the events of a source, or on the way to a destination.

    Arguments:
        source_id: Id of the source.
        destination_metadata_id: Catalogue id of a destination, where only what is sent there is
            changed.
        name: Name that people see.
        enabled: Whether it is applied.
        when: FQL: the events that are changed.
        drop: Drop the events instead of changing them.
        new_event_name: New name of the event.
        property_renames: Properties that get another name.
        property_value_transformations: Properties that get a value, at most 10.
        fql_defined_properties: A property whose value FQL gives; at most one.
        allow_properties: Properties that are kept; all others go.
        hash_properties_configuration: Properties whose values are hashed.
    """

    kind: ClassVar[str] = "transformation"

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        source_id: SourceId,
        name: str,
        enabled: Flag,
        when: str,
        destination_metadata_id: str | None = None,
        drop: Flag | None = None,
        new_event_name: str | None = None,
        property_renames: Sequence[TransformationPropertyRename] | None = None,
        property_value_transformations: Sequence[TransformationPropertyValueTransformation]
        | None = None,
        fql_defined_properties: Sequence[TransformationFqlDefinedProperty] | None = None,
        allow_properties: Sequence[str] | None = None,
        hash_properties_configuration: TransformationHashPropertiesConfiguration | None = None,
        **meta: Unpack[MetaArguments],
    ) -> None:
        super().__init__(
            scope,
            id_,
            {
                "source_id": source_id,
                "destination_metadata_id": destination_metadata_id,
                "name": name,
                "enabled": enabled,
                "if": when,
                "drop": drop,
                "new_event_name": new_event_name,
                "property_renames": property_renames,
                "property_value_transformations": property_value_transformations,
                "fql_defined_properties": fql_defined_properties,
                "allow_properties": allow_properties,
                "hash_properties_configuration": hash_properties_configuration,
            },
            meta,
        )

    @property
    def id(self) -> str:
        """Id of the transformation."""
        return self.get_string_attribute("id")

    @property
    def source_id(self) -> SourceId:
        """Id of the source."""
        return SourceId(self.get_string_attribute("source_id"))

    @property
    def destination_metadata_id(self) -> str:
        """Catalogue id of a destination, where only what is sent there is changed."""
        return self.get_string_attribute("destination_metadata_id")

    @property
    def name(self) -> str:
        """Name that people see."""
        return self.get_string_attribute("name")

    @property
    def enabled(self) -> IResolvable:
        """Whether it is applied."""
        return self.get_boolean_attribute("enabled")

    @property
    def when(self) -> str:
        """FQL: the events that are changed."""
        return self.get_string_attribute("if")

    @property
    def drop(self) -> IResolvable:
        """Drop the events instead of changing them."""
        return self.get_boolean_attribute("drop")

    @property
    def new_event_name(self) -> str:
        """New name of the event."""
        return self.get_string_attribute("new_event_name")

    @property
    def property_renames(self) -> IResolvable:
        """Properties that get another name."""
        return self.interpolation_for_attribute("property_renames")

    @property
    def property_value_transformations(self) -> IResolvable:
        """Properties that get a value, at most 10."""
        return self.interpolation_for_attribute("property_value_transformations")

    @property
    def fql_defined_properties(self) -> IResolvable:
        """A property whose value FQL gives; at most one."""
        return self.interpolation_for_attribute("fql_defined_properties")

    @property
    def allow_properties(self) -> list[str]:
        """Properties that are kept; all others go."""
        return self.get_list_attribute("allow_properties")

    @property
    def hash_properties_configuration(self) -> IResolvable:
        """Properties whose values are hashed."""
        return self.interpolation_for_attribute("hash_properties_configuration")
