# The 28 events of Segment's e-commerce spec (v2) and the traits of a customer.
#
# No resource is in this file: it only makes `local.rules`, the rules of the plan by their key.

# --- properties that many events share ---

locals {
  currency = {
    currency = { type = "string", description = "Currency, as ISO 4217 has it.", pattern = "^[A-Z]{3}$" }
  }

  coupon = {
    coupon = { type = "string", description = "Coupon code that is in effect." }
  }

  cart = {
    cart_id = { type = "string", description = "Id of the shopping cart." }
  }

  order = {
    order_id = { type = "string", description = "Id of the order." }
  }

  checkout = {
    checkout_id = { type = "string", description = "Id of the checkout." }
  }

  wishlist = {
    wishlist_id   = { type = "string", description = "Id of the wishlist." }
    wishlist_name = { type = "string", description = "Name that the visitor gave it." }
  }

  sharing = {
    share_via     = { type = "string", description = "Way it was shared: email, a network, a link." }
    share_message = { type = "string", description = "What the visitor wrote." }
    recipient     = { type = "string", description = "Who got it." }
  }

  product = {
    product_id = { type = "string", description = "Id of the product in the shop's database." }
    sku        = { type = "string", description = "Stock keeping unit." }
    category   = { type = "string", description = "Category that it was shown in." }
    name       = { type = "string", description = "Name of the product." }
    brand      = { type = "string", description = "Brand." }
    variant    = { type = "string", description = "Colour, size or other variant." }
    price      = { type = "number", description = "Price of one, in `currency`.", minimum = 0 }
    quantity   = { type = "integer", description = "How many.", minimum = 0 }
    coupon     = { type = "string", description = "Coupon code that applies to the product." }
    position   = { type = "integer", description = "Place in the list, from 1.", minimum = 1 }
    url        = { type = "string", description = "Address of its page." }
    image_url  = { type = "string", description = "Address of its picture." }
  }

  products = {
    products = {
      type        = "array"
      description = "The products."
      items = {
        type       = "object"
        properties = local.product
      }
    }
  }

  one_product = merge(local.product, local.currency, {
    value = { type = "number", description = "Price times quantity." }
  })

  product_list = merge({
    list_id  = { type = "string", description = "Id of the list." }
    category = { type = "string", description = "Category of the list." }
  }, local.products)

  promotion = {
    promotion_id = { type = "string", description = "Id of the promotion." }
    creative     = { type = "string", description = "Banner or text that was used." }
    name         = { type = "string", description = "Name of the promotion." }
    position     = { type = "string", description = "Place on the page." }
  }

  checkout_step = merge(local.checkout, {
    step            = { type = "integer", description = "Number of the step, from 1.", minimum = 1 }
    shipping_method = { type = "string", description = "Way of shipping that was chosen." }
    payment_method  = { type = "string", description = "Way of paying that was chosen." }
  })

  money = merge({
    total    = { type = "number", description = "What is paid in the end: revenue, shipping and tax, less discounts." }
    subtotal = { type = "number", description = "Sum of the products after discounts." }
    revenue  = { type = "number", description = "Sum of the products, without shipping and tax." }
    shipping = { type = "number", description = "Cost of shipping.", minimum = 0 }
    tax      = { type = "number", description = "Tax.", minimum = 0 }
    discount = { type = "number", description = "What was taken off.", minimum = 0 }
  }, local.currency, local.coupon)

  whole_order = merge(local.checkout, local.order, {
    affiliation = { type = "string", description = "Shop or partner that took the order." }
  }, local.money, local.products)

  coupon_use = merge(local.order, local.cart, {
    coupon_id   = { type = "string", description = "Id of the coupon." }
    coupon_name = { type = "string", description = "Name of the coupon." }
  })

  customer = {
    email      = { type = "string", description = "Address of the customer.", format = "email" }
    first_name = { type = "string", description = "First name." }
    last_name  = { type = "string", description = "Last name." }
    phone      = { type = "string", description = "Telephone number." }
    newsletter = {
      type        = "boolean"
      description = "Whether the newsletter is wanted."
    }
  }
}

# --- the events ---

