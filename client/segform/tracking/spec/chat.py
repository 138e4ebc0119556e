"""Live chat: conversations between a customer and an agent."""

from __future__ import annotations

from ._base import SpecEvent, about


class _Chat(SpecEvent, abstract=True):
    agent_id: str | None = about("Id of the agent.")
    agent_name: str | None = about("Name of the agent.")
    agent_username: str | None = about("Name that the agent signs in with.")
    conversation_id: str | None = about("Id of the conversation.")
    conversation_duration: float | None = about("Length of the conversation in seconds.")
    message_id: str | None = about("Id of the message.")


class LiveChatConversationStarted(_Chat, name="Live Chat Conversation Started"):
    """A customer wrote the first message."""


class LiveChatConversationEnded(_Chat, name="Live Chat Conversation Ended"):
    """Customer or agent ended the conversation."""


class LiveChatMessageSent(_Chat, name="Live Chat Message Sent"):
    """The customer sent a message."""


class LiveChatMessageReceived(_Chat, name="Live Chat Message Received"):
    """The customer got a message."""


EVENTS: tuple[type[SpecEvent], ...] = (
    LiveChatConversationStarted,
    LiveChatConversationEnded,
    LiveChatMessageSent,
    LiveChatMessageReceived,
)
