"""AI Copilot: conversations with an assistant."""

from __future__ import annotations

from ._base import SpecEvent, about


class _Conversation(SpecEvent, abstract=True):
    conversation_id: str | None = about("Id of the conversation.", alias="conversationId")


class _Message(_Conversation, abstract=True):
    message_id: str | None = about("Id of the message.", alias="messageId")


class ConversationStarted(_Conversation, name="Conversation Started"):
    """A conversation began."""


class MessageSent(_Message, name="Message Sent"):
    """The user wrote."""

    message_body: str | None = about("What was written.")
    role: str | None = about("Who wrote it; customer unless said otherwise.")


class MessageReceived(_Message, name="Message Received"):
    """The assistant answered."""

    message_body: str | None = about("What was answered.")
    role: str | None = about("Who answered; agent unless said otherwise.")


class ConversationEnded(_Conversation, name="Conversation Ended"):
    """A conversation was brought to its end."""

    message_count: int | None = about("How many messages it had.")


class ActionInvoked(_Message, name="Action Invoked"):
    """Model or user called a tool."""

    type: str | None = about("Kind of action.")
    action: str | None = about("What was done with the tool.")
    role: str | None = about("Who called it; customer unless said otherwise.")


class MediaGenerated(_Message, name="Media Generated"):
    """The model made a picture, a video or a sound."""

    type: str | None = about("Kind of media, such as image or video.")
    sub_type: str | None = about("Kind of data, such as gif or mp4.")
    role: str | None = about("Who made it; agent unless said otherwise.")


class ComponentLoaded(_Message, name="Component Loaded"):
    """The user was shown a component of its own kind."""

    type: str | None = about("Kind of component.")


class FeedbackSubmitted(_Message, name="Feedback Submitted"):
    """The user rated a conversation or a message."""

    rating: float | None = about("Rating that was given.")


EVENTS: tuple[type[SpecEvent], ...] = (
    ConversationStarted,
    MessageSent,
    MessageReceived,
    ConversationEnded,
    ActionInvoked,
    MediaGenerated,
    ComponentLoaded,
    FeedbackSubmitted,
)
