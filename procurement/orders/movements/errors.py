"""Refusals about stock movements."""

from datetime import date

from procurement.errors import RefusedError


class FileTwiceError(RefusedError):
    """The hospital sent the same content before."""

    def __init__(self, *, file_id: int, file_name: str, sent_on: date) -> None:
        """Keep which file it is.

        Args:
            file_id: Of the content that is there.
            file_name: How it was called; empty where a machine sent it.
            sent_on: Day in China on which it was sent.
        """
        shown = f"“{file_name}”" if file_name else ""
        super().__init__(
            zh=f"相同内容已于 {sent_on} 上传（第 {file_id} 号{shown}），不能重复上传；"
            "如需更正，请先用 3507 删除原记录。没有保存任何内容。",
            en=f"The same content was sent on {sent_on} (number {file_id}{shown}) and cannot be "
            "sent twice; to correct it, delete its records (3507) first. Nothing was stored.",
        )
        self.file_id = file_id
