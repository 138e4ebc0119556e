"""The 28 events of Segment's e-commerce spec (v2), as rules of a tracking plan.

Names and properties are those of the spec, so that destinations recognise them; what they mean is
said in the shop's own words. Required is only what a report cannot do without.
"""

from __future__ import annotations

from typing import Any

from segform.tracking.declaring import identify, track

Schema = dict[str, Any]


def _text(description: str, **more: Any) -> Schema:
    return {"type": "string", "description": description, **more}


def _number(description: str, **more: Any) -> Schema:
    return {"type": "number", "description": description, **more}


def _whole(description: str, **more: Any) -> Schema:
    return {"type": "integer", "description": description, **more}


def _list(description: str, item: Schema) -> Schema:
    return {"type": "array", "description": description, "items": item}


def _object(properties: dict[str, Schema]) -> Schema:
    return {"type": "object", "properties": properties}


# --- properties that many events share -----------------------------------------------------------

CURRENCY = {"currency": _text("Currency, as ISO 4217 has it.", pattern="^[A-Z]{3}$")}
COUPON = {"coupon": _text("Coupon code that is in effect.")}
CART = {"cart_id": _text("Id of the shopping cart.")}
ORDER = {"order_id": _text("Id of the order.")}
CHECKOUT = {"checkout_id": _text("Id of the checkout.")}
WISHLIST = {
    "wishlist_id": _text("Id of the wishlist."),
    "wishlist_name": _text("Name that the visitor gave it."),
}
SHARING = {
    "share_via": _text("Way it was shared: email, a network, a link."),
    "share_message": _text("What the visitor wrote."),
    "recipient": _text("Who got it."),
}

PRODUCT = {
    "product_id": _text("Id of the product in the shop's database."),
    "sku": _text("Stock keeping unit."),
    "category": _text("Category that it was shown in."),
    "name": _text("Name of the product."),
    "brand": _text("Brand."),
    "variant": _text("Colour, size or other variant."),
    "price": _number("Price of one, in `currency`.", minimum=0),
    "quantity": _whole("How many.", minimum=0),
    "coupon": _text("Coupon code that applies to the product."),
    "position": _whole("Place in the list, from 1.", minimum=1),
    "url": _text("Address of its page."),
    "image_url": _text("Address of its picture."),
}
PRODUCTS = {"products": _list("The products.", _object(PRODUCT))}
ONE_PRODUCT = {**PRODUCT, **CURRENCY, "value": _number("Price times quantity.")}

PRODUCT_LIST = {
    "list_id": _text("Id of the list."),
    "category": _text("Category of the list."),
    **PRODUCTS,
}
PROMOTION = {
    "promotion_id": _text("Id of the promotion."),
    "creative": _text("Banner or text that was used."),
    "name": _text("Name of the promotion."),
    "position": _text("Place on the page."),
}
CHECKOUT_STEP = {
    **CHECKOUT,
    "step": _whole("Number of the step, from 1.", minimum=1),
    "shipping_method": _text("Way of shipping that was chosen."),
    "payment_method": _text("Way of paying that was chosen."),
}
MONEY = {
    "total": _number("What is paid in the end: revenue, shipping and tax, less discounts."),
    "subtotal": _number("Sum of the products after discounts."),
    "revenue": _number("Sum of the products, without shipping and tax."),
    "shipping": _number("Cost of shipping.", minimum=0),
    "tax": _number("Tax.", minimum=0),
    "discount": _number("What was taken off.", minimum=0),
    **CURRENCY,
    **COUPON,
}
WHOLE_ORDER = {
    **CHECKOUT,
    **ORDER,
    "affiliation": _text("Shop or partner that took the order."),
    **MONEY,
    **PRODUCTS,
}
COUPON_USE = {
    **ORDER,
    **CART,
    "coupon_id": _text("Id of the coupon."),
    "coupon_name": _text("Name of the coupon."),
}

# --- the events ----------------------------------------------------------------------------------

BROWSING = [
    track(
        "Products Searched",
        "A visitor looked for products.",
        {"query": _text("What was looked for.")},
        required=["query"],
    ),
    track("Product List Viewed", "A visitor saw a list or a category.", PRODUCT_LIST),
    track(
        "Product List Filtered",
        "A visitor narrowed or sorted a list.",
        {
            **PRODUCT_LIST,
            "filters": _list(
                "Filters in effect.",
                _object({"type": _text("What is filtered."), "value": _text("What is kept.")}),
            ),
            "sorts": _list(
                "Orders in effect.",
                _object({"type": _text("What is sorted by."), "value": _text("Which way.")}),
            ),
        },
    ),
]

