"""Keeps secrets out of the logs, whatever level the person who runs the suite asks for."""

import logging
import traceback
from typing import Any, Final

from harness.wire.redaction import REDACTION

_WRITE_HEADERS: Final = ("h11", "h2", "hpack", "httpcore", "httpx", "selenium", "urllib3")
"""Loggers that write whole headers at DEBUG, also those with secrets that nobody knows yet (Set-Cookie)."""


def mask_logs() -> None:
    """Mask every log record from now on, and keep the loggers of the wire at INFO. Connections log a line per call."""
    for name in _WRITE_HEADERS:
        logging.getLogger(name).setLevel(logging.INFO)
    logging.setLogRecordFactory(_masked_record)


def _masked_record(*arguments: Any, **options: Any) -> logging.LogRecord:
    record = logging.LogRecord(*arguments, **options)
    record.msg, record.args = REDACTION.mask_log(_message(record)), None
    if record.exc_info and record.exc_info[0]:
        record.exc_text = REDACTION.mask_log("".join(traceback.format_exception(*record.exc_info)).rstrip())
    return record


def _message(record: logging.LogRecord) -> str:
    try:
        return record.getMessage()
    except (TypeError, ValueError, KeyError):  # arguments that do not fit their text
        return f"{record.msg} {record.args}"
