"""Notices to organisations, and the tasks that wait for them."""

from procurement.notices.service import mark_read, notices_of, notify, notify_all
from procurement.notices.task import Task

__all__ = ["Task", "mark_read", "notices_of", "notify", "notify_all"]
