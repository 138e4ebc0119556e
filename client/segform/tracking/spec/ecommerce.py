"""E-commerce, version 2: browsing, promotions, orders, coupons, wishlists, sharing, reviews."""

from __future__ import annotations

from typing import Any

from ._base import Part, SpecEvent, about


class Product(Part):
    """A product in a list, a cart or an order."""

    product_id: str | None = about("Id of the product in the shop's database.")
    sku: str | None = about("Stock keeping unit.")
    category: str | None = about("Category of the product.")
    name: str | None = about("Name of the product.")
    brand: str | None = about("Brand.")
    variant: str | None = about("Colour, size or other variant.")
    price: float | None = about("Price of one.")
    quantity: float | None = about("How many.")
    coupon: str | None = about("Coupon code that applies to the product.")
    position: float | None = about("Place in the list.")
    url: str | None = about("Address of its page.")
    image_url: str | None = about("Address of its picture.")


class Selection(Part):
    """A filter or an order of a list."""

    type: str | None = about("What is filtered or sorted by.")
    value: str | None = about("What was chosen for it.")


class _OneProduct(SpecEvent, abstract=True):
    product_id: str | None = about("Id of the product in the shop's database.")
    sku: str | None = about("Stock keeping unit.")
    category: str | None = about("Category of the product.")
    name: str | None = about("Name of the product.")
    brand: str | None = about("Brand.")
    variant: str | None = about("Colour, size or other variant.")
    price: float | None = about("Price of one.")
    quantity: float | None = about("How many.")
    coupon: str | None = about("Coupon code that applies to the product.")
    position: float | None = about("Place in the list.")
    url: str | None = about("Address of its page.")
    image_url: str | None = about("Address of its picture.")


class _Promotion(SpecEvent, abstract=True):
    promotion_id: str | None = about("Id of the promotion.")
    creative: str | None = about("Banner or text that was used.")
    name: str | None = about("Name of the promotion.")
    position: str | None = about("Place on the page.")


class _CheckoutStep(SpecEvent, abstract=True):
    checkout_id: str | None = about("Id of the checkout.")
    step: float | None = about("Number of the step.")
    shipping_method: str | None = about("Way of shipping that was chosen.")
    payment_method: str | None = about("Way of paying that was chosen.")


class _Order(SpecEvent, abstract=True):
    order_id: str | None = about("Id of the order.")
    affiliation: str | None = about("Shop or partner that took the order.")
    revenue: float | None = about("Sum of the products, without shipping and tax.")
    shipping: float | None = about("Cost of shipping.")
    tax: float | None = about("Tax.")
    discount: float | None = about("What was taken off.")
    coupon: str | None = about("Coupon that was used.")
    currency: str | None = about("Currency, as ISO 4217 has it.")
    products: list[Product] | None = about("The products of the order.")


class _Coupon(SpecEvent, abstract=True):
    order_id: str | None = about("Id of the order, if there is one yet.")
    cart_id: str | None = about("Id of the cart, if there is one.")
    coupon_id: str | None = about("Id of the coupon.")


class _Sharing(SpecEvent, abstract=True):
    share_via: str | None = about("Way it was shared.")
    share_message: str | None = about("What the sender wrote.")
    recipient: str | None = about("Who got it.")


class ProductsSearched(SpecEvent, name="Products Searched"):
    """Somebody looked for products."""

    query: str | dict[str, Any] | None = about("What was looked for.")


class ProductListViewed(SpecEvent, name="Product List Viewed"):
    """Somebody saw a list of products or a category."""

    list_id: str | None = about("Id of the list.")
    category: str | None = about("Category of the list.")
    products: list[Product] | None = about("The products in it.")


class ProductListFiltered(SpecEvent, name="Product List Filtered"):
    """Somebody narrowed or sorted a list."""

    list_id: str | None = about("Id of the list.")
    category: str | None = about("Category of the list.")
    filters: list[Selection] | None = about("Filters in effect.")
    sorts: list[Selection] | None = about("Orders in effect.")
    products: list[Product] | None = about("The products in it.")


class PromotionViewed(_Promotion, name="Promotion Viewed"):
    """Somebody saw a promotion."""


class PromotionClicked(_Promotion, name="Promotion Clicked"):
    """Somebody followed a promotion."""


class ProductClicked(_OneProduct, name="Product Clicked"):
    """Somebody chose a product in a list."""


class ProductViewed(_OneProduct, name="Product Viewed"):
    """Somebody saw the page of a product."""

    currency: str | None = about("Currency, as ISO 4217 has it.")
    value: float | None = about("Price times quantity.")


class ProductAdded(_OneProduct, name="Product Added"):
    """Somebody put a product into the cart."""

    cart_id: str | None = about("Id of the cart.")


class ProductRemoved(_OneProduct, name="Product Removed"):
    """Somebody took a product out of the cart."""

    cart_id: str | None = about("Id of the cart.")


