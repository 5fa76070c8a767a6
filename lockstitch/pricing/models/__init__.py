"""Terms, promotions with their coupons, and the gates of early sales."""

from lockstitch.pricing.models.gates import SaleGate as SaleGate
from lockstitch.pricing.models.promotions import Coupon as Coupon
from lockstitch.pricing.models.promotions import CouponGrant as CouponGrant
from lockstitch.pricing.models.promotions import CouponUse as CouponUse
from lockstitch.pricing.models.promotions import Promotion as Promotion
from lockstitch.pricing.models.terms import Terms as Terms
