"""Uploads, received into files without a name: nobody else can open them, and they end with their process."""

from __future__ import annotations

import tempfile
from typing import IO, Any

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload

from baoxue.platform import storage

MOST_BYTES = 500_000_000


class PrivateUploadHandler(FileUploadHandler):
    """Receives each file of a request into the private scratch. One that is too large is as if it had not been sent."""

    _file: IO[bytes]
    _taken = 0

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begin a file."""
        super().new_file(*args, **kwargs)
        self._file = tempfile.TemporaryFile(dir=storage.scratch_folder())  # noqa: SIM115  (handed on with the request)
        self._taken = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Take a piece; nothing is left for other handlers."""
        self._taken += len(raw_data)
        if self._taken > MOST_BYTES:
            self._file.close()
            raise StopUpload
        self._file.write(raw_data)

    def file_complete(self, file_size: int) -> UploadedFile[bytes]:
        """Hand the file over, at its beginning; it closes with the request."""
        self._file.seek(0)
        return UploadedFile(
            self._file, self.file_name, self.content_type, file_size, self.charset, self.content_type_extra
        )

    def upload_interrupted(self) -> None:
        """Whoever sent it went away."""
        self._file.close()
