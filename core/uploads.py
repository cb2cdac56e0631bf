"""How large a file a view takes, known before the file has arrived."""

from collections.abc import Callable
from typing import TypeVar

from django.core.files.uploadhandler import FileUploadHandler

View = TypeVar("View", bound=Callable[..., object])
FILES_LIMIT = "takes_files_up_to"


def takes_files(setting: str) -> Callable[[View], View]:
    """Marks a view that is sent files of at most as many bytes as the setting called `setting` says."""

    def mark(view: View) -> View:
        setattr(view, FILES_LIMIT, setting)
        return view

    return mark


class UploadLimit(FileUploadHandler):
    """Lets a file through up to the first piece beyond `most` bytes and drops the rest of it.

    What arrives is then larger than allowed, so whoever checks its size refuses it, and says so beside the field.
    """

    def __init__(self, most: int) -> None:
        super().__init__()
        self.most = most

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        """The piece, for the handler that keeps it; None once there is too much."""
        return raw_data if start <= self.most else None

    def file_complete(self, file_size: int) -> None:
        """Leaves the file to the handler that kept it."""
