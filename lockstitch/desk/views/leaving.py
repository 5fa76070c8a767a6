"""退会: what goes, what stays and why; then the password once more."""

from django import forms
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from lockstitch.coordinates.counting import forget as forget_follows
from lockstitch.desk.forms import PlainForm, SignInForm
from lockstitch.desk.views.addresses import signed_in
from lockstitch.desk.visitor import caller, forget
from lockstitch.kernel.errors import Refused
from lockstitch.members import actions as members
from lockstitch.members.queries import points_of
from lockstitch.orders.queries import orders_of_member
from lockstitch.sealed import reading
from lockstitch.tenancy.requests import SiteRequest
from lockstitch.wishes.interests import forget as forget_interests

ORDERS_MAX = 1_000


class LeaveForm(PlainForm):
    password = SignInForm.base_fields["password"]
    understood = forms.BooleanField()


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def leave(request: SiteRequest) -> HttpResponse:
    """Open orders come first: they are sent or cancelled before their buyer can go."""
    who = caller(request)
    me = reading.ask(who, reading.WhoAmI())
    if me.kind != "member":
        return redirect("sign_in")
    orders = orders_of_member(me.principal_id, limit=ORDERS_MAX)
    waiting = [order for order in orders if order.status == "placed"]
    form = LeaveForm(request.POST or None)
    if request.method == "POST" and waiting:
        form.add_error(None, _("You have open orders. Please wait for them, or cancel them."))
    elif form.is_valid():
        try:
            with transaction.atomic():  # a guard that says no takes the shop's half back
                members.close(me.principal_id)
                forget_follows(me.principal_id)
                forget_interests(me.principal_id)
                reading.ask(who, reading.CloseAccount(password=form.cleaned_data["password"]))
            response = redirect(f"{request.shop_origin}/goodbye/")
            forget(response)
            return response
        except reading.Denied as denied:
            if denied.code != "credentials":
                raise
            form.add_error("password", str(denied))
        except Refused as refused:
            form.add_error(None, str(refused))
    context = {
        "form": form, "waiting": waiting, "points": points_of(me.principal_id),
        "orders": orders,
    }  # fmt: skip
    return render(request, "desk/leave.html", context, status=422 if form.errors else 200)
