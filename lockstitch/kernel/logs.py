"""Logs carry no personal datum: a traceback's values, a query string or a form can."""

import logging
from urllib.parse import quote


class WithoutRequest(logging.Filter):
    """Keeps the error's class and place, drops its text: a message may quote what was typed."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.exc_info and record.exc_info[1] is not None:
            error = record.exc_info[1]
            place = error.__traceback__
            while place is not None and place.tb_next is not None:
                place = place.tb_next
            where = f"{place.tb_frame.f_code.co_filename}:{place.tb_lineno}" if place else "unknown"
            record.msg = f"{type(error).__name__} at {where}"
            record.args = None
            record.exc_info = None
            record.exc_text = None
        elif record.name.startswith("django.request"):
            request = getattr(record, "request", None)
            path = quote(getattr(request, "path", ""), safe="/:@")  # one line, whatever it holds
            record.msg = f"{getattr(record, 'status_code', '')} {path}"
            record.args = None
        return True
