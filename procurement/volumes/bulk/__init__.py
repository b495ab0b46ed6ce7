"""Many reports in one file: streamed, idempotent, resumable, with progress."""
