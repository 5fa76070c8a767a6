"""Staff: who they are on the page, what they wear, and following them."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from lockstitch.coordinates import counting
from lockstitch.coordinates import queries as coordinates
from lockstitch.coordinates.queries import Author, Wanted
from lockstitch.kernel.ids import digest, new_token
from lockstitch.looks.origin import by_origin
from lockstitch.storefront.keeping import kept
from lockstitch.storefront.shell import shell
from lockstitch.storefront.visitor import (
    follow_token,
    followed_ids,
    follows,
    member_id,
    remember_follows,
)
from lockstitch.tenancy.requests import SiteRequest


@require_safe
def listing(request: SiteRequest) -> HttpResponse:
    """Everybody who shows outfits; those that this visitor follows first."""
    followed = followed_ids(request)
    people = sorted(coordinates.authors(), key=lambda one: one.id not in followed)
    context = shell(request, authors=people, followed=followed)
    return render(request, "storefront/authors.html", context)


@require_safe
@kept()
def show(request: SiteRequest, slug: str) -> HttpResponse:
    author = _found(slug)
    page = coordinates.listed(Wanted(author=slug), after=request.GET.get("after", "")[:80])
    context = shell(request, author=author, page=page, wanted=Wanted(author=slug))
    return render(request, "storefront/author.html", context)


@by_origin
@require_POST
def follow(request: SiteRequest, slug: str) -> HttpResponse:
    author, member = _found(slug), member_id(request)
    token = follow_token(request) or new_token()
    whose = {"member_id": member, "token_digest": None if member else digest(token)}
    if request.POST.get("out"):
        counting.unfollow(author.id, **whose)  # type: ignore[arg-type]
    else:
        counting.follow(author.id, **whose)  # type: ignore[arg-type]
    response = redirect("author", slug)
    if member is None:
        remember_follows(response, token)
    return response


def _found(slug: str) -> Author:
    author = coordinates.find_author(slug)
    if author is None:
        raise Http404
    return author


def followed(request: SiteRequest) -> list[Author]:
    """Whom this visitor follows and who has not left, the last first."""
    return coordinates.followed_authors(follows(request))
