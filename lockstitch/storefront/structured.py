"""What search engines are told of a product, in schema.org's words (JSON-LD)."""

import json
from typing import Any

from django.urls import reverse
from django.utils.html import strip_tags
from django.utils.safestring import SafeString

from lockstitch.catalogue.own_sizes import meaning
from lockstitch.catalogue.queries import Category, ColourView, ProductView, Sku
from lockstitch.catalogue.size_tables import SizeTable
from lockstitch.kernel.clock import now
from lockstitch.kernel.text import localised
from lockstitch.looks.templatetags.looks import largest
from lockstitch.pricing.queries import Terms

_SAFE = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"})
GENDERS = {"women": "female", "men": "male", "unisex": "unisex"}
STATES = {"in": "InStock", "few": "LimitedAvailability", "out": "OutOfStock", "pre": "PreOrder"}


def script(data: object) -> SafeString:
    """As the text of a script element: no tag can end it."""
    return SafeString(json.dumps(data, ensure_ascii=False).translate(_SAFE))


def crumbs(origin: str, path: list[Category], name: str) -> dict[str, Any]:
    steps = [(localised(c.name), f"{origin}{reverse('category', args=[c.slug])}") for c in path]
    return {
        "@context": "https://schema.org", "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": n, "name": text, **({"item": url} if url else {})}
            for n, (text, url) in enumerate([*steps, (name, "")], 1)
        ],
    }  # fmt: skip


def product_group(
    origin: str, view: ProductView, words: dict[str, str], terms: Terms, own: SizeTable | None
) -> dict[str, Any]:
    """The product with a variant for each SKU. `words`: SKU's id -> in, few, out or pre.
    `own`: what the brand's sizes mean."""
    product = view.product
    named = localised(product.name)
    data: dict[str, Any] = {
        "@context": "https://schema.org", "@type": "ProductGroup", "name": named,
        "productGroupID": product.item_number, "url": f"{origin}{page_of(view)}",
        "description": strip_tags(localised(product.description))[:500],
        "variesBy": ["https://schema.org/color", "https://schema.org/size"],
        "hasVariant": [
            _variant(
                origin, view, colour, size=meaning(own, cell.size.label), sku=cell.sku,
                words=words, terms=terms,
            )
            for colour in view.colours
            for cell in colour.cells
            if cell.sku
        ],
    }  # fmt: skip
    if product.brand:
        data["brand"] = {"@type": "Brand", "name": product.brand}
    if material := localised(product.material):
        data["material"] = material
    if product.gender in GENDERS:
        data["audience"] = {
            "@type": "PeopleAudience", "suggestedGender": GENDERS[product.gender],
        }  # fmt: skip
    return data


def _variant(
    origin: str, view: ProductView, colour: ColourView, *, size: str, sku: Sku,
    words: dict[str, str], terms: Terms,
) -> dict[str, Any]:  # fmt: skip
    name = localised(colour.colour.name)
    data: dict[str, Any] = {
        "@type": "Product", "name": f"{localised(view.product.name)} {name} {size}",
        "sku": sku.code, "color": name,
        "size": {"@type": "SizeSpecification", "name": size},
        "url": f"{origin}{page_of(view, colour)}",
        "offers": {
            "@type": "Offer", "url": f"{origin}{page_of(view, colour)}", "priceCurrency": "JPY",
            "price": sku.price_at(now()), "itemCondition": "https://schema.org/NewCondition",
            "availability": f"https://schema.org/{STATES[words.get(str(sku.pk), 'out')]}",
            "hasMerchantReturnPolicy": _returns(view, terms), "shippingDetails": _shipping(terms),
        },
    }  # fmt: skip
    if sku.gtin:
        data[f"gtin{len(sku.gtin)}"] = sku.gtin
    if shots := [shot for shot in colour.pictures if shot.renditions]:
        data["image"] = [f"{origin}/media/{largest(shot)}" for shot in shots[:5]]
    return data


def _returns(view: ProductView, terms: Terms) -> dict[str, Any]:
    kind = "MerchantReturnNotPermitted"
    if terms.return_days and not view.product.is_final_sale:
        fee = "ReturnFeesCustomerResponsibility" if terms.return_fee_yen else "FreeReturn"
        return {
            "@type": "MerchantReturnPolicy", "applicableCountry": "JP",
            "returnPolicyCategory": "https://schema.org/MerchantReturnFiniteReturnWindow",
            "merchantReturnDays": terms.return_days, "returnFees": f"https://schema.org/{fee}",
            "returnMethod": "https://schema.org/ReturnByMail",
        }  # fmt: skip
    return {
        "@type": "MerchantReturnPolicy", "applicableCountry": "JP",
        "returnPolicyCategory": f"https://schema.org/{kind}",
    }  # fmt: skip


def _shipping(terms: Terms) -> dict[str, Any]:
    return {
        "@type": "OfferShippingDetails",
        "shippingRate": {
            "@type": "MonetaryAmount", "value": terms.shipping_yen, "currency": "JPY",
        },
        "shippingDestination": {"@type": "DefinedRegion", "addressCountry": "JP"},
    }  # fmt: skip


def page_of(view: ProductView, colour: ColourView | None = None) -> str:
    if colour is None or colour is view.colours[0]:
        return reverse("product", args=[view.product.slug])
    return reverse("product_colour", args=[view.product.slug, colour.colour.code])
