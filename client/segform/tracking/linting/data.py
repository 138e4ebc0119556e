"""Lint rules about what properties hold."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from . import naming
from .examples import NUMBER, TEXT, track
from .registry import LintRule
from .subjects import Issue, Plan, Property, types_of

# Names of personal data, as they are folded; what must never be sent comes first.
_SECRET = (
    "password",
    "passwd",
    "pin",
    "secret",
    "creditcard",
    "creditcardnumber",
    "cardnumber",
    "cvv",
    "cvc",
    "iban",
    "ssn",
    "socialsecuritynumber",
    "passportnumber",
    "accesstoken",
    "refreshtoken",
    "apikey",
)
_PERSONAL = (
    "email",
    "emailaddress",
    "mail",
    "phone",
    "phonenumber",
    "mobile",
    "mobilenumber",
    "firstname",
    "lastname",
    "fullname",
    "surname",
    "birthday",
    "birthdate",
    "dateofbirth",
    "dob",
    "gender",
    "ip",
    "ipaddress",
    "street",
    "streetaddress",
    "homeaddress",
    "postalcode",
    "zipcode",
    "latitude",
    "longitude",
)
# Property of the specification -> the types that it has there.
_MEANING = {
    "revenue": "number",
    "currency": "string",
    "value": "number",
    "total": "number",
    "tax": "number",
    "shipping": "number",
    "discount": "number",
    "price": "number",
    "quantity": "integer",
    "products": "array",
    "email": "string",
    "phone": "string",
    "name": "string",
    "coupon": "string",
    "order_id": "string",
    "product_id": "string",
}
_SAID = {"format", "pattern", "enum", "const"}
_MOMENTS = ("_at", "_date", "_time", "At", "Date", "Time")
_MANY_PROPERTIES = 300
_MANY_EVENTS = 4000


def secret(plan: Plan) -> Iterator[Issue]:
    """Passwords, card numbers and the like."""
    yield from _personal(plan, _SECRET, "is what no tool may ever get", "Leave it out.")


def personal(plan: Plan) -> Iterator[Issue]:
    """Personal data in the properties of events."""
    own = tuple(naming.folded(name) for name in plan.config.personal)
    mend = "Send it once, as a trait of identify(), or allow the name in `allow`."
    yield from _personal(plan, (*_PERSONAL, *own), "is personal data", mend, events=True)


def _personal(
    plan: Plan, names: tuple[str, ...], words: str, mend: str, *, events: bool = False
) -> Iterator[Issue]:
    known = {naming.folded(name) for name in names} | set(names)
    for event, one in plan.each():
        if (events and event.where != "properties") or one.name in plan.config.allow:
            continue
        if naming.folded(one.name) in known or "".join(naming.words(one.name)) in known:
            yield Issue(event, one.path, f"`{one.name}` {words}", mend)


def untyped(plan: Plan) -> Iterator[Issue]:
    """Properties that may be anything."""
    says = {"type", "enum", "const", "anyOf", "oneOf", "allOf", "$ref"}
    for event, one in plan.each():
        if not says & one.schema.keys():
            mend = 'Give it a type, such as "string".'
            yield Issue(event, one.path, f"`{one.name}` may be anything", mend)


def meaning(plan: Plan) -> Iterator[Issue]:
    """Properties of the specification with another type than there."""
    for event, one in plan.each():
        wanted = _MEANING.get(one.name)
        named = types_of(one.schema)
        if one.depth or wanted is None or not named:
            continue
        allowed = {wanted, "integer"} if wanted == "number" else {wanted}
        if wanted == "integer":
            allowed.add("number")
        if not named <= allowed:
            said = " or ".join(sorted(named))
            yield Issue(
                event,
                one.path,
                f"`{one.name}` has the type {said}; in Segment's specification it is {wanted}",
                f"Make it {wanted}: destinations read it as that.",
            )


def disagreeing(plan: Plan) -> Iterator[Issue]:
    """One property with different types in different events."""
    usual: dict[str, Counter[frozenset[str]]] = defaultdict(Counter)
    for _, one in plan.each():
        named = _comparable(one)
        if named:
            usual[one.path][named] += 1
    for event, one in plan.each():
        counted = usual[one.path]
        named = _comparable(one)
        if named and len(counted) > 1:
            most = max(counted, key=lambda types: (counted[types], sorted(types)))
            if named != most:
                theirs, mine = (" or ".join(sorted(types)) for types in (most, named))
                yield Issue(
                    event,
                    one.path,
                    f"`{one.name}` is {mine} here and {theirs} elsewhere",
                    f"Make it {theirs}, or call it otherwise: a warehouse has one column for it.",
                )


def _comparable(one: Property) -> frozenset[str]:
    named = types_of(one.schema)
    # A warehouse keeps whole numbers and others apart, but widens by itself.
    return frozenset("number" if kind == "integer" else kind for kind in named)


def moments(plan: Plan) -> Iterator[Issue]:
    """Dates and times that are any text."""
    for event, one in plan.each():
        is_text = types_of(one.schema) == {"string"} and not _SAID & one.schema.keys()
        if is_text and one.name.endswith(_MOMENTS):
            mend = 'Add `"format": "date-time"`; moments are sent as ISO 8601.'
            yield Issue(event, one.path, f"`{one.name}` is a moment and may be any text", mend)


def undescribed_required(plan: Plan) -> Iterator[Issue]:
    """Required names that no property has."""
    for event in plan.events:
        for name in event.required:
            if event.properties and name not in event.properties:
                mend = "Describe it, or take it out of `required`."
                path = f"{event.where}.{name}"
                yield Issue(event, path, f"`{name}` is required and not described", mend)


def required_traits(plan: Plan) -> Iterator[Issue]:
    """Traits that every identify call would have to carry."""
    for event in plan.events:
        if event.where == "traits":
            for name in event.required:
                mend = "Make it optional: libraries send identify() with what they know."
                yield Issue(event, f"traits.{name}", f"the trait `{name}` is required", mend)


def enums(plan: Plan) -> Iterator[Issue]:
    """Permitted values that differ only in their case, or that are none."""
    for event, one in plan.each():
        values = one.schema.get("enum")
        if not isinstance(values, list):
            continue
        if not values:
            mend = "List at least one value."
            yield Issue(event, one.path, f"`{one.name}` has an empty list of values", mend)
        folded = Counter(value.strip().lower() for value in values if isinstance(value, str))
        twice = [value for value, count in folded.items() if count > 1]
        if twice:
            yield Issue(
                event,
                one.path,
                f"`{one.name}` permits “{twice[0]}” in more than one spelling",
                "Keep one spelling.",
            )


def sizes(plan: Plan) -> Iterator[Issue]:
    """More than the service shows."""
    for index, event in enumerate(plan.events):
        count = len(plan.properties[index])
        if count > _MANY_PROPERTIES:
            yield Issue(
                event,
                None,
                f"it has {count} properties; a source's schema shows {_MANY_PROPERTIES}",
                "Split the event, or send less.",
            )
    if len(plan.events) > _MANY_EVENTS:
        yield Issue(
            plan.events[_MANY_EVENTS],
            None,
            f"the plan has {len(plan.events)} rules; a source's schema shows {_MANY_EVENTS} events",
            "Split the plan by source.",
        )


def _props(count: int) -> Mapping[str, Any]:
    return {f"property_{index}": TEXT for index in range(count)}


DATA_RULES = (
    LintRule(
        "SEG101",
        "secret-data",
        "error",
        "Passwords, card numbers and the like are not in the plan.",
        "What is planned is sent, kept and handed on to every destination.",
        secret,
        [track("Card Added", {"card_brand": TEXT})],
        [track("Card Added", {"card_number": TEXT})],
    ),
    LintRule(
        "SEG102",
        "personal-data",
        "warning",
        "Properties of events hold no personal data.",
        "An event goes to every destination and into every warehouse table of its own. Who a user "
        "is belongs into traits, once, where it can be found and deleted.",
        personal,
        [track("Signed Up", {"plan": TEXT}), track("", {"email": TEXT}, call="IDENTIFY")],
        [track("Signed Up", {"email": TEXT})],
    ),
    LintRule(
        "SEG103",
        "no-type",
        "warning",
        "Every property has a type.",
        "A warehouse takes a column's type from the first value that arrives.",
        untyped,
        [track("Order Completed", {"total": NUMBER})],
        [track("Order Completed", {"total": {"description": "What was paid."}})],
    ),
    LintRule(
        "SEG104",
        "type-of-the-specification",
        "warning",
        "Properties of Segment's specification have the type that they have there.",
        "Destinations map `revenue`, `currency`, `products` and others by themselves, and count "
        "wrongly, or not at all, where the type is another.",
        meaning,
        [track("Order Completed", {"revenue": NUMBER})],
        [track("Order Completed", {"revenue": TEXT})],
    ),
    LintRule(
        "SEG105",
        "types-disagree",
        "warning",
        "A property has one type in the whole plan.",
        "Tools know properties by their name alone.",
        disagreeing,
        [track("Order Completed", {"size": TEXT}), track("Order Refunded", {"size": TEXT})],
        [track("Order Completed", {"size": TEXT}), track("Order Refunded", {"size": NUMBER})],
    ),
    LintRule(
        "SEG106",
        "moment-as-text",
        "note",
        "Dates and times are declared as such.",
        "A date in a country's own form cannot be compared or sorted.",
        moments,
        [track("Order Completed", {"paid_at": {**TEXT, "format": "date-time"}})],
        [track("Order Completed", {"paid_at": TEXT})],
    ),
    LintRule(
        "SEG107",
        "required-not-described",
        "error",
        "What is required is described.",
        "An event without it violates the plan, an event with it has an unplanned property.",
        undescribed_required,
        [track("Order Completed", {"total": NUMBER}, required=("total",))],
        [track("Order Completed", {"total": NUMBER}, required=("totl",))],
    ),
    LintRule(
        "SEG108",
        "required-trait",
        "warning",
        "Traits are optional.",
        "Libraries send identify and group calls with what they know at that moment; each one "
        "without a required trait would be a violation.",
        required_traits,
        [track("", {"email": TEXT}, call="IDENTIFY")],
        [track("", {"email": TEXT}, call="IDENTIFY", required=("email",))],
    ),
    LintRule(
        "SEG109",
        "values-twice",
        "warning",
        "Permitted values are there once, in one spelling.",
        "“Gold” and “gold” are two segments of one audience.",
        enums,
        [track("Signed Up", {"plan": {**TEXT, "enum": ["gold", "silver"]}})],
        [track("Signed Up", {"plan": {**TEXT, "enum": ["gold", "Gold"]}})],
    ),
    LintRule(
        "SEG110",
        "too-large",
        "warning",
        "Events and plans stay within what the service shows.",
        "A source's schema shows 300 properties of an event and 4,000 events; what is beyond "
        "cannot be looked at.",
        sizes,
        [track("Order Completed", {"total": NUMBER})],
        [track("Order Completed", dict(_props(301)))],
    ),
)