locals {
  events = {
    # Browsing

    "Products Searched" = {
      description = "A visitor looked for products."
      required    = ["query"]
      properties = {
        query = { type = "string", description = "What was looked for." }
      }
    }

    "Product List Viewed" = {
      description = "A visitor saw a list or a category."
      required    = []
      properties  = local.product_list
    }

    "Product List Filtered" = {
      description = "A visitor narrowed or sorted a list."
      required    = []
      properties = merge(local.product_list, {
        filters = {
          type        = "array"
          description = "Filters in effect."
          items = {
            type = "object"
            properties = {
              type  = { type = "string", description = "What is filtered." }
              value = { type = "string", description = "What is kept." }
            }
          }
        }
        sorts = {
          type        = "array"
          description = "Orders in effect."
          items = {
            type = "object"
            properties = {
              type  = { type = "string", description = "What is sorted by." }
              value = { type = "string", description = "Which way." }
            }
          }
        }
      })
    }

    # Promotions

    "Promotion Viewed" = {
      description = "A visitor saw a promotion."
      required    = ["promotion_id"]
      properties  = local.promotion
    }

    "Promotion Clicked" = {
      description = "A visitor followed one."
      required    = ["promotion_id"]
      properties  = local.promotion
    }

    # Ordering

    "Product Clicked" = {
      description = "A visitor chose a product."
      required    = ["product_id"]
      properties  = local.one_product
    }

    "Product Viewed" = {
      description = "A visitor saw its page."
      required    = ["product_id"]
      properties  = local.one_product
    }

    "Product Added" = {
      description = "A visitor put a product into the cart."
      required    = ["product_id"]
      properties  = merge(local.cart, local.one_product)
    }

    "Product Removed" = {
      description = "A visitor took a product out of the cart."
      required    = ["product_id"]
      properties  = merge(local.cart, local.one_product)
    }

    "Cart Viewed" = {
      description = "A visitor looked at the cart."
      required    = []
      properties  = merge(local.cart, local.products)
    }

    "Checkout Started" = {
      description = "A visitor began to check out."
      required    = []
      properties = merge(local.whole_order, {
        value = { type = "number", description = "Value of the cart." }
      })
    }

    "Checkout Step Viewed" = {
      description = "A visitor saw a step."
      required    = ["step"]
      properties  = local.checkout_step
    }

    "Checkout Step Completed" = {
      description = "A visitor finished it."
      required    = ["step"]
      properties  = local.checkout_step
    }

    "Payment Info Entered" = {
      description = "A visitor said how to pay."
      required    = []
      properties  = merge(local.checkout_step, local.order)
    }

    "Order Completed" = {
      description = "A visitor bought."
      required    = ["order_id", "total", "currency", "products"]
      properties  = local.whole_order
    }

    "Order Updated" = {
      description = "An order was changed."
      required    = ["order_id"]
      properties  = local.whole_order
    }

    "Order Refunded" = {
      description = "An order was paid back."
      required    = ["order_id"]
      properties  = local.whole_order
    }

    "Order Cancelled" = {
      description = "An order was called off."
      required    = ["order_id"]
      properties  = local.whole_order
    }

    # Coupons

    "Coupon Entered" = {
      description = "A visitor typed a coupon."
      required    = ["coupon_id"]
      properties  = local.coupon_use
    }

    "Coupon Applied" = {
      description = "A coupon took effect."
      required    = ["coupon_id"]
      properties = merge(local.coupon_use, {
        discount = { type = "number", description = "What it takes off.", minimum = 0 }
      })
    }

    "Coupon Denied" = {
      description = "A coupon was refused."
      required    = ["coupon_id", "reason"]
      properties = merge(local.coupon_use, {
        reason = { type = "string", description = "Why." }
      })
    }

    "Coupon Removed" = {
      description = "A coupon was taken off again."
      required    = ["coupon_id"]
      properties = merge(local.coupon_use, {
        discount = { type = "number", description = "What it took off.", minimum = 0 }
      })
    }

    # Wishlists

    "Product Added to Wishlist" = {
      description = "A visitor wants it later."
      required    = ["product_id"]
      properties  = merge(local.wishlist, local.one_product)
    }

    "Product Removed from Wishlist" = {
      description = "A visitor no longer wants it."
      required    = ["product_id"]
      properties  = merge(local.wishlist, local.one_product)
    }

    "Wishlist Product Added to Cart" = {
      description = "A visitor wants it now."
      required    = ["product_id"]
      properties  = merge(local.wishlist, local.cart, local.one_product)
    }

    # Shared

    "Product Shared" = {
      description = "A visitor told somebody about a product."
      required    = ["product_id", "share_via"]
      properties  = merge(local.sharing, local.product)
    }

    "Cart Shared" = {
      description = "A visitor showed somebody the cart."
      required    = ["share_via"]
      properties  = merge(local.sharing, local.cart, local.products)
    }

    # Reviews

    "Product Reviewed" = {
      description = "A visitor said what a product is like."
      required    = ["product_id", "rating"]
      properties = {
        product_id  = local.product.product_id
        review_id   = { type = "string", description = "Id of the review." }
        review_body = { type = "string", description = "What was written." }
        rating      = { type = "number", description = "Stars.", minimum = 0, maximum = 5 }
      }
    }
  }
}

# --- as rules of a tracking plan ---

locals {
  draft = "http://json-schema.org/draft-07/schema#"

  rules = merge(
    {
      for name, event in local.events : "TRACK:${name}" => {
        json_schema = jsonencode(merge(
          {
            "$schema"   = local.draft
            type        = "object"
            description = event.description
            properties = {
              properties = merge(
                { type = "object", properties = event.properties },
                length(event.required) > 0 ? { required = sort(event.required) } : null,
              )
            }
          },
          length(event.required) > 0 ? { required = ["properties"] } : null,
        ))
      }
    },
    {
      IDENTIFY = {
        json_schema = jsonencode({
          "$schema"  = local.draft
          type       = "object"
          properties = { traits = { type = "object", properties = local.customer } }
        })
      }
    },
  )
}
