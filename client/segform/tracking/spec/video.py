"""Video: playback, content and advertisements."""

from __future__ import annotations

from typing import Literal

from ._base import Part, SpecEvent, about

AdType = Literal["pre-roll", "mid-roll", "post-roll"]


class _Session(SpecEvent, abstract=True):
    session_id: str | None = about("Id that ties all events of one playback together.")


class _Player(_Session, abstract=True):
    position: int | None = about("Place of the playhead in seconds, ads included.")
    total_length: int | None = about("Length in seconds, ads included; left out for a livestream.")
    bitrate: int | None = about("Bitrate at that moment, in kbps.")
    framerate: float | None = about("Frames in a second, on average.")
    video_player: str | None = about("Name of the player.")
    sound: int | None = about("Volume from 0 (muted) to 100.", ge=0, le=100)
    full_screen: bool | None = about("Whether it fills the screen.")
    ad_enabled: bool | None = about("Whether ads can be shown (no ad blocker).")
    quality: str | None = about("Quality of the picture, such as hd1080.")
    livestream: bool | None = about("Whether it is a livestream.")


class _Playback(_Player, abstract=True):
    content_asset_id: str | None = about("Id of the content that plays.")
    content_pod_id: str | None = about("Id of the part of the content that plays.")
    ad_asset_id: str | None = about("Id of the ad that plays.")
    ad_pod_id: str | None = about("Id of the group of ads that plays.")
    ad_type: AdType | None = about("Kind of the ad that plays.")


class VideoPlaybackStarted(_Player, name="Video Playback Started"):
    """Somebody pressed play. Names all that is about to be played."""

    content_asset_ids: list[str] | None = about("Ids of the contents.")
    content_pod_ids: list[str] | None = about("Ids of their parts.")
    ad_asset_id: list[str] | None = about("Ids of the ads.")
    ad_pod_id: list[str] | None = about("Ids of the groups of ads.")
    ad_type: list[AdType] | None = about("Kinds of the ads.")


class VideoPlaybackPaused(_Playback, name="Video Playback Paused"):
    """Somebody pressed pause."""


class VideoPlaybackInterrupted(_Playback, name="Video Playback Interrupted"):
    """The playback stopped and nobody wanted it to."""

    method: str | None = about("What interrupted it.")


class VideoPlaybackBufferStarted(_Playback, name="Video Playback Buffer Started"):
    """The player began to wait for data."""


class VideoPlaybackBufferCompleted(_Playback, name="Video Playback Buffer Completed"):
    """The player has waited for data long enough."""


class VideoPlaybackSeekStarted(_Playback, name="Video Playback Seek Started"):
    """Somebody began to look for another place."""

    seek_position: int | None = about("Place that is looked for, in seconds.")


class VideoPlaybackSeekCompleted(_Playback, name="Video Playback Seek Completed"):
    """Somebody found another place."""


class VideoPlaybackResumed(_Playback, name="Video Playback Resumed"):
    """The playback went on after a pause."""


class VideoPlaybackCompleted(_Playback, name="Video Playback Completed"):
    """All has been played, ads included."""


class VideoPlaybackExited(_Playback, name="Video Playback Exited"):
    """Somebody left the video for good."""


class ContentFields(Part):
    """What content is, inside of the events of ads."""

    session_id: str | None = about("Id that ties all events of one playback together.")
    asset_id: str | None = about("Id of the content.")
    pod_id: str | None = about("Id of the part of the content.")
    title: str | None = about("Title.")
    description: str | None = about("Short description.")
    keywords: list[str] | None = about("Tags.")
    season: str | None = about("Number of the season.")
    episode: str | None = about("Number of the episode.")
    genre: str | None = about("Genre.")
    program: str | None = about("Name of the show.")
    publisher: str | None = about("Who made it.")
    position: int | None = about("Place in the content in seconds, without ads.")
    total_length: int | None = about("Length of the content in seconds, without ads.")
    channel: str | None = about("Channel that it plays on.")
    full_episode: bool | None = about("Whether it is a whole episode.")
    livestream: bool | None = about("Whether it is a livestream.")
    airdate: str | None = about("When it was first shown, as ISO 8601.")
    bitrate: int | None = about("Bitrate at that moment, in kbps.")
    framerate: float | None = about("Frames in a second, on average.")


