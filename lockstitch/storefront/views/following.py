"""Staff: who they are on the page, what they wear, and following them."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from lockstitch.coordinates import counting
from lockstitch.coordinates import queries as coordinates
from lockstitch.coordinates.queries import Author, Wanted
from lockstitch.kernel.ids import digest, new_token
from lockstitch.storefront.shell import shell
from lockstitch.storefront.visitor import follow_token, member_id, remember_follows
from lockstitch.tenancy.requests import SiteRequest


@require_safe
def listing(request: SiteRequest) -> HttpResponse:
    """Everybody who shows outfits; those that this visitor follows first."""
    followed = _followed(request)
    people = sorted(coordinates.authors(), key=lambda one: one.id not in followed)
    context = shell(request, authors=people, followed=followed)
    return render(request, "storefront/authors.html", context)


@require_safe
def show(request: SiteRequest, slug: str) -> HttpResponse:
    author = _found(slug)
    page = coordinates.listed(Wanted(author=slug), after=request.GET.get("after", "")[:80])
    context = shell(
        request, author=author, page=page, wanted=Wanted(author=slug),
        is_followed=author.id in _followed(request),
    )  # fmt: skip
    return render(request, "storefront/author.html", context)


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
    return coordinates.followed_authors(_follows(request))


def _followed(request: SiteRequest) -> set[UUID]:
    return set(_follows(request).values_list("author_id", flat=True))


def _follows(request: SiteRequest) -> coordinates.Follows:
    token = follow_token(request)
    return coordinates.follows(
        member_id=member_id(request), token_digest=digest(token) if token else None
    )
