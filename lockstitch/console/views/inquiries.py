"""お問い合わせ: what waits to be answered; the words themselves stand in the desk's frame."""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from lockstitch.console.worker import WorkRequest, at_site
from lockstitch.content import inquiries


@require_safe
@at_site("orders.see")
def listing(request: WorkRequest) -> HttpResponse:
    state = "answered" if request.GET.get("state") == "answered" else "open"
    rows, after = inquiries.inquiries(state=state, after=request.GET.get("after", "")[:40])
    context = {"rows": rows, "next": after, "state": state}
    return render(request, "console/inquiries.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@at_site("orders.see")
def show(request: WorkRequest, inquiry_id: UUID) -> HttpResponse:
    found = inquiries.find_inquiry(inquiry_id)
    if found is None:
        raise Http404
    may_answer = request.worker.may("inquiries.answer")
    if request.method == "POST" and not may_answer:
        raise PermissionDenied
    if request.method == "POST":
        inquiries.close(inquiry_id, by=request.worker.id, again=request.POST.get("do") == "again")
        return redirect("console_inquiries", request.work_site.slug)
    return render(request, "console/inquiry.html", {"inquiry": found, "may_answer": may_answer})