class _Content(_Session, abstract=True):
    asset_id: str | None = about("Id of the content.")
    pod_id: str | None = about("Id of the part of the content.")
    title: str | None = about("Title.")
    description: str | None = about("Short description.")
    keywords: list[str] | None = about("Tags.")
    season: str | None = about("Number of the season.")
    episode: str | None = about("Number of the episode.")
    genre: str | None = about("Genre.")
    program: str | None = about("Name of the show.")
    publisher: str | None = about("Who made it.")
    position: int | None = about("Place in the content in seconds, without ads.")
    total_length: int | None = about("Length of the content in seconds, without ads.")
    channel: str | None = about("Channel that it plays on.")
    full_episode: bool | None = about("Whether it is a whole episode.")
    livestream: bool | None = about("Whether it is a livestream.")
    airdate: str | None = about("When it was first shown, as ISO 8601.")
    bitrate: int | None = about("Bitrate at that moment, in kbps.")
    framerate: float | None = about("Frames in a second, on average.")


class VideoContentStarted(_Content, name="Video Content Started"):
    """A part of the content began."""


class VideoContentPlaying(_Content, name="Video Content Playing"):
    """A part of the content plays: sent every few seconds."""


class VideoContentCompleted(_Content, name="Video Content Completed"):
    """A part of the content ended."""


class _Ad(_Session, abstract=True):
    asset_id: str | None = about("Id of the ad.")
    pod_id: str | None = about("Id of the group of ads.")
    pod_position: int | None = about("Place of the ad in its group.")
    pod_length: int | None = about("How many ads the group has.")
    type: AdType | None = about("Kind of the ad.")
    title: str | None = about("Title of the ad.")
    publisher: str | None = about("Who made it.")
    position: int | None = about("Place in the ad in seconds.")
    total_length: int | None = about("Length of the ad in seconds.")
    load_type: Literal["linear", "dynamic"] | None = about("Same for all, or chosen for each.")
    content: ContentFields | None = about("The content around it, for tools that need both.")
    quartile: int | None = about("Quarter that was reached: 1, 2 or 3.")


class VideoAdStarted(_Ad, name="Video Ad Started"):
    """An ad began."""


class VideoAdPlaying(_Ad, name="Video Ad Playing"):
    """An ad plays: sent every few seconds."""


class VideoAdCompleted(_Ad, name="Video Ad Completed"):
    """An ad ended."""


class VideoQualityUpdated(SpecEvent, name="Video Quality Updated"):
    """The quality of the picture changed."""

    bitrate: int | None = about("Bitrate at that moment, in kbps.")
    framerate: float | None = about("Frames in a second, on average.")
    startup_time: float | None = about("Time until it began.", alias="startupTime")
    dropped_frames: int | None = about("Frames that were left out.", alias="droppedFrames")


EVENTS: tuple[type[SpecEvent], ...] = (
    VideoPlaybackStarted,
    VideoPlaybackPaused,
    VideoPlaybackInterrupted,
    VideoPlaybackBufferStarted,
    VideoPlaybackBufferCompleted,
    VideoPlaybackSeekStarted,
    VideoPlaybackSeekCompleted,
    VideoPlaybackResumed,
    VideoPlaybackCompleted,
    VideoPlaybackExited,
    VideoContentStarted,
    VideoContentPlaying,
    VideoContentCompleted,
    VideoAdStarted,
    VideoAdPlaying,
    VideoAdCompleted,
    VideoQualityUpdated,
)