class CartViewed(SpecEvent, name="Cart Viewed"):
    """Somebody looked at the cart."""

    cart_id: str | None = about("Id of the cart.")
    products: list[Product] | None = about("The products in it.")


class CheckoutStarted(_Order, name="Checkout Started"):
    """Somebody began to check out."""

    value: float | None = about("Revenue with discounts and coupons.")


class CheckoutStepViewed(_CheckoutStep, name="Checkout Step Viewed"):
    """Somebody saw a step of the checkout."""


class CheckoutStepCompleted(_CheckoutStep, name="Checkout Step Completed"):
    """Somebody finished a step of the checkout."""


class PaymentInfoEntered(_CheckoutStep, name="Payment Info Entered"):
    """Somebody said how to pay."""

    order_id: str | None = about("Id of the order, if there is one yet.")


class OrderUpdated(_Order, name="Order Updated"):
    """An order was changed."""

    total: float | None = about("Revenue with discounts and coupons.")


class OrderCompleted(_Order, name="Order Completed"):
    """An order was made."""

    checkout_id: str | None = about("Id of the checkout.")
    subtotal: float | None = about("Sum after discounts, before tax and shipping.")
    total: float | None = about("Subtotal with shipping and tax.")


class OrderRefunded(_Order, name="Order Refunded"):
    """An order was paid back; with what was said when it was made."""

    checkout_id: str | None = about("Id of the checkout.")
    subtotal: float | None = about("Sum after discounts, before tax and shipping.")
    total: float | None = about("Subtotal with shipping and tax.")


class OrderCancelled(_Order, name="Order Cancelled"):
    """An order was called off."""

    total: float | None = about("Revenue with discounts and coupons.")


class CouponEntered(_Coupon, name="Coupon Entered"):
    """Somebody typed a coupon."""


class CouponApplied(_Coupon, name="Coupon Applied"):
    """A coupon took effect."""

    coupon_name: str | None = about("Name of the coupon.")
    discount: float | None = about("What it takes off.")


class CouponDenied(_Coupon, name="Coupon Denied"):
    """A coupon was refused."""

    coupon_name: str | None = about("Name of the coupon.")
    reason: str | None = about("Why it was refused.")


class CouponRemoved(_Coupon, name="Coupon Removed"):
    """Somebody took a coupon off again."""

    coupon_name: str | None = about("Name of the coupon.")
    discount: float | None = about("What it took off.")


class _Wishlist(_OneProduct, abstract=True):
    wishlist_id: str | None = about("Id of the wishlist.")
    wishlist_name: str | None = about("Name of the wishlist.")


class ProductAddedToWishlist(_Wishlist, name="Product Added to Wishlist"):
    """Somebody put a product on a wishlist."""


class ProductRemovedFromWishlist(_Wishlist, name="Product Removed from Wishlist"):
    """Somebody took a product off a wishlist."""


class WishlistProductAddedToCart(_Wishlist, name="Wishlist Product Added to Cart"):
    """Somebody put a product of a wishlist into the cart."""

    cart_id: str | None = about("Id of the cart.")


class ProductShared(_Sharing, name="Product Shared"):
    """Somebody told others about a product."""

    product_id: str | None = about("Id of the product in the shop's database.")
    sku: str | None = about("Stock keeping unit.")
    category: str | None = about("Category of the product.")
    name: str | None = about("Name of the product.")
    brand: str | None = about("Brand.")
    variant: str | None = about("Colour, size or other variant.")
    price: float | None = about("Price of one.")
    url: str | None = about("Address of its page.")
    image_url: str | None = about("Address of its picture.")


class SharedProduct(Part):
    """A product of a cart that is shared."""

    product_id: str | None = about("Id of the product in the shop's database.")


class CartShared(_Sharing, name="Cart Shared"):
    """Somebody showed others the cart."""

    cart_id: str | None = about("Id of the cart.")
    products: list[SharedProduct] | None = about("The products in it.")


class ProductReviewed(SpecEvent, name="Product Reviewed"):
    """Somebody reviewed a product."""

    product_id: str | None = about("Id of the product in the shop's database.")
    review_id: str | None = about("Id of the review.")
    review_body: str | None = about("What was written.")
    rating: str | None = about("Rating; a text in the specification.")


EVENTS: tuple[type[SpecEvent], ...] = (
    ProductsSearched,
    ProductListViewed,
    ProductListFiltered,
    PromotionViewed,
    PromotionClicked,
    ProductClicked,
    ProductViewed,
    ProductAdded,
    ProductRemoved,
    CartViewed,
    CheckoutStarted,
    CheckoutStepViewed,
    CheckoutStepCompleted,
    PaymentInfoEntered,
    OrderUpdated,
    OrderCompleted,
    OrderRefunded,
    OrderCancelled,
    CouponEntered,
    CouponApplied,
    CouponDenied,
    CouponRemoved,
    ProductAddedToWishlist,
    ProductRemovedFromWishlist,
    WishlistProductAddedToCart,
    ProductShared,
    CartShared,
    ProductReviewed,
)
