"""Who works here: the operator of this session, the site they are at, and what they may do."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from lockstitch.access.queries import find_operator
from lockstitch.access.rules import may
from lockstitch.kernel.clock import now
from lockstitch.looks.doors import source_of
from lockstitch.orders.actions import By
from lockstitch.sealed.sessions import holds
from lockstitch.tenancy.queries import Site, find_site, sites_of
from lockstitch.tenancy.requests import SiteRequest
from lockstitch.tenancy.scope import scope

View = Callable[..., HttpResponseBase]
SESSION_S, IDLE_S = 60 * 60 * 8, 60 * 30
SEEN_EVERY_S = 60  # so that not each page is a write


@dataclass(frozen=True)
class Worker:
    id: UUID
    handle: str
    role: str
    site_ids: tuple[UUID, ...]

    @property
    def by(self) -> By:
        return By("operator", self.id)

    def may(self, verb: str) -> bool:
        return may(self.role, verb)


class WorkRequest(SiteRequest):
    """What `signed_in` and `at_site` add."""

    worker: Worker
    work_sites: list[Site]
    work_site: Site


def begin_work(request: SiteRequest, operator_id: UUID, session_id: UUID) -> None:
    """From here on for eight hours at most, for half an hour without a page, and no longer than the
    guard's session of that id."""
    at = now().timestamp()
    kept = {"operator": str(operator_id), "guard": str(session_id), "began": at, "seen": at}
    request.session.update(kept)
    request.session.set_expiry(SESSION_S)


def find_worker(request: SiteRequest) -> Worker | None:
    """The operator or staff of this session, when still active, and while it is good."""
    kept, at = request.session.get("operator"), now().timestamp()
    found = find_operator(UUID(kept)) if kept else None
    if found is None:
        return None
    began, seen = request.session.get("began", 0), request.session.get("seen", 0)
    is_over = at - began > SESSION_S or at - seen > IDLE_S
    is_over = is_over or began < found.sessions_from.timestamp()
    if is_over or not holds(request.session.get("guard", ""), source_of(request)):
        request.session.flush()
        return None
    if at - seen > SEEN_EVERY_S:
        request.session["seen"] = at
    return Worker(found.id, found.handle, found.role, tuple(found.site_ids))


def signed_in(view: View) -> View:
    """Sends whoever is not signed in to the desk."""

    @wraps(view)
    def guarded(request: WorkRequest, **names: object) -> HttpResponseBase:
        worker = find_worker(request)
        if worker is None:
            return redirect(f"{request.desk_origin}/sign-in/")
        request.worker = worker
        request.work_sites = sites_of(list(worker.site_ids))
        response = view(request, **names)
        response["Cache-Control"] = "no-store"
        return response

    return guarded


def at_site(verb: str) -> Callable[[View], View]:
    """The view runs in the scope of the site in its path; not yours looks like not there."""

    def decorate(view: View) -> View:
        @signed_in
        @wraps(view)
        def guarded(request: WorkRequest, slug: str, **names: object) -> HttpResponseBase:
            site = find_site(slug)
            if site is None or site.id not in request.worker.site_ids:
                raise Http404
            if not request.worker.may(verb):
                raise PermissionDenied
            request.work_site = site
            with scope(site.id):
                return view(request, **names)

        return guarded

    return decorate
