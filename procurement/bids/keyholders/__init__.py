"""Keys of a round: the holders', the platform's, the manifest that names them, the rehearsal."""