PROMOTIONS = [
    track("Promotion Viewed", "A visitor saw a promotion.", PROMOTION, required=["promotion_id"]),
    track("Promotion Clicked", "A visitor followed one.", PROMOTION, required=["promotion_id"]),
]

ORDERING = [
    track("Product Clicked", "A visitor chose a product.", ONE_PRODUCT, required=["product_id"]),
    track("Product Viewed", "A visitor saw its page.", ONE_PRODUCT, required=["product_id"]),
    track(
        "Product Added",
        "A visitor put a product into the cart.",
        {**CART, **ONE_PRODUCT},
        required=["product_id"],
    ),
    track(
        "Product Removed",
        "A visitor took a product out of the cart.",
        {**CART, **ONE_PRODUCT},
        required=["product_id"],
    ),
    track("Cart Viewed", "A visitor looked at the cart.", {**CART, **PRODUCTS}),
    track(
        "Checkout Started",
        "A visitor began to check out.",
        {**WHOLE_ORDER, "value": _number("Value of the cart.")},
    ),
    track("Checkout Step Viewed", "A visitor saw a step.", CHECKOUT_STEP, required=["step"]),
    track("Checkout Step Completed", "A visitor finished it.", CHECKOUT_STEP, required=["step"]),
    track("Payment Info Entered", "A visitor said how to pay.", {**CHECKOUT_STEP, **ORDER}),
    track(
        "Order Completed",
        "A visitor bought.",
        WHOLE_ORDER,
        required=["order_id", "total", "currency", "products"],
    ),
    track("Order Updated", "An order was changed.", WHOLE_ORDER, required=["order_id"]),
    track("Order Refunded", "An order was paid back.", WHOLE_ORDER, required=["order_id"]),
    track("Order Cancelled", "An order was called off.", WHOLE_ORDER, required=["order_id"]),
]

COUPONS = [
    track("Coupon Entered", "A visitor typed a coupon.", COUPON_USE, required=["coupon_id"]),
    track(
        "Coupon Applied",
        "A coupon took effect.",
        {**COUPON_USE, "discount": _number("What it takes off.", minimum=0)},
        required=["coupon_id"],
    ),
    track(
        "Coupon Denied",
        "A coupon was refused.",
        {**COUPON_USE, "reason": _text("Why.")},
        required=["coupon_id", "reason"],
    ),
    track(
        "Coupon Removed",
        "A coupon was taken off again.",
        {**COUPON_USE, "discount": _number("What it took off.", minimum=0)},
        required=["coupon_id"],
    ),
]

WISHLISTS = [
    track(
        "Product Added to Wishlist",
        "A visitor wants it later.",
        {**WISHLIST, **ONE_PRODUCT},
        required=["product_id"],
    ),
    track(
        "Product Removed from Wishlist",
        "A visitor no longer wants it.",
        {**WISHLIST, **ONE_PRODUCT},
        required=["product_id"],
    ),
    track(
        "Wishlist Product Added to Cart",
        "A visitor wants it now.",
        {**WISHLIST, **CART, **ONE_PRODUCT},
        required=["product_id"],
    ),
]

SHARED = [
    track(
        "Product Shared",
        "A visitor told somebody about a product.",
        {**SHARING, **PRODUCT},
        required=["product_id", "share_via"],
    ),
    track(
        "Cart Shared",
        "A visitor showed somebody the cart.",
        {**SHARING, **CART, **PRODUCTS},
        required=["share_via"],
    ),
]

REVIEWS = [
    track(
        "Product Reviewed",
        "A visitor said what a product is like.",
        {
            "product_id": PRODUCT["product_id"],
            "review_id": _text("Id of the review."),
            "review_body": _text("What was written."),
            "rating": _number("Stars.", minimum=0, maximum=5),
        },
        required=["product_id", "rating"],
    ),
]

EVENTS = [*BROWSING, *PROMOTIONS, *ORDERING, *COUPONS, *WISHLISTS, *SHARED, *REVIEWS]

CUSTOMER = identify(
    {
        "email": _text("Address of the customer.", format="email"),
        "first_name": _text("First name."),
        "last_name": _text("Last name."),
        "phone": _text("Telephone number."),
        "newsletter": {"type": "boolean", "description": "Whether the newsletter is wanted."},
    }
)
